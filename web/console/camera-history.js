// How a camera was over the last thirty days: a strip of days, and the outages in words.

/** @import { Key } from "../i18n.js" */

import * as api from "../api.js";
import { loading } from "../components/loading.js";
import { ask } from "../components/sheet.js";
import { currentLanguage, t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { calendarDay, moment } from "../when.js";
import { sentence } from "../words.js";

/**
 * @typedef {object} Day
 * @property {string} date YYYY-MM-DD.
 * @property {number} online Seconds.
 * @property {number} offline Seconds.
 * @property {string[]} defects What was wrong with its picture or clock.
 *
 * @typedef {object} Outage
 * @property {string} code
 * @property {string} from
 * @property {string | null} until Null when it goes on.
 *
 * @typedef {object} History
 * @property {Day[]} days The first first.
 * @property {Outage[]} outages The newest first.
 */

/** @typedef {"good" | "flawed" | "fair" | "poor" | "unknown"} Tone */

/** @type {Tone[]} */
const TONES = ["good", "flawed", "fair", "poor", "unknown"];

/** The share of a day's looks that must have found pictures. */
const GOOD = 0.995;
const FAIR = 0.9;

/**
 * @param {string} camera
 * @param {string} name
 * @param {string} zone
 */
export function showHistory(camera, name, zone) {
  /** @type {History | null} */
  let history = null;
  /** @type {api.Problem | null} */
  let problem = null;
  let redraw = () => {};
  ask({
    title: t("cameras.history_title", { name }),
    zone,
    body: (again) => {
      redraw = again;
      if (problem) return html`<p class="sheet-word" role="alert">${sentence(problem.code, problem.facts, zone)}</p>`;
      return history ? drawn(history, zone) : loading();
    },
  });
  void api
    .get(`cameras/${camera}/health?days=30`)
    .then((found) => (history = found))
    .catch((error) => (problem = api.asProblem(error)))
    .then(() => redraw());
}

/**
 * @param {History} history
 * @param {string} zone
 */
function drawn({ days, outages }, zone) {
  const [online, offline] = [total(days, "online"), total(days, "offline")];
  const seen = online + offline;
  const share = new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: 1 });
  return html`
    <p>${seen ? t("cameras.history_share", { n: share.format(Math.floor((1000 * online) / seen) / 10) }) : t("cameras.history_unseen")}</p>
    <ol class="camera-days">
      ${days.map((day) => html`<li data-tone=${tone(day)}><span class="unseen">${calendarDay(day.date)}: ${said(day)}</span></li>`)}
    </ol>
    <ul class="camera-legend" aria-hidden="true">${TONES.map((tone) => html`<li data-tone=${tone}>${word(tone)}</li>`)}</ul>
    ${seen ? told(outages, zone) : nothing}
    <p class="sheet-note">${t("cameras.history_note")}</p>
  `;
}

/**
 * @param {Outage[]} outages
 * @param {string} zone
 */
const told = (outages, zone) => html`
  <h3>${t("cameras.history_outages")}</h3>
  ${
    outages.length
      ? html`<ul class="lines">${outages.map((outage) => html`<li class="line">${line(outage, zone)}</li>`)}</ul>`
      : html`<p>${t("cameras.history_fine")}</p>`
  }
`;

/**
 * @param {Outage} outage
 * @param {string} zone
 */
function line({ code, from, until }, zone) {
  const first = moment(from, zone);
  const when = until ? t("cameras.history_from_until", { from: first, until: moment(until, zone) }) : t("cameras.history_from", { from: first });
  return html`<p class="line-text">${t(/** @type {Key} */ (`camera_outage.${code}`))} <span class="soft">${when}</span></p>`;
}

/**
 * @param {Day[]} days
 * @param {"online" | "offline"} what
 */
const total = (days, what) => days.reduce((sum, day) => sum + day[what], 0);

/**
 * @param {Day} day
 * @returns {Tone}
 */
function tone({ online, offline, defects }) {
  const seen = online + offline;
  if (!seen) return defects.length ? "flawed" : "unknown";
  if (online / seen < FAIR) return "poor";
  return defects.length ? "flawed" : online / seen >= GOOD ? "good" : "fair";
}

/** @param {Day} day */
const said = (day) => [word(tone(day)), ...day.defects.map((code) => t(/** @type {Key} */ (`camera_outage.${code}`)))].join(", ");

/** @param {Tone} tone */
const word = (tone) => t(`camera_day.${tone}`);
