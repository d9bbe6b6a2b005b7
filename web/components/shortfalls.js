// What will be missing of the recordings, told while something can still be done about it; and why nothing of them goes.

/** @import { ClockDoubt, Kindergarten, Me, Shortfall } from "../types.js" */

import { t } from "../i18n.js";
import { now } from "../time.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { at, wholeMoment } from "../when.js";

/**
 * @param {Kindergarten} kindergarten
 * @param {Me} me
 */
export const shortfalls = ({ shortfalls, clock, zone }, { cameras }) => [
  clock ? doubt(clock, zone) : nothing,
  ...shortfalls.map((short) => {
    const names = cameras.filter(({ id }) => short.cameras.includes(id)).map(({ name }) => name);
    return html`
      <div class="shortfall" role="status">
        <p><strong>${words(short, zone)}</strong></p>
        <p class="soft">${t(`shortfall.${short.cause}_help`)} ${t("shortfall.cameras", { names: names.join(", ") })}</p>
      </div>
    `;
  }),
];

/**
 * @param {ClockDoubt} doubt
 * @param {string} zone
 */
const doubt = ({ code, expected, shown, until }, zone) => html`
  <div class="shortfall" role="status">
    <p><strong>${t(`code.${code}`, { expected: wholeMoment(expected, zone), shown: wholeMoment(shown, zone) })}</strong></p>
    <p class="soft">${t("shortfall.clock_help", { until: wholeMoment(until, zone) })}</p>
  </div>
`;

/**
 * @param {Shortfall} short
 * @param {string} zone
 */
function words({ cause, wanted, fits, from }, zone) {
  const later = Date.parse(from) > now();
  return t(`shortfall.${cause}_${later ? "later" : "now"}`, { wanted, fits, from: later ? at(from, zone) : "" });
}
