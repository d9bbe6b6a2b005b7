// The week, of the kindergarten or of a group: a line a day, and the dialog that changes it.

/** @import { Group, Hours, Week, Weekday } from "./hours.js" */
/** @import { Place } from "./sections.js" */

import * as api from "../api.js";
import { choice } from "../components/choice.js";
import { ask } from "../components/sheet.js";
import { editable, spansFields, spansText, written } from "../components/spans.js";
import { capital, t } from "../i18n.js";
import { choose, chosen } from "../router.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @type {Weekday[]} */
const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** Where the address names no group. */
const ALL = "";

/**
 * @param {Hours} hours
 * @param {Place} place
 */
export function week(hours, { kindergarten, mayChange }) {
  const group = hours.groups.find(({ id }) => id === chosen("group")) ?? null;
  const shown = group?.week ?? hours.week;
  return html`
    <section class="hours-part" aria-labelledby="week-title">
      <h2 id="week-title">${t("week.title")}</h2>
      ${
        hours.groups.length
          ? choice({
              label: t("week.whose"),
              chosen: group?.id ?? ALL,
              options: [{ id: ALL, text: t("hours.all") }, ...hours.groups.map(({ id, name }) => ({ id, text: name }))],
              onchoose: (id) => choose({ group: id || null }),
            })
          : nothing
      }
      <p class="note">${said(group)}</p>
      <ul class="lines">
        ${DAYS.map((day) => line(day, shown[day], mayChange ? () => edit(day, shown, group, kindergarten.id) : null))}
      </ul>
      ${group?.week && mayChange ? html`<p><button type="button" class="quiet" @click=${() => giveUp(group, kindergarten.id)}>${t("week.give_up")}</button></p>` : nothing}
    </section>
  `;
}

/** @param {Weekday} day */
const dayName = (day) => capital(t(`day.${day}`));

/** @param {Group | null} group */
function said(group) {
  if (!group) return t("week.kindergarten");
  return t(group.week ? "week.own" : "week.follows", { name: group.name });
}

/**
 * @param {Weekday} day
 * @param {string[]} spans
 * @param {(() => void) | null} onedit
 */
const line = (day, spans, onedit) => html`
  <li class="line">
    <div class="line-text">
      <strong>${dayName(day)}</strong>
      <p class="times">${spansText(spans)}</p>
    </div>
    ${onedit ? html`<button type="button" class="quiet" aria-label="${t("hours.change")}: ${dayName(day)}" @click=${onedit}>${t("hours.change")}</button>` : nothing}
  </li>
`;

/**
 * Asks for the spans of a day, and for the other days that get the same. Changing a day of a group without a week of its own gives it one.
 * @param {Weekday} day
 * @param {Week} week
 * @param {Group | null} group
 * @param {string} kindergarten
 */
function edit(day, week, group, kindergarten) {
  const spans = editable(week[day]);
  /** @type {Set<Weekday>} */
  const same = new Set();
  ask({
    title: group ? t("week.day_of", { day: dayName(day), name: group.name }) : dayName(day),
    confirm: t("sheet.save"),
    body: (redraw) => html`
      ${group && !group.week ? html`<p class="sheet-note">${t("week.becomes_own")}</p>` : nothing}
      <p class="sheet-note">${t("spans.note")}</p>
      ${spansFields(spans, redraw)}
      <h3 id="week-copy">${t("week.copy")}</h3>
      <div class="choice" role="group" aria-labelledby="week-copy">
        ${DAYS.filter((other) => other !== day).map((other) => {
          const toggle = () => {
            same.delete(other) || same.add(other);
            redraw();
          };
          return html`<button type="button" aria-pressed=${same.has(other)} @click=${toggle}>${dayName(other)}</button>`;
        })}
      </div>
    `,
    onsend: async () => {
      const changed = written(spans);
      const days = DAYS.map((other) => [other, other === day || same.has(other) ? changed : week[other]]);
      await api.send("PUT", "hours", { kindergarten, group: group?.id ?? null, week: Object.fromEntries(days) });
    },
  });
}

/**
 * @param {Group} group
 * @param {string} kindergarten
 */
const giveUp = (group, kindergarten) =>
  ask({
    title: t("week.give_up"),
    confirm: t("week.give_up_confirm"),
    body: () => html`<p>${t("week.give_up_text", { name: group.name })}</p>`,
    onsend: () => api.send("PUT", "hours", { kindergarten, group: group.id, week: null }),
  });
