// Dialogs of groups: making, renaming, removing, and enrolling a child in one.

/** @import { Group, List } from "./children.js" */

import * as api from "../api.js";
import { ask } from "../components/sheet.js";
import { t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

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
 */
export const groupField = ({ groups }, chosen) => html`
  <label for="sheet-group">${t("children.group")}</label>
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
