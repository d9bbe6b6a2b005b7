// What is done with one child, and the dialogs that ask for it: absent, back, moved, renamed, gone.

/** @import { Child, List } from "./children.js" */

import * as api from "../api.js";
import { ask } from "../components/sheet.js";
import { t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { calendarDay } from "../when.js";
import { sentence } from "../words.js";
import { consentOf, paper } from "./consent.js";
import { dayField, groupField, nameField } from "./group.js";
import { groupName, stayOn } from "./stays.js";

const LONGEST_NAME = 120;

/**
 * The child stays away today, up to `to`.
 * @param {Child} child
 * @param {List} list
 * @param {string} to
 */
export const away = (child, { today, zone }, to) => now(zone, () => api.send("PUT", `children/${child.id}/absence`, { from: today, to }));

/** @param {Child} child */
export const back = (child) => now("UTC", () => api.send("DELETE", `children/${child.id}/absence`));

/**
 * Does something that needs no question, and says so if it goes wrong.
 * @param {string} zone
 * @param {() => Promise<unknown>} work
 */
async function now(zone, work) {
  try {
    await work();
  } catch (error) {
    const { code, facts } = api.asProblem(error);
    ask({ title: t("children.not_done"), body: () => html`<p>${sentence(code, facts, zone)}</p>` });
  }
}

/**
 * All there is to know and to do.
 * @param {Child} child
 * @param {List} list
 */
export function more(child, list) {
  const here = stayOn(child, list.today);
  const coming = child.stays.some(({ from }) => from > list.today);
  /** @type {[string, (child: Child, list: List) => void][]} */
  const actions = !list.mayChange
    ? []
    : [
        ...(here ? /** @type {[string, typeof absence][]} */ ([[t("children.absent_days"), absence]]) : []),
        [t(here || coming ? "children.move" : "children.return"), move],
        [t("children.rename"), rename],
        ...(list.consent_version === null ? [] : /** @type {[string, typeof paper][]} */ ([[t("consents.paper"), paper]])),
        ...(here || coming ? /** @type {[string, typeof leave][]} */ ([[t("children.leave"), leave]]) : []),
      ];
  ask({
    title: child.name,
    body: () => html`
      <h3>${t("children.history")}</h3>
      <ul class="lines">
        ${child.stays.map(
          ({ group, from, to }) => html`<li><strong>${groupName(group, list)}</strong> <span class="soft">${to ? t("children.days", { from: calendarDay(from), to: calendarDay(to) }) : t("children.since", { from: calendarDay(from) })}</span></li>`,
        )}
      </ul>
      ${child.absences.length ? html`<h3>${t("children.absences")}</h3>` : nothing}
      ${child.absences.map(({ from, to }) => html`<p>${from === to ? calendarDay(from) : t("children.days", { from: calendarDay(from), to: calendarDay(to) })}</p>`)}
      ${consentOf(child, list)}
      ${actions.length ? html`<div class="buttons">${actions.map(([text, act]) => html`<button type="button" class="quiet" @click=${instead(() => act(child, list))}>${text}</button>`)}</div>` : nothing}
    `,
  });
}

/**
 * Closes the dialog in which a button stands, and does something else.
 * @param {() => void} act
 */
const instead = (act) => (/** @type {Event} */ { currentTarget }) => {
  if (currentTarget instanceof Element) currentTarget.closest("dialog")?.close();
  act();
};

/**
 * @param {Child} child
 * @param {List} list
 */
function absence({ id, name }, { today }) {
  ask({
    title: t("children.absent_title", { name }),
    body: () => html`
      ${dayField("from", t("children.away_from"), today)} ${dayField("to", t("children.away_to"), today)}
      <p class="sheet-note">${t("children.away_note")}</p>
    `,
    confirm: t("children.save"),
    onsend: (fields) => api.send("PUT", `children/${id}/absence`, { from: fields.get("from"), to: fields.get("to") }),
  });
}

/**
 * @param {Child} child
 * @param {List} list
 */
function move({ id, name, stays }, list) {
  const others = { ...list, groups: list.groups.filter(({ id }) => id !== stays.at(-1)?.group || stays.at(-1)?.to) };
  ask({
    title: t("children.move_title", { name }),
    body: () => html`
      ${groupField(others, null)} ${dayField("from", t("children.move_from"), list.today)}
      <p class="sheet-note">${t("children.move_note")}</p>
    `,
    confirm: t("children.save"),
    onsend: (fields) => api.send("PUT", `children/${id}/group`, { group: fields.get("group"), from: fields.get("from") }),
  });
}

/** @param {Child} child */
function rename({ id, name }) {
  ask({
    title: t("children.rename"),
    body: () => nameField(t("children.name"), name, LONGEST_NAME),
    confirm: t("children.save"),
    onsend: (fields) => api.send("PUT", `children/${id}/name`, { name: fields.get("name") }),
  });
}

/**
 * @param {Child} child
 * @param {List} list
 */
function leave({ id, name }, { today }) {
  ask({
    title: t("children.leave_title", { name }),
    body: () => html`
      ${dayField("last_day", t("children.last_day"), today)}
      <p class="sheet-note">${t("children.leave_note")}</p>
    `,
    confirm: t("children.save"),
    danger: true,
    onsend: (fields) => api.send("PUT", `children/${id}/last-day`, { last_day: fields.get("last_day") }),
  });
}
