// A director's home: how the day stands, and the live wall of the own cameras.

/** @import { Me } from "../types.js" */

import { shortfalls } from "../components/shortfalls.js";
import { today } from "../components/today.js";
import { wall } from "../components/wall.js";
import { t } from "../i18n.js";
import { html } from "../vendor/lit-html/lit-html.js";

/** @param {Me} me */
export const home = (me) => html`
  ${me.kindergartens.map(
    (kindergarten) => html`
      <section class="walls">
        <h1>${kindergarten.name}</h1>
        ${shortfalls(kindergarten, me)} ${today(kindergarten, me)}
        <h2>${t("cameras.title")}</h2>
        ${wall(kindergarten, me)}
      </section>
    `,
  )}
`;
