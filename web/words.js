// What the gateway's codes are in words.

/** @import { Facts, Me, State, TodayState } from "./types.js" */
/** @import { Key } from "./i18n.js" */

import { capital, has, t } from "./i18n.js";
import { at, isToday, moment } from "./when.js";

/** @typedef {"live" | "closed" | "paused" | "offline" | "restricted"} Tone How a state looks: its colour and its scene. */
/** @typedef {{tone: Tone, title: string, detail: string}} StateWords */

/**
 * The state of a camera, in one line and perhaps a second.
 * @param {State} state
 * @param {string} zone
 * @returns {StateWords}
 */
export function stateWords(state, zone) {
  const { opens_at, until, since, reason } = state;
  switch (state.code) {
    case "live":
      return said("live", until && isToday(until, zone) ? t("state.live_until", { until: moment(until, zone) }) : t("state.live"));
    case "outside_hours":
      return said("closed", opens_at ? opens(opens_at, zone) : t("state.closed"), reason ? ended(reasonWords(reason)) : "");
    case "paused":
      return said("paused", t("state.paused", { until: until ? moment(until, zone) : "" }), reasonAndOpening(state, zone));
    case "ended_by_director":
      return said("paused", t("state.ended_by_director", { until: until ? moment(until, zone) : "" }), reasonAndOpening(state, zone));
    case "camera_offline": {
      const title = since ? t("state.offline_since", { since: moment(since, zone) }) : t("state.offline");
      return said("offline", title, t("state.offline_detail"));
    }
    case "too_many_viewers":
      return said("closed", t("state.full"), t("state.full_detail"));
    case "restricted":
      return said("restricted", t("state.restricted"), t("state.restricted_detail"));
    default:
      return said("closed", sentence(state.code, { reason }, zone));
  }
}

/**
 * How a group stands for its parents, as its director reads it.
 * @param {TodayState} state
 * @param {string} zone
 * @returns {StateWords}
 */
export function groupWords({ code, until, opens_at, reason }, zone) {
  if (code === "open") return said("live", t("today.open_until", { until: until ? moment(until, zone) : "" }));
  if (code === "group_consent") return said("closed", t("state.group_consent"));
  return stateWords({ code: code === "paused" ? "paused" : "outside_hours", until, opens_at, reason }, zone);
}

/**
 * @param {Tone} tone
 * @param {string} title
 * @param {string} [detail]
 */
const said = (tone, title, detail = "") => ({ tone, title, detail });

/**
 * @param {string} opensAt
 * @param {string} zone
 */
const opens = (opensAt, zone) => capital(t("state.opens", { at: at(opensAt, zone) }));

/**
 * A pause's reason, and when it opens again if that is not at the pause's end.
 * @param {Facts} facts
 * @param {string} zone
 */
function reasonAndOpening({ reason, opens_at, until }, zone) {
  const later = opens_at && until && Date.parse(opens_at) > Date.parse(until);
  return [reason && ended(reasonWords(reason)), later && `${opens(opens_at, zone)}.`].filter(Boolean).join(" ");
}

/** Reasons that are kept as a word, so that everybody reads them in the own language. */
export const READY_REASONS = /** @type {const} */ (["nap", "doctor", "visitors"]);

/** The same for the public holidays (`HolidayName` in the gateway's model). */
const HOLIDAYS = /** @type {const} */ ([
  "new_year",
  "christmas",
  "womens_day",
  "constitution_day",
  "nauryz",
  "unity_day",
  "defenders_day",
  "victory_day",
  "capital_day",
  "kurban_ait",
  "republic_day",
  "independence_day",
]);

/**
 * A reason as people read it: a ready-made one in their language, any other as it was written.
 * @param {string} reason
 */
export function reasonWords(reason) {
  const ready = READY_REASONS.find((word) => word === reason);
  if (ready) return t(`pause.${ready}`);
  const holiday = HOLIDAYS.find((word) => word === reason);
  return holiday ? t(`holiday.${holiday}`) : reason;
}

/**
 * Why a date has other hours, and when it opens next.
 * @param {Facts} facts
 * @param {string} zone
 */
const closedAndOpening = ({ reason, opens_at }, zone) =>
  [reason && ended(reasonWords(reason)), opens_at && `${opens(opens_at, zone)}.`].filter(Boolean).join(" ");

/**
 * What is to be said of screenshots: that the own name is in the picture, only where it is.
 * @param {Me} me
 */
export const screenshotWords = ({ kindergartens }) =>
  t(kindergartens.some(({ watermark }) => watermark !== null) ? "note.screenshot" : "note.screenshot_plain");

/** @param {string} text */
export const ended = (text) => (/[.!?…]$/.test(text) ? text : `${text}.`);

/** @param {string} field */
function fieldName(field) {
  const key = `field.${field}`;
  return has(key) ? t(/** @type {Key} */ (key)) : field;
}

/**
 * What a code means, with its facts: for an error, a refusal, or the end of a stream.
 * @param {string} code
 * @param {Facts} facts
 * @param {string} zone
 */
export function sentence(code, facts, zone) {
  const key = `code.${code}`;
  const known = has(key) ? /** @type {Key} */ (key) : "code.unknown";
  const first = t(known, { until: facts.until ? moment(facts.until, zone) : "", field: facts.label ?? (facts.field ? fieldName(facts.field) : "") });
  const opening = code === "outside_hours" ? closedAndOpening(facts, zone) : "";
  const more = code === "paused" || code === "ended_by_director" ? reasonAndOpening(facts, zone) : opening;
  return more ? `${first} ${more}` : first;
}
