// What parents ask for and waits for the director: a guest for some days, yes or no.

/** @import { Kindergarten, TodayRequest } from "../types.js" */

import * as api from "../api.js";
import { t } from "../i18n.js";
import { go } from "../router.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { calendarDay } from "../when.js";
import { ask } from "./sheet.js";

/**
 * @param {TodayRequest[]} all
 * @param {Kindergarten} kindergarten
 */
export const requests = (all, kindergarten) =>
  all.length
    ? html`
        <section class="requests" aria-labelledby="requests-title">
          <h3 id="requests-title">${t("requests.title")}</h3>
          <ul class="lines">${all.map((request) => html`<li class="line">${line(request, kindergarten)}</li>`)}</ul>
        </section>
      `
    : nothing;

/**
 * @param {TodayRequest} request
 * @param {Kindergarten} kindergarten
 */
const line = (request, kindergarten) => html`
  <div class="line-text">
    <strong>${request.name}</strong> <span class="soft">${request.login}</span>
    <p>${t("requests.asks", { parent: request.asked_by, child: request.child_name })}</p>
    <p class="soft">${t("guests.days", { from: calendarDay(request.from), to: calendarDay(request.to) })}</p>
  </div>
  <div class="buttons">
    <button type="button" class="quiet" aria-label="${t("requests.approve")}: ${request.name}" @click=${() => decide(request, true, kindergarten)}>${t("requests.approve")}</button>
    <button type="button" class="quiet" aria-label="${t("requests.refuse")}: ${request.name}" @click=${() => decide(request, false, kindergarten)}>${t("requests.refuse")}</button>
  </div>
`;

/**
 * @param {TodayRequest} request
 * @param {boolean} approve
 * @param {Kindergarten} kindergarten
 */
function decide({ id, name }, approve, { zone }) {
  /** @type {string | null} */
  let account = null;
  ask({
    title: t(approve ? "requests.approve" : "requests.refuse"),
    zone,
    confirm: t(approve ? "requests.approve" : "requests.refuse"),
    danger: !approve,
    body: () => html`
      <p class="sheet-note">${name}</p>
      <p>${t(approve ? "requests.approve_text" : "requests.refuse_text")}</p>
      <label for="request-word">${t("field.word")}</label>
      <input id="request-word" name="word" type="text" maxlength="200" autocomplete="off" ?required=${!approve} />
    `,
    onsend: async (fields) => {
      account = (await api.send("PUT", `guests/${id}/decision`, { approve, word: String(fields.get("word")) })).account;
    },
    // Whoever is new is invited from the person's own page.
    onclosed: (sent) => sent && account && toPerson(account),
  });
}

/** @param {string} account */
function toPerson(account) {
  history.pushState(null, "", `/people?${new URLSearchParams({ person: account })}`);
  go("/people");
}
