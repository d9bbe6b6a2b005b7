// Dialogs of groups: making, renaming, removing, and enrolling a child in one.

/** @import { Group, List, Merger } from "./children.js" */

import * as api from "../api.js";
import { ask } from "../components/sheet.js";
import { t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { calendarDay } from "../when.js";
import { groupName } from "./stays.js";

const LONGEST_NAME = 80;
const LONGEST_CHILD_NAME = 120;

/** @param {List} list */
export function makeGroup({ kindergarten }) {
  ask({
    title: t("groups.make"),
    body: () => nameField(t("groups.name"), "", LONGEST_NAME),
    confirm: t("groups.confirm"),
    onsend: (fields) => api.send("POST", "groups", { kindergarten, name: fields.get("name") }),
  });
}

/** @param {Group} group */
export function renameGroup({ id, name }) {
  ask({
    title: t("groups.rename"),
    body: () => nameField(t("groups.name"), name, LONGEST_NAME),
    confirm: t("children.save"),
    onsend: (fields) => api.send("PUT", `groups/${id}/name`, { name: fields.get("name") }),
  });
}

/** @param {Group} group */
export function removeGroup({ id, name }) {
  ask({
    title: t("groups.remove_title", { name }),
    body: () => html`<p class="sheet-note">${t("groups.remove_text")}</p>`,
    confirm: t("groups.remove"),
    danger: true,
    onsend: () => api.send("DELETE", `groups/${id}`),
  });
}

/**
 * Asks with which group, and on which day.
 * @param {Group} group
 * @param {List} list
 */
export function mergeGroup({ id, name }, list) {
  const others = list.groups.filter((group) => group.id !== id);
  ask({
    title: t("groups.merge_title", { name }),
    body: () => html`
      ${groupField({ ...list, groups: others }, null, t("groups.host"))} ${dayField("date", t("groups.day"), list.today)}
      <p class="sheet-note">${t("groups.merge_note")}</p>
    `,
    confirm: t("children.save"),
    onsend: (fields) => api.send("POST", "mergers", { kindergarten: list.kindergarten, group: id, host: fields.get("group"), date: fields.get("date") }),
  });
}

/**
 * The days on which a group is with another.
 * @param {Group} group
 * @param {List} list
 */
export function mergers({ id }, list) {
  const own = list.mergers.filter(({ group }) => group === id);
  if (!own.length) return nothing;
  return html`
    <ul class="lines">
      ${own.map((merger) => {
        const words = t("groups.merged", { day: calendarDay(merger.date), group: groupName(merger.host, list) });
        const part = html`<button type="button" class="quiet" aria-label=${`${t("today.call_off")}: ${words}`} @click=${() => partGroup(merger, words)}>${t("today.call_off")}</button>`;
        return html`<li class="line"><p class="line-text">${words}</p>${list.mayChange ? part : nothing}</li>`;
      })}
    </ul>
  `;
}

/**
 * @param {Merger} merger
 * @param {string} words
 */
function partGroup({ id }, words) {
  ask({
    title: words,
    body: () => html`<p class="sheet-note">${t("groups.part_text")}</p>`,
    confirm: t("today.call_off"),
    onsend: () => api.send("DELETE", `mergers/${id}`),
  });
}

/**
 * @param {List} list
 * @param {string | null} group The group that is proposed.
 */
export function enrol(list, group) {
  ask({
    title: t("children.enrol"),
    body: () => html`
      ${nameField(t("children.name"), "", LONGEST_CHILD_NAME)} ${groupField(list, group)} ${dayField("from", t("children.first_day"), list.today)}
      <p class="sheet-note">${t("children.enrol_note")}</p>
    `,
    confirm: t("children.enrol_confirm"),
    onsend: (fields) => api.send("POST", "children", { kindergarten: list.kindergarten, name: fields.get("name"), group: fields.get("group"), from: fields.get("from") }),
  });
}

/**
 * @param {string} label
 * @param {string} value
 * @param {number} longest
 */
export const nameField = (label, value, longest) => html`
  <label for="sheet-name">${label}</label>
  <input id="sheet-name" name="name" type="text" autocomplete="off" required maxlength=${longest} value=${value} />
`;

/**
 * @param {List} list
 * @param {string | null} chosen
 * @param {string} [label]
 */
export const groupField = ({ groups }, chosen, label = t("children.group")) => html`
  <label for="sheet-group">${label}</label>
  <select id="sheet-group" name="group" required>
    ${chosen ? nothing : html`<option value="">${t("children.group_choose")}</option>`}
    ${groups.map(({ id, name }) => html`<option value=${id} ?selected=${id === chosen}>${name}</option>`)}
  </select>
`;

/**
 * @param {string} name
 * @param {string} label
 * @param {string} value YYYY-MM-DD.
 */
export const dayField = (name, label, value) => html`
  <label for=${`sheet-${name}`}>${label}</label>
  <input id=${`sheet-${name}`} name=${name} type="date" required value=${value} />
`;
