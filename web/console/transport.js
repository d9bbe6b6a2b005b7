// The day under the pictures: what was recorded, where there is nothing and why, what is held; and the buttons that move about in it.

/** @import { RecordedDay, RecordedCamera } from "./recordings.js" */

import { choice } from "../components/choice.js";
import { playIcon } from "../components/icons.js";
import { ticksBetween } from "../components/ticks.js";
import { t } from "../i18n.js";
import { instant, local, now, wallText } from "../time.js";
import { html, nothing, render, svg } from "../vendor/lit-html/lit-html.js";
import { pauseIcon, stepBackIcon, stepIcon } from "./transport-icons.js";
import { Replay } from "./replay.js";

/**
 * @typedef {object} Shows
 * @property {RecordedDay} day
 * @property {RecordedCamera[]} cameras Those that are looked at.
 * @property {string} zone
 * @property {number} at Where to begin.
 * @property {(at: number) => void} onmoved
 * @property {() => void} onopen Opens what is not opened yet.
 */

const HOUR_MS = 3_600_000;
const TEN_MS = 10_000;
const RATES = /** @type {const} */ (["0.5", "1", "2", "4", "8"]);

export class Transport extends HTMLElement {
  /** @type {Shows | null} */
  #shows = null;
  #at = NaN;
  #abort = new AbortController();

  /** @param {Shows} shows */
  set shows(shows) {
    if (shows.day !== this.#shows?.day || Number.isNaN(this.#at)) this.#at = shows.at;
    this.#shows = shows;
    this.#draw();
  }

  connectedCallback() {
    this.#abort = new AbortController();
    const moved = () => {
      if (this.#replay) this.#at = this.#replay.at;
      this.#shows?.onmoved(this.#at);
      this.#draw();
    };
    this.parentElement?.addEventListener("replaymoved", moved, { signal: this.#abort.signal });
  }

  disconnectedCallback() {
    this.#abort.abort();
  }

  /** What plays; null before anything is opened. */
  get #replay() {
    const found = this.parentElement?.querySelector("tereze-replay");
    return found instanceof Replay ? found : null;
  }

  /** @param {number} at */
  #seek(at) {
    const { start, end } = this.#span;
    this.#at = Math.min(Math.max(at, start), end - 1);
    if (this.#replay) return this.#replay.seek(this.#at);
    this.#shows?.onmoved(this.#at);
    this.#draw();
  }

  get #span() {
    const { day } = /** @type {Shows} */ (this.#shows);
    return { start: Date.parse(day.start), end: Date.parse(day.end) };
  }

  #toggle() {
    const replay = this.#replay;
    if (!replay) return this.#shows?.onopen();
    replay.playing ? replay.pause() : replay.play();
  }

  #draw() {
    if (!this.#shows) return;
    const { cameras, zone } = this.#shows;
    const { start, end } = this.#span;
    const hour = start + Math.floor((this.#at - start) / HOUR_MS) * HOUR_MS;
    render(
      html`
        ${this.#buttons()}
        <div class="strips">
          ${cameras.map((camera) => html`<p class="strip-name">${camera.name}</p>${strip(camera, { start, end }, this.#at)}`)}
          ${ticks(start, end, zone)}
          ${this.#slider("day", t("recordings.time_of_day"), start, end)}
        </div>
        <div class="strips">
          ${cameras.map((camera) => strip(camera, { start: hour, end: hour + HOUR_MS }, this.#at))}
          <div class="strip-ticks" aria-hidden="true"><span>${local(hour, zone).time}</span><span>${local(hour + HOUR_MS, zone).time}</span></div>
          ${this.#slider("hour", t("recordings.time_in_hour"), hour, hour + HOUR_MS)}
        </div>
      `,
      this,
    );
  }

  #buttons() {
    const replay = this.#replay;
    const playing = replay?.playing ?? false;
    const button = (/** @type {string} */ name, /** @type {string} */ label, /** @type {unknown} */ face, /** @type {() => void} */ onclick) =>
      html`<button type="button" class="quiet" data-does=${name} aria-label=${label} title=${label} @click=${onclick}>${face}</button>`;
    return html`
      <div class="transport">
        ${this.#clock()}
        <div class="transport-buttons" data-opened=${replay !== null} role="group" aria-label=${t("recordings.buttons")}>
          ${replay ? button("key-back", t("recordings.key_back"), stepBackIcon, () => replay.step(-1)) : nothing}
          ${button("back", t("recordings.back"), "−10", () => this.#seek(this.#at - TEN_MS))}
          <button type="button" class="primary" data-does="play" @click=${() => this.#toggle()}>
            ${playing ? pauseIcon : playIcon}<span>${t(playing ? "recordings.pause" : replay ? "recordings.play" : "recordings.open")}</span>
          </button>
          ${button("on", t("recordings.on"), "+10", () => this.#seek(this.#at + TEN_MS))}
          ${replay ? button("key", t("recordings.key"), stepIcon, () => replay.step(1)) : nothing}
        </div>
        ${
          replay
            ? choice({
                label: t("recordings.speed"),
                chosen: /** @type {(typeof RATES)[number]} */ (String(replay.rate)),
                options: RATES.map((id) => ({ id, text: `${id}×` })),
                onchoose: (id) => (replay.rate = Number(id)),
              })
            : nothing
        }
      </div>
    `;
  }

  /** The time as a field: whoever knows the second types it. */
  #clock() {
    const { zone } = /** @type {Shows} */ (this.#shows);
    const { time, seconds } = local(this.#at, zone);
    const onchange = (/** @type {Event & {target: HTMLInputElement}} */ { target }) => {
      const [hours, minutes, typed = "00"] = target.value.split(":");
      const minute = instant(`${wallText(this.#span.start, zone).slice(0, 10)}T${hours}:${minutes}`, zone);
      if (!Number.isNaN(minute)) this.#seek(minute + Number(typed) * 1_000);
      this.#draw();
    };
    return html`
      <div class="transport-clock">
        <label for="recordings-time" class="unseen">${t("recordings.time")}</label>
        <input id="recordings-time" type="time" step="1" .value=${`${time}:${seconds}`} @change=${onchange} />
      </div>
    `;
  }

  /**
   * @param {"day" | "hour"} name
   * @param {string} label
   * @param {number} start
   * @param {number} end
   */
  #slider(name, label, start, end) {
    const { zone } = /** @type {Shows} */ (this.#shows);
    const { time, seconds } = local(this.#at, zone);
    const oninput = (/** @type {InputEvent & {target: HTMLInputElement}} */ { target }) => this.#seek(start + Number(target.value) * 1_000);
    return html`
      <input
        class="strip-slider"
        type="range"
        name=${name}
        min="0"
        max=${(end - start) / 1_000}
        step=${name === "day" ? 10 : 1}
        aria-label=${label}
        aria-valuetext=${`${time}:${seconds}`}
        .value=${String(Math.round((this.#at - start) / 1_000))}
        @input=${oninput}
      />
    `;
  }
}

/**
 * What one camera has between two moments, with a mark at `at`.
 * @param {RecordedCamera} camera
 * @param {{start: number, end: number}} span
 * @param {number} at
 */
function strip({ recorded, gaps, holds }, { start, end }, at) {
  const x = (/** @type {number} */ moment) => Math.min(100, Math.max(0, ((moment - start) / (end - start)) * 100));
  const bar = (/** @type {string} */ kind, /** @type {number} */ from, /** @type {number} */ to, /** @type {string} */ y, /** @type {string} */ height) =>
    x(to) > x(from) ? svg`<rect class=${`strip-${kind}`} x=${`${x(from)}%`} width=${`${Math.max(0.15, x(to) - x(from))}%`} y=${y} height=${height} />` : nothing;
  return html`
    <svg class="strip" aria-hidden="true" focusable="false">
      <rect class="strip-ground" width="100%" height="100%" />
      ${recorded.map((stretch) => bar("recorded", Date.parse(stretch.start), Date.parse(stretch.end), "0", "100%"))}
      ${gaps.map((gap) => bar("gap", Date.parse(gap.start), gap.end ? Date.parse(gap.end) : now(), "30%", "40%"))}
      ${holds.map((hold) => bar("held", Date.parse(hold.start), Date.parse(hold.end), "82%", "18%"))}
      <line class="strip-at" x1=${`${x(at)}%`} x2=${`${x(at)}%`} y1="0" y2="100%" />
    </svg>
  `;
}

/**
 * @param {number} start
 * @param {number} end
 * @param {string} zone
 */
function ticks(start, end, zone) {
  const times = ticksBetween(0, (end - start) / 60_000).map((minutes) => start + minutes * 60_000);
  return html`
    <div class="strip-ticks" aria-hidden="true">
      ${times.map((moment) => html`<span>${moment === end ? "24:00" : local(moment, zone).time}</span>`)}
    </div>
  `;
}

customElements.define("tereze-transport", Transport);
