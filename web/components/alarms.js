// Alarms that were rung, on the director's first page: first of all, until what they keep is released.

/** @import { Kindergarten, TodayAlarm } from "../types.js" */

import { t } from "../i18n.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";

/**
 * @param {TodayAlarm[]} alarms
 * @param {Kindergarten} kindergarten
 */
export const rungAlarms = (alarms, { zone }) =>
  alarms.map(
    ({ name, at, from, to }) => html`
      <p class="today-alarm" role="alert">
        <strong>${t("alarm.rung", { name, when: moment(at, zone) })}</strong>
        ${t("alarm.kept", { from: moment(from, zone), to: moment(to, zone) })}
        <a href="/recordings">${t("alarm.recordings")}</a>
      </p>
    `,
  );
