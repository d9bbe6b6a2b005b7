// How somebody stands: whether the person can log in, and what holds for a child of the person's.

/** @import { StateWords } from "../words.js" */
/** @import { Person, Tie } from "./people.js" */

import { t } from "../i18n.js";
import { local, now } from "../time.js";
import { calendarDay, moment } from "../when.js";

/**
 * Whether somebody can log in, in a few words.
 * @param {Person} person
 * @param {string} zone
 * @returns {StateWords}
 */
export function standing({ block, has_password, invitation, logged_in_at }, zone) {
  if (block) return said("offline", t("people.blocked"));
  if (invitation) {
    const works = Date.parse(invitation.expires_at) > now();
    if (!works && !has_password) return said("paused", t("people.link_expired"));
    if (works) return said("closed", t("people.link_works", { until: moment(invitation.expires_at, zone) }));
  }
  if (!has_password) return said("paused", t("people.not_invited"));
  return said("live", logged_in_at ? t("people.logged_in", { at: moment(logged_in_at, zone) }) : t("people.never"));
}

/**
 * What is unusual about a guardianship.
 * @param {Tie} tie
 * @param {string} zone
 * @returns {StateWords[]}
 */
export function tieWords({ from, to, restricted }, zone) {
  const today = dayOf(now(), zone);
  const words = restricted ? [said("restricted", t("people.restricted"))] : [];
  if (from && from > today) words.push(said("paused", t("people.from", { day: calendarDay(from) })));
  if (to) words.push(to < today ? said("closed", t("people.ended", { day: calendarDay(to) })) : said("paused", t("people.to", { day: calendarDay(to) })));
  return words;
}

/**
 * The date of a moment by the clock of `zone`, YYYY-MM-DD.
 * @param {number} moment
 * @param {string} zone
 */
export function dayOf(moment, zone) {
  const { year, month, day } = local(moment, zone);
  return [year, String(month).padStart(2, "0"), String(day).padStart(2, "0")].join("-");
}

/**
 * @param {import("../words.js").Tone} tone
 * @param {string} title
 */
const said = (tone, title) => ({ tone, title, detail: "" });
