// The fields of a form for a span of time, by the kindergarten's clock.

import { t } from "../i18n.js";
import { instant, wallText } from "../time.js";
import { html } from "../vendor/lit-html/lit-html.js";

const MINUTE_MS = 60_000;

/** @typedef {{from: number, to: number}} Span In ms since the epoch. */

/**
 * Whole minutes, so that nothing of the span is left out.
 * @param {Span} span
 * @param {string} zone
 */
export const spanFields = ({ from, to }, zone) => html`
  <label for="span-from">${t("span.from")}</label>
  <input id="span-from" name="from" type="datetime-local" required .value=${wallText(from, zone)} />
  <label for="span-to">${t("span.to")}</label>
  <input id="span-to" name="to" type="datetime-local" required .value=${wallText(Math.ceil(to / MINUTE_MS) * MINUTE_MS, zone)} />
`;

/**
 * What was filled in, as the gateway wants it.
 * @param {FormData} fields
 * @param {string} zone
 */
export function spanOf(fields, zone) {
  const moment = (/** @type {string} */ name) => new Date(instant(String(fields.get(name) ?? ""), zone)).toISOString();
  return { from: moment("from"), to: moment("to") };
}

/**
 * The field for why.
 * @param {string} label
 * @param {string} [reason] What was stated already.
 */
export const reasonField = (label, reason = "") => html`
  <label for="span-reason">${label}</label>
  <input id="span-reason" name="reason" type="text" maxlength="200" autocomplete="off" required .value=${reason} />
`;
