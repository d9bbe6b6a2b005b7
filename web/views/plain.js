// Pages of words: help, and the address that leads nowhere.

import { t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { screenshotWords } from "../words.js";

/** @import { Me, Role } from "../types.js" */

/** @param {Me} me */
export const help = (me) => html`
  <div class="page">
    <h1>${t("help.title")}</h1>
    <dl class="answers">
      ${ABOUT_WATCHING[me.account.role]?.() ?? nothing} ${answer(t("help.who_q"), t("help.who_a"))}
      ${answer(t("help.screenshot_q"), screenshotWords(me))}
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

const forParents = () => html`
  ${answer(t("help.watch_q"), t("help.watch_a"))} ${answer(t("help.closed_q"), t("help.closed_a"))}
  ${answer(t("help.two_q"), t("help.two_a"))}
`;

const forOverseers = () => answer(t("help.watch_q"), t("help.watch_all_a"));

/** What is to be said of watching to those who may. @type {Partial<Record<Role, () => unknown>>} */
const ABOUT_WATCHING = { parent: forParents, director: forOverseers, inspector: forOverseers };
