// Where a child is, was and will be, and what of it there is to say.

/** @import { Absence, Child, List } from "./children.js" */

import { t } from "../i18n.js";
import { calendarDay } from "../when.js";

/**
 * What is known of the days to come, each in a few words.
 * @param {Child} child
 * @param {List} list
 */
export function plans(child, list) {
  const { today } = list;
  const now = stayOn(child, today);
  const next = child.stays.find(({ from }) => from > today);
  const last = child.stays.at(-1);
  const absence = child.absences[0];
  return [
    absence && awayWords(absence, today),
    next && t(now ? "children.moves" : "children.comes", { day: calendarDay(next.from), group: groupName(next.group, list) }),
    last?.to && t(last.to < today ? "children.gone" : "children.leaves", { day: calendarDay(last.to) }),
    now && child.guardians === 0 && t("children.no_guardians"),
  ];
}

/**
 * @param {Absence} absence
 * @param {string} today
 */
function awayWords({ from, to }, today) {
  if (from > today) return t("children.away_later", { from: calendarDay(from), to: calendarDay(to) });
  return to === today ? t("children.away_today") : t("children.away_until", { day: calendarDay(to) });
}

/**
 * @param {string} id
 * @param {List} list
 */
export const groupName = (id, list) => list.groups.find((group) => group.id === id)?.name ?? t("groups.former");

/**
 * @param {Child} child
 * @param {string} date
 */
export const stayOn = (child, date) => child.stays.find(({ from, to }) => from <= date && (to === null || date <= to));

/**
 * @param {Child} child
 * @param {string} date
 */
export const isAway = (child, date) => child.absences.some(({ from, to }) => from <= date && date <= to);
