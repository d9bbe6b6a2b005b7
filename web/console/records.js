// The audit records of a kindergarten in words, and the check that they are unchanged.

/** @import { Key } from "../i18n.js" */
/** @import { Role } from "../types.js" */
/** @import { Place } from "./sections.js" */

import { has, t } from "../i18n.js";
import { refresh } from "../resource.js";
import { chosen, choose } from "../router.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";
import { detailWords, subjectWords } from "./details.js";
import { paged } from "./pages.js";
import { address, day, known, person } from "./search.js";
import { shown } from "./shown.js";
import { findingWords, verification } from "./verification.js";

/**
 * @typedef {object} AuditRecord
 * @property {number} position
 * @property {string} at
 * @property {string} action
 * @property {string | null} account
 * @property {string | null} name
 * @property {Role | null} role
 * @property {string | null} subject
 * @property {Record<string, unknown> | null} details
 * @property {number | null} erased_by
 *
 * @typedef {{records: AuditRecord[], next: number | null}} Page
 */

/** What somebody can have done; the gateway has the same words (src/audit/action.rs). */
export const ACTIONS = [
  "log_in",
  "log_in_refused",
  "log_out",
  "viewing_started",
  "viewing_ended",
  "viewing_refused",
  "viewing_cut",
  "viewing_allowed",
  "access_refused",
  "fact_added",
  "fact_changed",
  "fact_ended",
  "secret_changed",
  "password_changed",
  "second_factor_set",
  "second_factor_reset",
  "recovery_code_used",
  "recovery_codes_renewed",
  "appeal_made",
  "appeal_answered",
  "appeal_returned",
  "invited",
  "invitation_ended",
  "logins_ended",
  "account_blocked",
  "account_unblocked",
  "keys_rotated",
  "record_erased",
  "inspected",
  "network_looked",
  "imported",
  "exported",
  "still_seen",
  "recording_exported",
  "recording_sealed",
  "alarm_rung",
  "recording_expired",
  "recording_removed",
  "directors_warned",
  "recording_opened",
  "recording_closed",
  "explained",
  "server_started",
  "server_stopped",
];

/** @param {Place} place */
export function draw(place) {
  const { id, zone } = place.kindergarten;
  const first = address("audit/records", id, { camera: null, action: chosen("action") });
  const { pages, more } = /** @type {import("./pages.js").Paged<Page>} */ (paged(first, "before", place.revision));
  const records = pages.flatMap(({ value }) => value?.records ?? []);
  return html`
    <h1>${t("records.title")}</h1>
    <p class="soft">${t("records.text")}</p>
    ${verification(place, records)}
    <section aria-labelledby="records-list">
      <h2 id="records-list">${t("records.list")}</h2>
      <search class="filters" aria-label=${t("search.label")}>
        ${shown(known(place), zone, ({ people }) => person(people))} ${actions()} ${day()}
      </search>
      ${pages.map((part) => shown(part, zone, (/** @type {Page} */ { records }) => lines(records, place, part === pages[0])))}
      <div class="buttons">
        ${more ? html`<button type="button" class="quiet" @click=${more}>${t("list.more")}</button>` : nothing}
        <button type="button" class="quiet" @click=${() => refresh(first)}>${t("list.refresh")}</button>
        <a class="quiet" download href=${`/api/v1/${address("audit/records.csv", id, { camera: null, action: chosen("action") })}`}>${t("list.export")}</a>
      </div>
    </section>
  `;
}

function actions() {
  const action = chosen("action");
  const onchange = (/** @type {Event & {target: HTMLSelectElement}} */ { target }) => choose({ action: target.value || null });
  return html`
    <div class="filter">
      <label for="records-action">${t("records.action")}</label>
      <select id="records-action" @change=${onchange}>
        <option value="" ?selected=${!action}>${t("records.every_action")}</option>
        ${ACTIONS.map((name) => html`<option value=${name} ?selected=${name === action}>${actionWords(name)}</option>`)}
      </select>
    </div>
  `;
}

/** @param {string} action */
const actionWords = (action) => (has(`action.${action}`) ? t(/** @type {Key} */ (`action.${action}`)) : action);

/**
 * @param {AuditRecord[]} records
 * @param {Place} place
 * @param {boolean} first
 */
function lines(records, place, first) {
  if (first && !records.length) return html`<p class="soft">${t("records.none")}</p>`;
  return html`<ul class="lines">${records.map((record) => html`<li class="line">${line(record, place)}</li>`)}</ul>`;
}

/**
 * @param {AuditRecord} record
 * @param {Place} place
 */
function line(record, place) {
  const { position, at, action, name, role, subject, details, erased_by } = record;
  const who = name ? html`${name}${role ? html`<span class="soft"> · ${t(`role.${role}`)}</span>` : nothing}` : t("records.nobody");
  return html`
    <div class="line-text">
      <h3>${actionWords(action)}</h3>
      <p>${erased_by === null ? who : t("records.erased_by", { n: erased_by })}</p>
      <p class="soft">${t("records.number", { n: position })} · ${moment(at, place.kindergarten.zone)}</p>
    </div>
    <div class="line-text soft">
      ${subject ? html`<p>${subjectWords(subject, place)}</p>` : nothing}
      ${Object.entries(details ?? {}).map(([name, value]) => detail(name, value, place))}
    </div>
    ${findingWords(position)}
  `;
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {Place} place
 */
function detail(name, value, place) {
  const words = detailWords(name, value, place);
  return words ? html`<p>${words}</p>` : nothing;
}
