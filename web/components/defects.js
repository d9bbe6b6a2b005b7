// What is wrong with a camera although its pictures arrive, each in a sentence that says what to do.

/** @import { Defect } from "../types.js" */

import { t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";

/**
 * @param {Defect[]} defects
 * @param {string} zone
 * @param {string} [name] The camera's, where the words stand beside others'.
 */
export const defectLines = (defects, zone, name) =>
  defects.map(
    ({ code, since }) => html`
      <p class="defect">${name ? html`<strong>${name}</strong> ` : nothing}${t(`camera_defect.${code}`, { since: moment(since, zone) })}</p>
    `,
  );
