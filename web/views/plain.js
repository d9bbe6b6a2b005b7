// Pages of words: a staff member's home, help, and the address that leads nowhere.

import { t } from "../i18n.js";
import { html } from "../vendor/lit-html/lit-html.js";

export const staff = () => html`
  <div class="page">
    <h1>${t("staff.title")}</h1>
    <p>${t("staff.text")}</p>
  </div>
`;

export const help = () => html`
  <div class="page">
    <h1>${t("help.title")}</h1>
    <dl class="answers">
      ${answer(t("help.watch_q"), t("help.watch_a"))} ${answer(t("help.closed_q"), t("help.closed_a"))}
      ${answer(t("help.who_q"), t("help.who_a"))} ${answer(t("help.screenshot_q"), t("note.screenshot"))}
      ${answer(t("help.two_q"), t("help.two_a"))}
    </dl>
  </div>
`;

export const missing = () => html`
  <div class="page">
    <h1>${t("missing.title")}</h1>
    <p>${t("missing.text")}</p>
    <p><a class="primary" href="/">${t("missing.home")}</a></p>
  </div>
`;

/**
 * @param {string} question
 * @param {string} words
 */
const answer = (question, words) => html`
  <dt>${question}</dt>
  <dd>${words}</dd>
`;
