// Moments in words, by the kindergarten's clock: 'tomorrow at 09:00', 'until 14:30', 'since 24 November, 10:12'.

/** @import { Key } from "./i18n.js" */

import { t } from "./i18n.js";
import { local, now } from "./time.js";

/**
 * 'today at 09:00', 'tomorrow at 09:00', 'on Monday at 09:00', 'on 1 December at 09:00'.
 * @param {string} moment
 * @param {string} zone
 */
export function at(moment, zone) {
  const { time, weekday, date } = local(moment, zone);
  const days = date - local(now(), zone).date;
  if (days === 0) return t("when.today_at", { time });
  if (days === 1) return t("when.tomorrow_at", { time });
  if (days > 1 && days < 7) return t("when.day_at", { day: t(/** @type {Key} */ (`weekday.${weekday}`)), time });
  return t("when.date_at", { date: dateOf(moment, zone), time });
}

/** How the end of a day is written. */
export const MIDNIGHT = "24:00";

/**
 * Whether a moment that ends something belongs to today; the midnight that ends it does.
 * @param {string} moment
 * @param {string} zone
 */
export const isToday = (moment, zone) => local(Date.parse(moment) - 1, zone).date === local(now(), zone).date;

/**
 * The moment to stand after 'until' or 'since': the time alone today, with its day otherwise.
 * @param {string} moment
 * @param {string} zone
 */
export function moment(moment, zone) {
  const { time, date } = local(moment, zone);
  const days = date - local(now(), zone).date;
  if (days === 0) return time;
  if (isToday(moment, zone)) return MIDNIGHT;
  if (days === 1) return t("when.tomorrow", { time });
  return t("when.date", { date: dateOf(moment, zone), time });
}

/**
 * A moment with its whole date, '1 December 2026, 09:00': for what may be years away.
 * @param {string} moment
 * @param {string} zone
 */
export function wholeMoment(moment, zone) {
  const { year, time } = local(moment, zone);
  return t("when.date", { date: t("when.year", { date: dateOf(moment, zone), year }), time });
}

/**
 * '1 December', in the kindergarten's zone.
 * @param {string} moment
 * @param {string} zone
 */
function dateOf(moment, zone) {
  const { day, month } = local(moment, zone);
  return dayAndMonth(day, month);
}

/**
 * A calendar day, '1 December 2026'.
 * @param {string} date YYYY-MM-DD.
 */
export function calendarDay(date) {
  const [year, month, day] = date.split("-").map(Number);
  return t("when.year", { date: dayAndMonth(day, month), year });
}

/** The days of the week as `Date` counts them. */
const WEEKDAYS = /** @type {const} */ (["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]);

/**
 * A calendar day with its weekday, 'Wednesday, 16 December 2026'.
 * @param {string} date YYYY-MM-DD.
 */
export function weekdayAndDate(date) {
  const weekday = WEEKDAYS[new Date(date).getUTCDay()];
  return weekday ? t("when.weekday", { day: t(`day.${weekday}`), date: calendarDay(date) }) : date;
}

/**
 * The calendar day near to now: 'today', 'tomorrow', 'Wednesday, 16 December'.
 * @param {string} date YYYY-MM-DD.
 * @param {string} zone
 */
export function shortDay(date, zone) {
  const day = new Date(date);
  const days = Math.round(day.getTime() / 86_400_000) - local(now(), zone).date;
  if (days === 0 || days === 1) return t(days ? "news.tomorrow" : "news.today");
  const words = dayAndMonth(day.getUTCDate(), day.getUTCMonth() + 1);
  return t("when.weekday", { day: t(`day.${WEEKDAYS[day.getUTCDay()]}`), date: words });
}

/**
 * @param {number} day
 * @param {number} month
 */
function dayAndMonth(day, month) {
  return t("when.day_month", { day, month: t(/** @type {Key} */ (`month.${month}`)) });
}

/**
 * A waiting time, '2:05'.
 * @param {number} seconds
 */
export function minutes(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.trunc(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
