// The hours: the week, the dates on which others hold, and what parents will see on a day.

/** @import { Place } from "./sections.js" */

import { t } from "../i18n.js";
import { resource } from "../resource.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { dates } from "./hours-dates.js";
import { day } from "./hours-day.js";
import { week } from "./hours-week.js";
import { shown } from "./shown.js";

/**
 * @typedef {Record<Weekday, string[]>} Week The spans of each day, `09:00-12:30`.
 * @typedef {"monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday"} Weekday
 *
 * @typedef {object} Group
 * @property {string} id
 * @property {string} name
 * @property {Week | null} week Its own; null where the kindergarten's holds.
 *
 * @typedef {object} Dated Other hours on one date.
 * @property {string} id
 * @property {string | null} group Null for the whole kindergarten.
 * @property {string} date YYYY-MM-DD.
 * @property {string[]} hours None means closed.
 * @property {string} reason
 * @property {string | null} by The name of who ordered it.
 *
 * @typedef {{week: Week, groups: Group[], exceptions: Dated[]}} Hours
 */

/** @param {Place} place */
export function draw(place) {
  const { kindergarten, revision } = place;
  /** @type {import("../resource.js").Resource<Hours>} */
  const hours = resource(`hours?kindergarten=${kindergarten.id}`, revision);
  return html`
    <h1>${t("hours.title")}</h1>
    ${shown(hours, kindergarten.zone, (hours) => html`${week(hours, place)} ${dates(hours, place)} ${day(hours, place)}`)}
  `;
}
