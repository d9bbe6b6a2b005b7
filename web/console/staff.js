// What a director changes about those who work in the kindergarten.

/** @import { Everybody, Person } from "./people.js" */
/** @import { Place } from "./sections.js" */

import * as api from "../api.js";
import { ask } from "../components/sheet.js";
import { t } from "../i18n.js";
import { choose } from "../router.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { newcomer, text } from "./guardians.js";

/**
 * @param {Everybody} everybody
 * @param {Place} place
 */
export function addStaff(everybody, { kindergarten }) {
  let added = "";
  ask({
    title: t("people.add_staff"),
    zone: kindergarten.zone,
    confirm: t("people.add_confirm"),
    body: () => html`<p>${t("staff.may")}</p>${newcomer("staff", "")} ${rooms(everybody, null)}`,
    onsend: async (fields) => {
      const [name, login, language, group] = ["name", "login", "language", "group"].map((field) => text(fields, field));
      added = (await api.send("POST", "staff", { name, login, language, group })).account;
    },
    onclosed: (sent) => sent && choose({ person: added }),
  });
}

/**
 * @param {Person} person
 * @param {Everybody} everybody
 * @param {Place} place
 */
export const changeRoom = (person, everybody, { kindergarten }) =>
  ask({
    title: t("people.change_room"),
    zone: kindergarten.zone,
    confirm: t("people.save"),
    body: () => html`<p class="sheet-note">${person.name}</p>${rooms(everybody, person.room)}`,
    onsend: (fields) => api.send("PUT", `staff/${person.account}/room`, { group: text(fields, "group") }),
  });

/**
 * @param {Person} person
 * @param {Place} place
 */
export const removeStaff = (person, { kindergarten }) =>
  ask({
    title: t("people.remove_staff"),
    zone: kindergarten.zone,
    confirm: t("people.remove_confirm"),
    danger: true,
    body: () => html`<p class="sheet-note">${person.name}</p><p>${t("people.remove_text")}</p>`,
    onsend: () => api.send("DELETE", `staff/${person.account}`),
    onclosed: (sent) => sent && choose({ person: null }),
  });

/**
 * @param {Everybody} everybody
 * @param {string | null} room
 */
const rooms = ({ groups }, room) => html`
  <label for="staff-group">${t("people.room")}</label>
  <select id="staff-group" name="group" required>
    ${groups.map(({ id, name }) => html`<option value=${id} ?selected=${id === room}>${name}</option>`)}
  </select>
`;
