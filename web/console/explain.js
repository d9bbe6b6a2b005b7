// Why somebody may watch a camera or may not, at any moment: the rules in the order in which they were asked.

/** @import { Facts } from "../types.js" */
/** @import { Key } from "../i18n.js" */
/** @import { Place } from "./sections.js" */

import { has, t } from "../i18n.js";
import { refresh, resource } from "../resource.js";
import { chosen, choose } from "../router.js";
import { instant, now, wallText } from "../time.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { calendarDay, moment } from "../when.js";
import { reasonWords } from "../words.js";
import { causeWords } from "./cause.js";
import { camera, known, person } from "./search.js";
import { shown } from "./shown.js";

/**
 * @typedef {object} Step
 * @property {string} rule
 * @property {boolean} passed
 * @property {Record<string, string>} facts
 *
 * @typedef {object} Explanation
 * @property {string} at
 * @property {Facts & {allowed: boolean, code: string}} verdict
 * @property {Step[]} steps
 */

/** @param {Place} place */
export function explain(place) {
  const { zone } = place.kindergarten;
  return html`
    <p class="soft">${t("explain.text")}</p>
    <div class="filters">
      ${shown(known(place), zone, ({ people, cameras }) => html`${person(people)} ${camera(cameras)}`)} ${time(zone)}
    </div>
    ${answer(place)}
  `;
}

/** @param {string} zone */
function time(zone) {
  const at = chosen("at");
  const onchange = (/** @type {Event & {target: HTMLInputElement}} */ { target }) => {
    const wanted = instant(target.value, zone);
    choose({ at: Number.isNaN(wanted) ? null : new Date(wanted).toISOString() });
  };
  return html`
    <div class="filter">
      <label for="explain-time">${t("explain.time")}</label>
      <input id="explain-time" type="datetime-local" .value=${at ? wallText(Date.parse(at), zone) : ""} @change=${onchange} />
    </div>
  `;
}

/** @param {Place} place */
function answer(place) {
  const { zone } = place.kindergarten;
  const [account, of, at] = ["account", "camera", "at"].map(chosen);
  if (!account || !of) return html`<p class="soft">${t("explain.choose")}</p>`;
  const query = new URLSearchParams({ account, camera: of });
  if (at) query.set("at", at);
  const path = `explain?${query}`;
  // Each answer is on record: it is not asked again by itself.
  return html`
    ${shown(resource(path, 0), zone, (/** @type {Explanation} */ explanation) => chain(explanation, place))}
    ${at ? nothing : html`<button type="button" class="quiet explain-again" @click=${() => refresh(path)}>${t("list.refresh")}</button>`}
  `;
}

/**
 * @param {Explanation} explanation
 * @param {Place} place
 */
function chain({ at, verdict, steps }, place) {
  const { zone } = place.kindergarten;
  const { allowed, code, until, reason } = verdict;
  const title = allowed
    ? until
      ? t("explain.yes_until", { until: moment(until, zone) })
      : t("explain.yes")
    : t("explain.no", { why: causeWords(code, zone) });
  return html`
    <section class="explain" aria-labelledby="explain-title" data-allowed=${allowed}>
      <h2 id="explain-title">${title}</h2>
      ${reason ? html`<p>${t("explain.reason", { reason: reasonWords(reason) })}</p>` : nothing}
      <p class="soft">${Date.parse(at) > now() ? t("explain.then", { at: moment(at, zone) }) : t("explain.at", { at: moment(at, zone) })}</p>
      <ol>${steps.map((step) => html`<li data-passed=${step.passed}>${rule(step, place)}</li>`)}</ol>
    </section>
  `;
}

/**
 * @param {Step} step
 * @param {Place} place
 */
function rule({ rule, passed, facts }, place) {
  const told = Object.entries(facts).map(([name, value]) => [name, valueWords(name, value, place)]).filter(([, value]) => value);
  return html`
    <p>
      <span class="explain-sign" aria-hidden="true">${passed ? "✓" : "✕"}</span>
      <strong>${text("rule", rule)}</strong> <span class="explain-answer">${t(passed ? "explain.passed" : "explain.stopped")}</span>
    </p>
    ${told.length ? html`<dl>${told.map(([name, value]) => html`<div><dt>${text("fact", name)}</dt><dd>${value}</dd></div>`)}</dl>` : nothing}
  `;
}

/**
 * What the policy calls by a word, in the reader's language.
 * @param {"rule" | "fact"} family
 * @param {string} name
 */
function text(family, name) {
  const key = family === "rule" ? `rule.${name}` : `fact.${name}`;
  return has(key) ? t(/** @type {Key} */ (key)) : name;
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\dT/;

/**
 * A fact as a person reads it; nothing for an id that no name is known of.
 * @param {string} name
 * @param {string} value
 * @param {Place} place
 */
function valueWords(name, value, { me, kindergarten }) {
  if (name === "role" && has(`role.${value}`)) return t(/** @type {Key} */ (`role.${value}`));
  if (name === "consent_rule" && has(`consent_rule.${value}`)) return t(/** @type {Key} */ (`consent_rule.${value}`));
  if (name === "reason") return reasonWords(value);
  if (ID.test(value)) return [...me.groups, ...me.kindergartens, ...me.cameras].find(({ id }) => id === value)?.name ?? "";
  if (DAY.test(value)) return calendarDay(value);
  return MOMENT.test(value) ? moment(value, kindergarten.zone) : value;
}
