// An operator's home: how the system is. No video.

/** @import { Me, System } from "../types.js" */

import { capital, currentLanguage, t } from "../i18n.js";
import { deviceZone } from "../time.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";

/** @param {Me} me */
export const home = (me) => html`
  <div class="page">
    <h1>${t("operator.title")}</h1>
    <p class="note">${t("operator.no_video")}</p>
    ${me.system ? facts(me.system, me.kindergartens[0]?.zone ?? deviceZone()) : nothing}
  </div>
`;

/**
 * @param {System} system
 * @param {string} zone
 */
function facts(system, zone) {
  const checkpoint = system.last_checkpoint_at;
  return html`
    <dl class="facts">
      ${fact(t("operator.online"), number(system.cameras.online), "live")}
      ${fact(t("operator.failed"), number(system.cameras.failed), system.cameras.failed ? "offline" : undefined)}
      ${fact(t("operator.idle"), number(system.cameras.idle))} ${fact(t("operator.viewers"), number(system.viewers))}
      ${fact(t("operator.viewings"), number(system.viewings_today))} ${fact(t("operator.audit"), number(system.audit_size))}
      ${fact(t("operator.checkpoint"), checkpoint ? capital(moment(checkpoint, zone)) : t("operator.never"))}
      ${fact(t("operator.started"), capital(moment(system.started_at, zone)))}
      ${fact(t("operator.database"), DATABASES[system.database] ?? system.database)} ${fact(t("operator.version"), system.version)}
    </dl>
  `;
}

/** @type {Record<string, string>} */
const DATABASES = { sqlite: "SQLite", postgres: "PostgreSQL" };

/**
 * Grouped by thousands as Kazakh, Russian and English readers expect: the first two with spaces.
 * @param {number} n
 */
const number = (n) => n.toLocaleString(currentLanguage() === "en" ? "en" : "ru");

/**
 * @param {string} name
 * @param {string} value
 * @param {string} [tone]
 */
const fact = (name, value, tone = "") => html`
  <div class="fact" data-tone=${tone}>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>
`;
