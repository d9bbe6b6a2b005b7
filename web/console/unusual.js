// What stands out in the use of a day: a reason to ask, not a verdict.

/** @import { Role } from "../types.js" */
/** @import { Place } from "./sections.js" */
/** @import { Unusual } from "./viewings.js" */

import { t } from "../i18n.js";
import { resource } from "../resource.js";
import { chosen, choose } from "../router.js";
import { local, now } from "../time.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";
import { address } from "./search.js";
import { shown } from "./shown.js";

/**
 * @typedef {object} Mark
 * @property {Unusual} kind
 * @property {string} account
 * @property {string} name
 * @property {Role} role
 * @property {string} since
 * @property {string} until
 * @property {number} minutes
 * @property {number} times
 */

/** @param {Place} place */
export function unusual(place) {
  const { zone, id } = place.kindergarten;
  const day = chosen("day") ?? today(zone);
  const marks = resource(address("viewings/unusual", id, { camera: null, from: day, to: day }), place.revision);
  return shown(marks, zone, (/** @type {{unusual: Mark[]}} */ { unusual }) =>
    unusual.length
      ? html`
          <section class="unusual" aria-labelledby="unusual-title">
            <h2 id="unusual-title">${t("unusual.title")}</h2>
            <p class="soft">${t("unusual.text")}</p>
            <ul>${unusual.map((mark) => html`<li>${line(mark, zone)}</li>`)}</ul>
          </section>
        `
      : nothing,
  );
}

/**
 * @param {Mark} mark
 * @param {string} zone
 */
function line({ kind, account, name, since, until, minutes, times }, zone) {
  const words = t(`unusual.${kind}_line`, { from: moment(since, zone), to: moment(until, zone), hours: hours(minutes), n: times });
  return html`<button type="button" class="quiet" @click=${() => choose({ account })}>${name}</button> <span>${words}</span>`;
}

/** @param {number} minutes */
const hours = (minutes) => `${Math.trunc(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;

/** @param {string} zone */
function today(zone) {
  const { year, month, day } = local(now(), zone);
  return [year, String(month).padStart(2, "0"), String(day).padStart(2, "0")].join("-");
}
