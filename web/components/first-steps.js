// What is left to do in a new kindergarten before the first parent sees a picture, for its director.

/** @import { Today } from "../types.js" */

import { t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** In the order in which they are best done; each with the page where it is. */
const STEPS = /** @type {const} */ ([
  ["children", "/children"],
  ["cameras", "/cameras"],
  ["hours", "/hours"],
  ["invitations", "/people"],
]);

/**
 * Nothing, once everything is done.
 * @param {Today} today
 */
export function firstSteps({ missing }) {
  if (!missing.length) return nothing;
  return html`
    <section class="card steps" aria-labelledby="steps-title">
      <h2 id="steps-title">${t("steps.title")}</h2>
      <ol>${STEPS.map(([step, path]) => html`<li data-done=${!missing.includes(step)}>${line(step, path, missing)}</li>`)}</ol>
    </section>
  `;
}

/**
 * @param {typeof STEPS[number][0]} step
 * @param {string} path
 * @param {Today["missing"]} missing
 */
function line(step, path, missing) {
  const done = !missing.includes(step);
  // The first of them stands out: nobody has to wonder where to begin.
  return html`
    <a href=${path} class=${missing[0] === step ? "primary" : "quiet"}>${t(`steps.${step}`)}</a>
    <p class="soft">${done ? html`<span aria-hidden="true">✓</span> ${t("steps.done")}` : t(`steps.${step}_text`)}</p>
  `;
}
