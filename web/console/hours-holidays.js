// The public holidays of a year, to be looked through before they are taken: each can be left out or given another date.

/** @import { Hours } from "./hours.js" */

import * as api from "../api.js";
import { choice } from "../components/choice.js";
import { ask } from "../components/sheet.js";
import { capital, t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { calendarDay, weekdayAndDate } from "../when.js";
import { reasonWords } from "../words.js";

/** @typedef {{date: string, name: string, instead_of: string | null, expected: boolean}} Holiday */
/** @typedef {Holiday & {taken: boolean, known: boolean}} Row */

/** Of which a date can be set. */
const YEARS_AHEAD = 1;

/**
 * Asks which holidays to take, for the whole kindergarten.
 * @param {Hours} hours
 * @param {string} kindergarten
 * @param {string} today
 */
export function holidays(hours, kindergarten, today) {
  const first = Number(today.slice(0, 4));
  let year = first;
  /** @type {Row[] | null} */
  let rows = null;
  /** @type {() => void} */
  let redraw = () => {};

  const load = async () => {
    const asked = year;
    rows = null;
    /** @type {Holiday[]} */
    const found = await api.get(`holidays?year=${asked}`).catch(() => []);
    if (asked !== year) return;
    // What the director has set for a date is not asked for again.
    const known = new Set(hours.exceptions.filter(({ group }) => group === null).map(({ date }) => date));
    const ahead = found.filter(({ date }) => date >= today);
    rows = ahead.map((holiday) => ({ ...holiday, taken: !known.has(holiday.date), known: known.has(holiday.date) }));
    redraw();
  };
  void load();

  ask({
    title: t("holidays.title"),
    confirm: t("holidays.take"),
    body: (draw) => {
      redraw = draw;
      return html`
        ${choice({
          label: t("holidays.year"),
          chosen: String(year),
          options: Array.from({ length: YEARS_AHEAD + 1 }, (_, ahead) => String(first + ahead)).map((id) => ({ id, text: id })),
          onchoose: (id) => {
            year = Number(id);
            void load();
            draw();
          },
        })}
        <p class="sheet-note">${t("holidays.note")}</p>
        ${rows === null ? html`<p role="status">${t("app.loading")}</p>` : list(rows, today, draw)}
      `;
    },
    onsend: async () => {
      const taken = (rows ?? []).filter(({ taken }) => taken);
      if (!taken.length) throw new api.Problem("bad_field", 400, { field: "date" });
      // Two of them on one day are one day off.
      const dates = new Map(taken.map(({ date, name }) => [date, { group: null, date, hours: [], reason: name }]));
      await api.send("POST", "exceptions", { kindergarten, dates: [...dates.values()] });
    },
  });
}

/**
 * @param {Row[]} rows
 * @param {string} today
 * @param {() => void} redraw
 */
const list = (rows, today, redraw) => html`
  <ul class="holidays">
    ${rows.map((row, place) => {
      const id = `holiday-${place}`;
      const ontake = (/** @type {Event & {target: HTMLInputElement}} */ { target }) => (row.taken = target.checked);
      const ondate = (/** @type {Event & {target: HTMLInputElement}} */ { target }) => {
        row.date = target.value;
        redraw();
      };
      return html`
        <li>
          <label class="check" for=${id}>
            <input id=${id} type="checkbox" .checked=${row.taken} @change=${ontake} />
            <span>${reasonWords(row.name)}<span class="soft">${more(row)}</span></span>
          </label>
          <input type="date" required min=${today} aria-label="${t("holidays.date")}: ${reasonWords(row.name)}" .value=${row.date} @change=${ondate} />
        </li>
      `;
    })}
    ${rows.length ? nothing : html`<li>${t("holidays.none")}</li>`}
  </ul>
`;

/** @param {Row} row */
const more = ({ date, instead_of, expected, known }) =>
  [
    date && capital(weekdayAndDate(date)),
    instead_of && t("holidays.instead", { date: calendarDay(instead_of) }),
    expected && t("holidays.expected"),
    known && t("holidays.known"),
  ]
    .filter(Boolean)
    .join(" · ");
