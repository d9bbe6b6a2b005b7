// A director's home: the live wall of the own cameras.

/** @import { Me } from "../types.js" */

import { wall } from "../components/wall.js";
import { html } from "../vendor/lit-html/lit-html.js";

/** @param {Me} me */
export const director = (me) => html`
  ${me.kindergartens.map(
    (kindergarten) => html`
      <section class="walls">
        <h1>${kindergarten.name}</h1>
        ${wall(kindergarten, me)}
      </section>
    `,
  )}
`;
