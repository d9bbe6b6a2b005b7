// A parent asks that a grandparent may look for some days, and sees what the director says.

/** @import { Me } from "../types.js" */

import * as api from "../api.js";
import { loading } from "../components/loading.js";
import { ask } from "../components/sheet.js";
import { t } from "../i18n.js";
import { refresh, resource } from "../resource.js";
import { local, now } from "../time.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { calendarDay } from "../when.js";
import { sentence } from "../words.js";

/**
 * @typedef {object} Guest
 * @property {string} id
 * @property {string} child
 * @property {string} name
 * @property {string} login
 * @property {string} from YYYY-MM-DD.
 * @property {string} to
 * @property {"approved" | "refused" | "withdrawn" | "lapsed" | null} outcome
 * @property {string | null} word
 */

const PATH = "guests";

/** How an answer looks. */
const TONES = { approved: "live", refused: "offline", withdrawn: "closed", lapsed: "closed" };

/** @param {Me} me */
export function guests(me) {
  /** @type {import("../resource.js").Resource<Guest[]>} */
  const { value, problem } = resource(PATH, null);
  const children = me.children.filter(({ restricted }) => !restricted);
  return html`
    <div class="page">
      <h1>${t("guests.title")}</h1>
      <p>${t("guests.text")}</p>
      ${children.length ? html`<p><button type="button" class="primary" @click=${() => askFor(me, children)}>${t("guests.ask")}</button></p>` : nothing}
      ${problem ? html`<p role="alert">${sentence(problem.code, problem.facts, "UTC")}</p>` : nothing}
      ${value ? list(value, me) : problem ? nothing : loading()}
    </div>
  `;
}

/**
 * @param {Guest[]} all
 * @param {Me} me
 */
const list = (all, me) =>
  all.length
    ? html`<ul class="lines">${all.map((guest) => html`<li class="line">${line(guest, me)}</li>`)}</ul>`
    : html`<p class="soft">${t("guests.none")}</p>`;

/**
 * @param {Guest} guest
 * @param {Me} me
 */
function line({ id, child, name, from, to, outcome, word }, me) {
  const days = t("guests.days", { from: calendarDay(from), to: calendarDay(to) });
  const whose = me.children.find((one) => one.id === child)?.name;
  return html`
    <div class="line-text">
      <strong>${name}</strong>
      <p class="soft">${[whose, days].filter(Boolean).join(" · ")}</p>
      <p class="guest-state" data-tone=${outcome ? TONES[outcome] : "paused"}>${t(outcome ? `guests.${outcome}` : "guests.waits")}</p>
      ${word ? html`<p>${word}</p>` : nothing}
    </div>
    ${outcome ? nothing : html`<button type="button" class="quiet" aria-label="${t("guests.withdraw")}: ${name}" @click=${() => withdraw(id, name)}>${t("guests.withdraw")}</button>`}
  `;
}

/**
 * @param {Me} me
 * @param {import("../types.js").Child[]} children
 */
function askFor(me, children) {
  const zone = me.kindergartens[0]?.zone ?? "UTC";
  const { year, month, day } = local(now(), zone);
  const today = [year, String(month).padStart(2, "0"), String(day).padStart(2, "0")].join("-");
  ask({
    title: t("guests.ask"),
    zone,
    confirm: t("guests.send"),
    body: () => html`
      <label for="guest-child">${t("field.child")}</label>
      <select id="guest-child" name="child">${children.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}</select>
      <label for="guest-name">${t("people.name")}</label>
      <input id="guest-name" name="name" type="text" maxlength="100" autocomplete="off" required />
      <label for="guest-login">${t("field.login")}</label>
      <input id="guest-login" name="login" type="text" inputmode="email" autocapitalize="none" autocomplete="off" spellcheck="false" required />
      <label for="guest-from">${t("field.from")}</label>
      <input id="guest-from" name="from" type="date" min=${today} .value=${today} required />
      <label for="guest-to">${t("field.to")}</label>
      <input id="guest-to" name="to" type="date" min=${today} required />
    `,
    onsend: (fields) => api.send("POST", PATH, Object.fromEntries(fields)),
    onclosed: (sent) => sent && refresh(PATH),
  });
}

/**
 * @param {string} id
 * @param {string} name
 */
const withdraw = (id, name) =>
  ask({
    title: t("guests.withdraw"),
    confirm: t("guests.withdraw"),
    body: () => html`<p class="sheet-note">${name}</p>`,
    onsend: () => api.send("DELETE", `${PATH}/${id}`),
    onclosed: (sent) => sent && refresh(PATH),
  });
