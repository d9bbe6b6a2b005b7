// Buttons of which one is pressed: children, cameras, languages.

import { html } from "../vendor/lit-html/lit-html.js";

/**
 * @template {string} Id
 * @param {object} choice
 * @param {string} choice.label What is chosen, for those who do not see it.
 * @param {Id} choice.chosen
 * @param {{id: Id, text: unknown, lang?: string}[]} choice.options
 * @param {(id: Id) => void} choice.onchoose
 */
export const choice = ({ label, chosen, options, onchoose }) => html`
  <div class="choice" role="group" aria-label=${label}>
    ${options.map(
      ({ id, text, lang }) => html`
        <button type="button" lang=${lang ?? document.documentElement.lang} aria-pressed=${id === chosen} @click=${() => onchoose(id)}>${text}</button>
      `,
    )}
  </div>
`;
