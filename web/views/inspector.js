// An inspector's home: the assigned kindergartens, from when to when, and their cameras.

/** @import { Kindergarten, Me } from "../types.js" */

import { shortfalls } from "../components/shortfalls.js";
import { wall } from "../components/wall.js";
import { t } from "../i18n.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { calendarDay } from "../when.js";

/** @param {Me} me */
export const home = (me) => html`
  <h1>${t("inspector.title")}</h1>
  ${me.kindergartens.length ? html`<p class="note">${t("inspector.noted")}</p>` : html`<p>${t("inspector.empty")}</p>`}
  ${me.kindergartens.map(
    (kindergarten) => html`
      <section class="walls">
        <h2>${kindergarten.name}</h2>
        <p class="walls-facts">${facts(kindergarten)}</p>
        ${shortfalls(kindergarten, me)} ${wall(kindergarten, me)}
      </section>
    `,
  )}
`;

/** @param {Kindergarten} kindergarten */
function facts({ district, from, to }) {
  const dates = from && to ? t("inspector.dates", { from: calendarDay(from), to: calendarDay(to) }) : "";
  return [district, dates].filter(Boolean).map((fact) => html`<span>${fact}</span>`);
}
