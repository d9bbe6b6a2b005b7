// Asks a director why and until when, and closes; opens again what was closed. What has changed comes back with the events.

/** @import { TodayPause } from "../types.js" */

import * as api from "../api.js";
import { t } from "../i18n.js";
import { endOfDay, instant, now, wallText } from "../time.js";
import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";
import { READY_REASONS, sentence } from "../words.js";
import { choice } from "./choice.js";

/** @typedef {(typeof READY_REASONS)[number] | "other"} Why */
/** @typedef {"quarter" | "hour" | "day" | "time"} End */
/** @typedef {{id: string, name: string}} Named */
/** @typedef {{kindergarten: string, zone: string, group?: Named, camera?: Named}} Target Everything where neither is named. */

/** @type {Why[]} */
const REASONS = [...READY_REASONS, "other"];
/** @type {End[]} */
const ENDS = ["quarter", "hour", "day", "time"];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LONGEST_MS = 30 * 24 * HOUR_MS;

export class Closing extends HTMLElement {
  /** @type {Target | null} */
  #target = null;
  /** Nothing is chosen for the director: parents read the reason. @type {Why | ""} */
  #why = "";
  #words = "";
  /** @type {End} */
  #end = "hour";
  /** The chosen time by the kindergarten's clock. */
  #time = "";
  #busy = false;
  /** @type {api.Problem | null} */
  #problem = null;

  connectedCallback() {
    this.#draw();
  }

  /** @param {Target} target */
  ask(target) {
    this.#target = target;
    this.#why = "";
    this.#words = "";
    this.#end = "hour";
    this.#time = wallText(now() + 2 * HOUR_MS, target.zone);
    this.#problem = null;
    this.#draw();
    this.#dialog.showModal();
  }

  /** @param {TodayPause[]} pauses */
  async openAgain(pauses) {
    await this.#try(() => Promise.all(pauses.map(({ id }) => api.openAgain(id))));
  }

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.querySelector("dialog"));
  }

  #draw() {
    const target = this.#target;
    render(
      html`
        <p class="sheet-word" role="alert">${target ? nothing : this.#word()}</p>
        <dialog class="sheet closing" aria-labelledby="closing-title" @close=${() => this.#closed()}>${target ? this.#form(target) : nothing}</dialog>
      `,
      this,
    );
  }

  /** @param {Target} target */
  #form({ group, camera, zone }) {
    const until = this.#until(zone);
    return html`
      <form method="post" @submit=${(/** @type {SubmitEvent} */ event) => this.#submit(event)}>
        <h2 id="closing-title">${title(group, camera)}</h2>
        <p class="sheet-note">${t("closing.text")}</p>
        <h3>${t("closing.reason")}</h3>
        ${choice({
          label: t("closing.reason"),
          chosen: this.#why,
          options: REASONS.map((id) => ({ id, text: t(`pause.${id}`) })),
          onchoose: (id) => this.#choose(id, this.#end),
        })}
        ${this.#why === "other" ? this.#ownWords() : nothing}
        <h3>${t("closing.end")}</h3>
        ${choice({
          label: t("closing.end"),
          chosen: this.#end,
          options: ENDS.map((id) => ({ id, text: t(`end.${id}`) })),
          onchoose: (id) => this.#choose(this.#why, id),
        })}
        ${this.#end === "time" ? this.#ownTime(zone) : nothing}
        <p class="sheet-note closing-until" role="status">${Number.isNaN(until) ? nothing : t("closing.until", { until: moment(text(until), zone) })}</p>
        <div class="sheet-buttons">
          <p class="sheet-word" role="alert">${this.#word()}</p>
          <button type="submit" class="primary" aria-disabled=${this.#busy}>${t(this.#busy ? "closing.busy" : "closing.confirm")}</button>
          <button type="button" class="quiet" @click=${() => this.#dialog.close()}>${t("sheet.cancel")}</button>
        </div>
      </form>
    `;
  }

  #ownWords() {
    const oninput = (/** @type {InputEvent & {target: HTMLInputElement}} */ { target }) => (this.#words = target.value);
    return html`
      <label for="closing-words">${t("closing.words")}</label>
      <input id="closing-words" type="text" maxlength="200" autocomplete="off" required .value=${this.#words} @input=${oninput} />
    `;
  }

  /** @param {string} zone */
  #ownTime(zone) {
    const oninput = (/** @type {InputEvent & {target: HTMLInputElement}} */ { target }) => {
      this.#time = target.value;
      this.#draw();
    };
    const [soonest, latest] = [wallText(now() + MINUTE_MS, zone), wallText(now() + LONGEST_MS, zone)];
    return html`
      <label for="closing-time">${t("closing.time")}</label>
      <input id="closing-time" type="datetime-local" required min=${soonest} max=${latest} .value=${this.#time} @input=${oninput} />
    `;
  }

  /**
   * @param {Why | ""} why
   * @param {End} end
   */
  #choose(why, end) {
    const other = why === "other" && this.#why !== "other";
    this.#why = why;
    this.#end = end;
    this.#problem = null;
    this.#draw();
    if (other) this.querySelector("input")?.focus();
  }

  /**
   * When it opens again, in ms since the epoch: on the minute, as it is said.
   * @param {string} zone
   */
  #until(zone) {
    const minute = Math.ceil(now() / MINUTE_MS) * MINUTE_MS;
    switch (this.#end) {
      case "quarter":
        return minute + 15 * MINUTE_MS;
      case "hour":
        return minute + HOUR_MS;
      case "day":
        return endOfDay(now(), zone);
      case "time":
        return instant(this.#time, zone);
    }
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    if (this.#busy || !this.#target) return;
    const { kindergarten, zone, group, camera } = this.#target;
    const reason = this.#why === "other" ? this.#words : this.#why;
    const until = this.#until(zone);
    const done = await this.#try(async () => {
      if (!reason.trim()) throw new api.Problem("bad_reason");
      if (Number.isNaN(until)) throw new api.Problem("bad_until");
      await api.closeViewing({ kindergarten, group: group?.id, camera: camera?.id, until: text(until), reason });
    });
    if (done) this.#dialog.close();
  }

  /**
   * Does what is asked and says what went wrong, if anything did; resolves with whether it was done.
   * @param {() => Promise<unknown>} work
   */
  async #try(work) {
    this.#busy = true;
    this.#problem = null;
    this.#draw();
    try {
      await work();
    } catch (error) {
      this.#problem = api.asProblem(error);
    }
    this.#busy = false;
    this.#draw();
    return this.#problem === null;
  }

  #word() {
    return this.#problem ? sentence(this.#problem.code, this.#problem.facts, this.#target?.zone ?? "UTC") : nothing;
  }

  #closed() {
    this.#target = null;
    this.#problem = null;
    this.#draw();
  }
}

/**
 * @param {Named} [group]
 * @param {Named} [camera]
 */
function title(group, camera) {
  if (group) return t("closing.group", { name: group.name });
  return camera ? t("today.close_camera", { name: camera.name }) : t("today.close_all");
}

/** @param {number} moment */
const text = (moment) => new Date(moment).toISOString();

customElements.define("tereze-closing", Closing);
