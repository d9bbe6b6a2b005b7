// A director answers what a parent reported: in words, and as what it stands from now on.

import * as api from "../api.js";
import { t } from "../i18n.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { typedWords, wordsField } from "./appeal.js";
import { choice } from "./choice.js";
import { ask } from "./sheet.js";

/** @typedef {"answered" | "fixed" | "closed"} Outcome */
/** @type {Outcome[]} */
const OUTCOMES = ["answered", "fixed", "closed"];

/**
 * @param {{id: string, name: string}} appeal `name` is the parent's.
 * @param {string} about What it is about, in words.
 * @param {string} said What the parent said last.
 * @param {string} zone
 */
export function askAnswer({ id, name }, about, said, zone) {
  /** @type {Outcome} */
  let outcome = "answered";
  ask({
    title: t("answering.title", { name }),
    zone,
    body: (redraw) => html`
      <p class="sheet-note">${about}</p>
      <blockquote class="said">${said}</blockquote>
      ${wordsField(t("answering.words"))}
      <h3>${t("answering.outcome")}</h3>
      ${choice({
        label: t("answering.outcome"),
        chosen: outcome,
        options: OUTCOMES.map((id) => ({ id, text: t(`answering.${id}`) })),
        onchoose: (chosen) => {
          outcome = chosen;
          redraw();
        },
      })}
      <p class="sheet-note">${t("answering.note")}</p>
    `,
    confirm: t("answering.send"),
    onsend: (fields) => api.send("POST", `appeals/${id}/answers`, { outcome, words: typedWords(fields) }),
  });
}
