// What a parent reported, and what the director says to it.

/** @import { AppealAct, AppealKind, AppealState, Me } from "../types.js" */

import * as api from "../api.js";
import { aboutWords, stateMark, thread, typedWords, wordsField } from "../components/appeal.js";
import { loading } from "../components/loading.js";
import { ask } from "../components/sheet.js";
import { t } from "../i18n.js";
import { resource } from "../resource.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { sentence } from "../words.js";

/**
 * @typedef {object} OwnAppeal
 * @property {string} id
 * @property {string} child
 * @property {string} child_name
 * @property {string | null} camera_name
 * @property {string} minute
 * @property {AppealKind} kind
 * @property {AppealState} state
 * @property {{act: AppealAct, words: string, at: string}[]} steps
 */

/** @param {Me} me */
export function appeals(me) {
  /** @type {import("../resource.js").Resource<OwnAppeal[]>} */
  const { value, problem } = resource("me/appeals", me.appeals?.steps ?? 0);
  return html`
    <div class="page">
      <h1>${t("appeals.own")}</h1>
      <p>${t("appeals.own_text")}</p>
      ${problem ? html`<p role="alert">${sentence(problem.code, problem.facts, "UTC")}</p>` : nothing}
      ${value ? list(value, me) : problem ? nothing : loading()}
    </div>
  `;
}

/**
 * @param {OwnAppeal[]} all
 * @param {Me} me
 */
const list = (all, me) =>
  all.length
    ? html`<ul class="lines">${all.map((appeal) => html`<li class="card">${card(appeal, me)}</li>`)}</ul>`
    : html`<p class="soft">${t("appeals.own_none")}</p>`;

/**
 * @param {OwnAppeal} appeal
 * @param {Me} me
 */
function card(appeal, me) {
  const child = me.children.find(({ id }) => id === appeal.child);
  const zone = me.kindergartens.find(({ id }) => id === child?.kindergarten)?.zone ?? me.kindergartens[0]?.zone ?? "UTC";
  const over = appeal.state === "fixed" || appeal.state === "closed";
  return html`
    <div>
      <h2>${appeal.child_name}</h2>
      <p class="soft">${aboutWords(appeal, zone)}</p>
      ${stateMark(appeal.state)}
    </div>
    ${thread(appeal.steps, zone)}
    ${
      // Whoever is tied to the child no more has nothing to add.
      child
        ? html`<div class="buttons"><button type="button" class="quiet" @click=${() => reply(appeal, over, zone)}>${t(over ? "appeals.not_fixed" : "appeals.reply")}</button></div>`
        : nothing
    }
  `;
}

/**
 * @param {OwnAppeal} appeal
 * @param {boolean} over
 * @param {string} zone
 */
const reply = (appeal, over, zone) =>
  ask({
    title: t(over ? "appeals.not_fixed" : "appeals.reply"),
    zone,
    confirm: t("report.send"),
    body: () => html`
      <p class="sheet-note">${aboutWords(appeal, zone)}</p>
      ${over ? html`<p>${t("appeals.not_fixed_text")}</p>` : nothing} ${wordsField(t("report.words"))}
    `,
    onsend: (fields) => api.send("POST", `appeals/${appeal.id}/replies`, { words: typedWords(fields) }),
  });
