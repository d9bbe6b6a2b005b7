// A camera's state in words, said aloud when it changes.

/** @import { StateWords } from "../words.js" */

import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @param {StateWords} words */
export const stateLine = ({ tone, title, detail }) => html`
  <div class="state" data-tone=${tone} role="status">
    <p class="state-title"><span class="state-dot"></span>${title}</p>
    ${detail ? html`<p class="state-detail">${detail}</p>` : nothing}
  </div>
`;
