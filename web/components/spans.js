// Edits the spans of a day: from when to when parents may look. What lies between two of them is closed.

import { Problem } from "../api.js";
import { t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { MIDNIGHT } from "../when.js";

/** @typedef {{start: string, end: string}} Span As the fields have it: HH:MM, and 00:00 for the midnight that ends a day. */

const MOST = 12;
const ZERO = "00:00";

/**
 * Spans as the gateway writes them, `09:00-12:30`, for the fields.
 * @param {string[]} texts
 * @returns {Span[]}
 */
export const editable = (texts) =>
  texts.map((text) => {
    const [start, end] = text.split("-");
    return { start, end: end === MIDNIGHT ? ZERO : end };
  });

/**
 * The same the other way; a field that is empty, or a span that is, is named as wrong.
 * @param {Span[]} spans
 */
export const written = (spans) =>
  spans.map(({ start, end }) => {
    const last = end === ZERO ? MIDNIGHT : end;
    if (!start || !end || start === last) throw new Problem("bad_field", 400, { field: "hours" });
    return `${start}-${last}`;
  });

/**
 * Spans in words: `09:00–12:30`, and the day on which one ends that runs over midnight.
 * @param {string[]} texts
 */
export const spansText = (texts) =>
  texts.length
    ? texts.map((text) => {
        const [{ start, end }] = editable([text]);
        return html`<span>${start}–${end === ZERO ? MIDNIGHT : end}${overnight({ start, end }) ? ` (${t("spans.next_day")})` : nothing}</span>`;
      })
    : html`<span>${t("spans.closed")}</span>`;

/** @param {Span} span */
const overnight = ({ start, end }) => Boolean(start && end) && end !== ZERO && end < start;

/**
 * The fields; what is typed changes `spans` itself.
 * @param {Span[]} spans
 * @param {() => void} redraw
 */
export function spansFields(spans, redraw) {
  const add = () => {
    spans.push({ start: spans.at(-1)?.end ?? "09:00", end: "18:00" });
    redraw();
  };
  return html`
    <div class="spans">
      ${spans.map((span, place) => fields(span, place + 1, () => remove(spans, place, redraw), redraw))}
      ${spans.length ? nothing : html`<p class="sheet-note">${t("spans.none")}</p>`}
      ${spans.length < MOST ? html`<button type="button" class="quiet" @click=${add}>${t("spans.add")}</button>` : nothing}
    </div>
  `;
}

/**
 * @param {Span[]} spans
 * @param {number} place
 * @param {() => void} redraw
 */
function remove(spans, place, redraw) {
  spans.splice(place, 1);
  redraw();
}

/**
 * @param {Span} span
 * @param {number} number
 * @param {() => void} onremove
 * @param {() => void} redraw
 */
function fields(span, number, onremove, redraw) {
  const field = (/** @type {"start" | "end"} */ end) => {
    const oninput = (/** @type {InputEvent & {target: HTMLInputElement}} */ { target }) => {
      span[end] = target.value;
      redraw();
    };
    return html`<input type="time" required aria-label=${t(`spans.${end}`, { n: number })} .value=${span[end]} @input=${oninput} />`;
  };
  return html`
    <div class="span">
      ${field("start")}<span aria-hidden="true">–</span>${field("end")}
      <button type="button" class="span-remove" aria-label=${t("spans.remove", { n: number })} title=${t("spans.remove", { n: number })} @click=${onremove}>×</button>
      ${overnight(span) ? html`<p class="sheet-note">${t("spans.overnight")}</p>` : nothing}
    </div>
  `;
}
