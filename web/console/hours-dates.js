// The dates on which other hours hold: holidays, a party, a day of repairs.

/** @import { Dated, Hours } from "./hours.js" */
/** @import { Place } from "./sections.js" */

import * as api from "../api.js";
import { choice } from "../components/choice.js";
import { ask } from "../components/sheet.js";
import { editable, spansFields, spansText, written } from "../components/spans.js";
import { capital, t } from "../i18n.js";
import { dayText, now, wallText } from "../time.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { weekdayAndDate } from "../when.js";
import { reasonWords } from "../words.js";
import { holidays } from "./hours-holidays.js";

const DAY_MS = 86_400_000;
/** More days at once are two holidays. */
const MOST_DAYS = 62;

/**
 * @param {Hours} hours
 * @param {Place} place
 */
export function dates(hours, place) {
  const { kindergarten, mayChange } = place;
  const today = wallText(now(), kindergarten.zone).slice(0, 10);
  const coming = hours.exceptions.filter(({ date }) => date >= today);
  const gone = hours.exceptions.filter(({ date }) => date < today).reverse();
  const list = (/** @type {Dated[]} */ dates, /** @type {boolean} */ fixed) =>
    html`<ul class="lines">${dates.map((dated) => line(dated, hours, place, fixed))}</ul>`;
  return html`
    <section class="hours-part" aria-labelledby="dates-title">
      <h2 id="dates-title">${t("dates.title")}</h2>
      <p class="note">${t("dates.note")}</p>
      ${
        mayChange
          ? html`
              <p class="buttons">
                <button type="button" class="primary" @click=${() => edit(null, hours, place, today)}>${t("dates.add")}</button>
                <button type="button" class="quiet" @click=${() => holidays(hours, kindergarten.id, today)}>${t("dates.holidays")}</button>
              </p>
            `
          : nothing
      }
      ${coming.length ? list(coming, !mayChange) : html`<p class="note">${t("dates.none")}</p>`}
      ${gone.length ? html`<details class="gone"><summary>${t("dates.gone")}</summary>${list(gone, true)}</details>` : nothing}
    </section>
  `;
}

/**
 * @param {Dated} dated
 * @param {Hours} hours
 * @param {Place} place
 * @param {boolean} fixed
 */
function line(dated, hours, place, fixed) {
  const { date, reason, by } = dated;
  const day = capital(weekdayAndDate(date));
  return html`
    <li class="line">
      <div class="line-text">
        <strong>${day}</strong>
        <p class="times">${spansText(dated.hours)}</p>
        <p class="soft">${[whose(dated, hours), reasonWords(reason), by && t("dates.by", { name: by })].filter(Boolean).join(" · ")}</p>
      </div>
      ${
        fixed
          ? nothing
          : html`
              <p class="buttons">
                <button type="button" class="quiet" aria-label="${t("hours.change")}: ${day}" @click=${() => edit(dated, hours, place, date)}>${t("hours.change")}</button>
                <button type="button" class="quiet" aria-label="${t("dates.end")}: ${day}" @click=${() => end(dated, day)}>${t("dates.end")}</button>
              </p>
            `
      }
    </li>
  `;
}

/**
 * @param {Dated} dated
 * @param {Hours} hours
 */
const whose = ({ group }, { groups }) => groups.find(({ id }) => id === group)?.name ?? t("hours.all");

/**
 * Asks for other hours on a date, or changes those of `dated`. A row of dates can be given the same at once.
 * @param {Dated | null} dated
 * @param {Hours} hours
 * @param {Place} place
 * @param {string} first
 */
function edit(dated, hours, { kindergarten }, first) {
  const today = wallText(now(), kindergarten.zone).slice(0, 10);
  const spans = editable(dated?.hours.length ? dated.hours : ["09:00-12:00"]);
  let closed = !dated?.hours.length;
  let group = dated?.group ?? "";
  let from = first;
  const oninput = (/** @type {InputEvent & {target: HTMLInputElement}} */ { target }) => (from = target.value);
  ask({
    title: dated ? t("dates.change") : t("dates.add"),
    confirm: t("sheet.save"),
    zone: kindergarten.zone,
    body: (redraw) => html`
      ${dated ? html`<p class="sheet-note">${capital(weekdayAndDate(dated.date))}, ${whose(dated, hours)}</p>` : when()}
      ${
        dated || !hours.groups.length
          ? nothing
          : html`
              <h3>${t("dates.whose")}</h3>
              ${choice({
                label: t("dates.whose"),
                chosen: group,
                options: [{ id: "", text: t("hours.all") }, ...hours.groups.map(({ id, name }) => ({ id, text: name }))],
                onchoose: (id) => {
                  group = id;
                  redraw();
                },
              })}
            `
      }
      <h3>${t("dates.what")}</h3>
      ${choice({
        label: t("dates.what"),
        chosen: closed ? "closed" : "other",
        options: [
          { id: "closed", text: t("dates.closed") },
          { id: "other", text: t("dates.other") },
        ],
        onchoose: (id) => {
          closed = id === "closed";
          redraw();
        },
      })}
      ${closed ? nothing : spansFields(spans, redraw)}
      <label for="dates-reason">${t("dates.reason")}</label>
      <input id="dates-reason" name="reason" type="text" maxlength="200" autocomplete="off" required value=${dated ? reasonWords(dated.reason) : ""} />
    `,
    onsend: async (fields) => {
      const days = dated ? [dated.date] : row(from, String(fields.get("to") || from));
      const typed = String(fields.get("reason"));
      // A ready-made reason that was left as it is stays one.
      const reason = dated && typed === reasonWords(dated.reason) ? dated.reason : typed;
      const times = closed ? [] : written(spans);
      if (!closed && !times.length) throw new api.Problem("bad_field", 400, { field: "hours" });
      const dates = days.map((date) => ({ group: group || null, date, hours: times, reason }));
      await api.send("POST", "exceptions", { kindergarten: kindergarten.id, dates });
    },
  });

  function when() {
    return html`
      <label for="dates-from">${t("dates.from")}</label>
      <input id="dates-from" type="date" required min=${today} .value=${from} @input=${oninput} />
      <label for="dates-to">${t("dates.to")}</label>
      <input id="dates-to" name="to" type="date" min=${today} />
    `;
  }
}

/**
 * The days `from` to `to`, both included.
 * @param {string} from
 * @param {string} to
 */
function row(from, to) {
  const days = [];
  for (let day = Date.parse(from); day <= Date.parse(to) && days.length <= MOST_DAYS; day += DAY_MS) days.push(dayText(day));
  if (!days.length || days.length > MOST_DAYS) throw new api.Problem("bad_field", 400, { field: "date" });
  return days;
}

/**
 * @param {Dated} dated
 * @param {string} day
 */
const end = (dated, day) =>
  ask({
    title: t("dates.end"),
    confirm: t("dates.end_confirm"),
    body: () => html`<p>${t("dates.end_text", { day, reason: reasonWords(dated.reason) })}</p>`,
    onsend: () => api.send("DELETE", `exceptions/${dated.id}`),
  });
