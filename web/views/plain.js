// Pages of words: help, and the address that leads nowhere.

import { t } from "../i18n.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { screenshotWords } from "../words.js";

/** @import { Key } from "../i18n.js" */
/** @import { Me, Role } from "../types.js" */

/** @typedef {Key extends infer K ? K extends `help.${infer T}_a` ? T : never : never} Topic */

/** @type {Topic} */
const WHO = "who";

/** @param {Me} me */
export const help = (me) => html`
  <div class="page">
    <h1>${t("help.title")}</h1>
    <dl class="answers">
      ${[...TOPICS[me.account.role], WHO].map((topic) => answer(t(`help.${topic}_q`), t(`help.${topic}_a`)))}
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

/** What each role asks about; what everybody asks stands after it. @type {Record<Role, Topic[]>} */
const TOPICS = {
  parent: ["watch", "closed", "stops", "masks", "two", "report", "consent", "grandparent", "install"],
  director: ["start", "watch_all", "close", "masks", "leaves", "consents", "inspected", "proof"],
  inspector: ["assigned", "watch_all", "masks", "proof"],
  operator: ["kindergartens", "no_video", "lost_code"],
  staff: ["staff"],
};
