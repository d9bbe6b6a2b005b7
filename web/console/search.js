// What a list of viewings, refusals or records is narrowed by: a person, a camera, a day. It stands in the address, so that a list
// can be sent to somebody as a link.

/** @import { Role } from "../types.js" */
/** @import { Place } from "./sections.js" */

import { t } from "../i18n.js";
import { drawAnew, resource } from "../resource.js";
import { chosen, choose } from "../router.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";
import { shown } from "./shown.js";

/** @typedef {{id: string, name: string, role: Role}} Somebody */
/** @typedef {{id: string, name: string, removed: boolean}} NamedCamera */
/** @typedef {{people: Somebody[], cameras: NamedCamera[]}} Known */

/** So many people are offered while a name is being typed. */
const OFFERED = 8;

/** What is being typed into the field for a person. */
let typed = "";

/**
 * Whom and what can be searched for.
 * @param {Place} place
 */
export const known = ({ kindergarten, revision }) =>
  /** @type {import("../resource.js").Resource<Known>} */ (resource(`viewings/people?kindergarten=${kindergarten.id}`, revision));

/**
 * The address of `list` with what it is narrowed by.
 * @param {string} list
 * @param {string} kindergarten
 * @param {Record<string, string | null>} [more]
 */
export function address(list, kindergarten, more = {}) {
  const day = chosen("day");
  const wanted = { kindergarten, account: chosen("account"), camera: chosen("camera"), minute: chosen("minute"), from: day, to: day, ...more };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted)) if (value) query.set(name, value);
  return `${list}?${query}`;
}

/** @param {Place} place */
export const filters = (place) => html`
  <search class="filters" aria-label=${t("search.label")}>
    ${shown(known(place), place.kindergarten.zone, ({ people, cameras }) => html`${person(people)} ${camera(cameras)}`)}
    ${chosen("minute") ? minute(place.kindergarten.zone) : day()}
  </search>
`;

/**
 * A field for a name, and buttons with the people whom it may mean; once one is chosen, that one alone.
 * @param {Somebody[]} people
 */
export function person(people) {
  const account = chosen("account");
  const name = people.find(({ id }) => id === account)?.name;
  const again = () => {
    typed = "";
    choose({ account: null });
    queueMicrotask(() => document.getElementById("search-person")?.focus());
  };
  if (account) {
    return html`
      <div class="filter">
        <span class="filter-label">${t("viewings.who")}</span>
        <button type="button" class="quiet filter-chosen" aria-label=${t("search.not", { name: name ?? t("search.unknown") })} @click=${again}>
          ${name ?? t("search.unknown")} <span aria-hidden="true">×</span>
        </button>
      </div>
    `;
  }
  const words = typed.trim().toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const fits = (/** @type {Somebody} */ { name }) => words.every((word) => name.toLocaleLowerCase().includes(word));
  const found = words.length ? people.filter(fits).slice(0, OFFERED) : [];
  const oninput = (/** @type {InputEvent & {target: HTMLInputElement}} */ { target }) => {
    typed = target.value;
    drawAnew();
  };
  const take = (/** @type {string} */ id) => {
    typed = "";
    choose({ account: id });
  };
  return html`
    <div class="filter">
      <label for="search-person">${t("viewings.who")}</label>
      <input id="search-person" type="search" autocomplete="off" placeholder=${t("search.everybody")} .value=${typed} @input=${oninput} />
      <div class="filter-found" role="group" aria-label=${t("search.found")}>
        ${found.map(({ id, name, role }) => html`<button type="button" class="quiet" @click=${() => take(id)}>${name} · ${t(`role.${role}`)}</button>`)}
        ${words.length && !found.length ? html`<p class="soft" role="status">${t("search.nobody")}</p>` : nothing}
      </div>
    </div>
  `;
}

/** @param {NamedCamera[]} cameras */
export function camera(cameras) {
  const camera = chosen("camera");
  const onchange = (/** @type {Event & {target: HTMLSelectElement}} */ { target }) => choose({ camera: target.value || null });
  return html`
    <div class="filter">
      <label for="search-camera">${t("viewings.camera")}</label>
      <select id="search-camera" @change=${onchange}>
        <option value="" ?selected=${!camera}>${t("search.every_camera")}</option>
        ${cameras.map(
          ({ id, name, removed }) =>
            html`<option value=${id} ?selected=${id === camera}>${removed ? t("search.removed", { name }) : name}</option>`,
        )}
      </select>
    </div>
  `;
}

/**
 * The one minute that a list is about, with the way to the days.
 * @param {string} zone
 */
function minute(zone) {
  const at = moment(chosen("minute") ?? "", zone);
  return html`
    <div class="filter">
      <span class="filter-label">${t("field.minute")}</span>
      <button type="button" class="quiet filter-chosen" aria-label=${t("search.not", { name: at })} @click=${() => choose({ minute: null })}>
        ${at} <span aria-hidden="true">×</span>
      </button>
    </div>
  `;
}

export function day() {
  const onchange = (/** @type {Event & {target: HTMLInputElement}} */ { target }) => choose({ day: target.value || null });
  return html`
    <div class="filter">
      <label for="search-day">${t("search.day")}</label>
      <input id="search-day" type="date" .value=${chosen("day") ?? ""} @change=${onchange} />
    </div>
  `;
}
