// Groups and their children: who is where today, who stays away, who comes and who has left. One group is open at a time, and a list of
// three hundred children is found through by name.

/** @import { Place } from "./sections.js" */
/** @typedef {{id: string, name: string, cameras: number}} Group */
/** @typedef {{group: string, from: string, to: string | null}} Stay */
/** @typedef {{from: string, to: string}} Absence */
/** @typedef {{version: number, language: import("../types.js").Language, day: string, by: string | null, document: string | null}} ConsentAnswer */
/** @typedef {{standing: import("../types.js").ConsentStanding, answer: ConsentAnswer | null}} Consent */
/** @typedef {{id: string, name: string, stays: Stay[], absences: Absence[], guardians: number, consent: Consent}} Child */
/** @typedef {{id: string, group: string, host: string, date: string}} Merger */
/** @typedef {{today: string, groups: Group[], mergers: Merger[], consent_rule: string, consent_version: number | null, children: Child[]}} Children */

import { count, currentLanguage, t } from "../i18n.js";
import { drawAnew, resource } from "../resource.js";
import { choose, chosen } from "../router.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { away, back, more } from "./child.js";
import { consentMissing, consentSummary } from "./consent.js";
import { enrol, makeGroup, mergeGroup, mergers, removeGroup, renameGroup } from "./group.js";
import { importing } from "./import.js";
import { shown } from "./shown.js";
import { groupName, isAway, plans, stayOn } from "./stays.js";

/** Groups of those who are in none today. */
const COMING = "coming";
const LEFT = "left";
/** More names than this help nobody to find one. */
const FOUND_AT_MOST = 40;

/** What is looked for, as it was typed. */
let wanted = "";

/** @param {Place} place */
export function draw(place) {
  const { kindergarten, mayChange, revision } = place;
  if (mayChange && chosen("list") === "import") return importing(place);
  return shown(resource(`children?kindergarten=${kindergarten.id}`, revision), kindergarten.zone, (all) => page(all, place));
}

/**
 * @param {Children} all
 * @param {Place} place
 */
function page(all, { kindergarten, mayChange }) {
  const list = { ...all, kindergarten: kindergarten.id, zone: kindergarten.zone, mayChange };
  return html`
    <div class="console-head">
      <h1>${t("children.title")}</h1>
      ${mayChange && all.groups.length ? html`<button type="button" class="primary" @click=${() => enrol(list, null)}>${t("children.enrol")}</button>` : nothing}
    </div>
    <div class="buttons">
      ${
        mayChange
          ? html`
              <button type="button" class="quiet" @click=${() => makeGroup(list)}>${t("groups.make")}</button>
              <button type="button" class="quiet" @click=${() => choose({ list: "import" })}>${t("import.open")}</button>
            `
          : nothing
      }
      ${all.children.length ? html`<a class="quiet" href=${`/api/v1/children/export?kindergarten=${kindergarten.id}`} download>${t("import.export")}</a>` : nothing}
      ${all.consent_version === null ? nothing : html`<a class="quiet" href=${`/api/v1/consents.csv?kindergarten=${kindergarten.id}`} download>${t("consents.export")}</a>`}
    </div>
    ${all.children.length ? search() : nothing}
    ${wanted.trim() ? found(list) : groups(list)}
  `;
}

function search() {
  const oninput = (/** @type {InputEvent & {target: HTMLInputElement}} */ { target }) => {
    wanted = target.value;
    drawAnew();
  };
  return html`
    <div class="children-search" role="search">
      <label for="children-search">${t("children.search")}</label>
      <input id="children-search" type="search" autocomplete="off" .value=${wanted} @input=${oninput} />
    </div>
  `;
}

/** @typedef {Children & {kindergarten: string, zone: string, mayChange: boolean}} List */

/** @param {List} list */
function found(list) {
  const words = plain(wanted).split(" ").filter(Boolean);
  const all = sorted(list.children.filter(({ name }) => words.every((word) => plain(name).includes(word))));
  const rest = all.length - FOUND_AT_MOST;
  return html`
    <p class="soft" role="status">${all.length ? count("children.count", all.length) : t("children.nobody")}</p>
    ${lines(all.slice(0, FOUND_AT_MOST), list, true)} ${rest > 0 ? html`<p class="soft">${t("children.rest", { n: rest })}</p>` : nothing}
  `;
}

/** As names are compared: by letters, whichever way they were typed. @param {string} text */
const plain = (text) => text.toLocaleLowerCase().replaceAll("ё", "е").replace(/\s+/g, " ").trim();

/** @param {List} list */
function groups(list) {
  const of = new Map(list.groups.map(({ id }) => [id, /** @type {Child[]} */ ([])]));
  /** @type {Child[]} */
  const coming = [];
  /** @type {Child[]} */
  const left = [];
  for (const child of list.children) {
    const stay = stayOn(child, list.today);
    if (stay) of.get(stay.group)?.push(child);
    else (child.stays.some(({ from }) => from > list.today) ? coming : left).push(child);
  }
  if (!list.groups.length && !list.children.length) return empty(list);
  return html`
    <div class="groups">
      ${repeat(
        list.groups,
        ({ id }) => id,
        (group) => folder(group.id, group.name, of.get(group.id) ?? [], list, group),
      )}
      ${coming.length ? folder(COMING, t("children.coming"), coming, list, null) : nothing}
      ${left.length ? folder(LEFT, t("children.left"), left, list, null) : nothing}
    </div>
  `;
}

/** @param {List} list */
const empty = ({ mayChange }) => html`
  <div class="page">
    <p>${t("children.empty")}</p>
    ${mayChange ? html`<p class="soft">${t("children.empty_more")}</p>` : nothing}
  </div>
`;

/**
 * A group with its children, shown where it is the chosen one.
 * @param {string} id
 * @param {string} name
 * @param {Child[]} children
 * @param {List} list
 * @param {Group | null} group
 */
function folder(id, name, children, list, group) {
  const open = chosen("group") === id;
  const absent = children.filter((child) => isAway(child, list.today)).length;
  const facts = [count("children.count", children.length), absent && t("children.away_count", { n: absent }), consentSummary(children, list)];
  return html`
    <section class="card group" aria-labelledby=${`group-${id}`}>
      <h2 id=${`group-${id}`}>
        <button type="button" class="group-name" aria-expanded=${open} @click=${() => choose({ group: open ? null : id })}>
          <span>${name}</span>
          <span class="soft">${facts.filter(Boolean).join(" · ")}</span>
        </button>
      </h2>
      ${open ? inside(children, list, group) : nothing}
    </section>
  `;
}

/**
 * @param {Child[]} children
 * @param {List} list
 * @param {Group | null} group
 */
const inside = (children, list, group) => html`
  ${
    group && list.mayChange
      ? html`
          <div class="buttons">
            <button type="button" class="quiet" @click=${() => enrol(list, group.id)}>${t("children.enrol")}</button>
            ${list.groups.length > 1 ? html`<button type="button" class="quiet" @click=${() => mergeGroup(group, list)}>${t("groups.merge")}</button>` : nothing}
            <button type="button" class="quiet" @click=${() => renameGroup(group)}>${t("groups.rename")}</button>
            <button type="button" class="quiet" @click=${() => removeGroup(group)}>${t("groups.remove")}</button>
          </div>
        `
      : nothing
  }
  ${group ? mergers(group, list) : nothing}
  ${children.length ? lines(sorted(children), list, false) : html`<p class="soft">${t("groups.empty")}</p>`}
`;

/**
 * @param {Child[]} children
 * @param {List} list
 * @param {boolean} grouped Whether each line has to say in which group.
 */
const lines = (children, list, grouped) => html`
  <ul class="lines">
    ${repeat(
      children,
      ({ id }) => id,
      (child) => html`<li class="line">${line(child, list, grouped)}</li>`,
    )}
  </ul>
`;

/**
 * @param {Child} child
 * @param {List} list
 * @param {boolean} grouped
 */
function line(child, list, grouped) {
  const here = stayOn(child, list.today);
  const isGone = isAway(child, list.today);
  const facts = [grouped && here && groupName(here.group, list), ...plans(child, list), consentMissing(child, list)].filter(Boolean);
  return html`
    <div class="line-text">
      <strong>${child.name}</strong>
      ${facts.length ? html`<p class="soft">${facts.join(" · ")}</p>` : nothing}
    </div>
    <div class="buttons">
      ${
        list.mayChange && here
          ? html`<button type="button" class="quiet" aria-pressed=${isGone} aria-label=${`${t(isGone ? "children.back" : "children.absent")}: ${child.name}`} @click=${() => (isGone ? back(child) : away(child, list, list.today))}>
              ${t(isGone ? "children.back" : "children.absent")}
            </button>`
          : nothing
      }
      <button type="button" class="quiet" aria-label=${`${t("children.more")}: ${child.name}`} @click=${() => more(child, list)}>${t("children.more")}</button>
    </div>
  `;
}

/** @param {Child[]} children */
function sorted(children) {
  const { compare } = new Intl.Collator(currentLanguage(), { numeric: true });
  return [...children].sort((one, other) => compare(one.name, other.name));
}
