// What will be missing of the recordings, told while something can still be done about it.

/** @import { Kindergarten, Me, Shortfall } from "../types.js" */

import { t } from "../i18n.js";
import { now } from "../time.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { at } from "../when.js";

/**
 * @param {Kindergarten} kindergarten
 * @param {Me} me
 */
export const shortfalls = ({ shortfalls, zone }, { cameras }) =>
  shortfalls.map((short) => {
    const names = cameras.filter(({ id }) => short.cameras.includes(id)).map(({ name }) => name);
    return html`
      <div class="shortfall" role="status">
        <p><strong>${words(short, zone)}</strong></p>
        <p class="soft">${t(`shortfall.${short.cause}_help`)} ${t("shortfall.cameras", { names: names.join(", ") })}</p>
      </div>
    `;
  });

/**
 * @param {Shortfall} short
 * @param {string} zone
 */
function words({ cause, wanted, fits, from }, zone) {
  const later = Date.parse(from) > now();
  return t(`shortfall.${cause}_${later ? "later" : "now"}`, { wanted, fits, from: later ? at(from, zone) : "" });
}
