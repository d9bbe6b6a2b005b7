// Today's viewing hours as a strip of the day, with a mark at now.

/** @import { Window } from "../types.js" */

import { t } from "../i18n.js";
import { local, now } from "../time.js";
import { MIDNIGHT } from "../when.js";
import { ticksBetween } from "./ticks.js";
import { html, svg } from "../vendor/lit-html/lit-html.js";

const DAY = 24 * 60;
/** The part of the day that is shown at least, in minutes since midnight. */
const AT_LEAST = { from: 8 * 60, to: 19 * 60 };

/**
 * @param {Window[]} windows
 * @param {string} zone
 */
export function hours(windows, zone) {
  const spans = windows.map((window) => span(window, zone));
  const minute = local(now(), zone).minutes;
  const from = Math.min(AT_LEAST.from, minute, ...spans.map((span) => span.from));
  const to = Math.max(AT_LEAST.to, minute, ...spans.map((span) => span.to));
  /** @param {number} at */
  const percent = (at) => `${(((at - from) / (to - from)) * 100).toFixed(2)}%`;
  const ticks = ticksBetween(from, to);

  return html`
    <section class="hours" aria-labelledby="hours-title">
      <h2 id="hours-title">${t("hours.today")}</h2>
      <p class="hours-text">${spans.length ? spans.map((span) => html`<span>${span.text}</span>`) : t("hours.none")}</p>
      <svg class="hours-strip" aria-hidden="true" focusable="false">
        <rect class="hours-day" width="100%" height="14" rx="7" />
        ${spans.map((span) => svg`<rect class="hours-open" x=${percent(span.from)} width=${length(span, from, to)} height="14" rx="7" />`)}
        ${ticks.map((at) => tick(at, percent(at), at === ticks[0] && at - from < 30, to - at < 30))}
        <line class="hours-now" x1=${percent(minute)} x2=${percent(minute)} y1="-3" y2="17" />
      </svg>
    </section>
  `;
}

/**
 * A window as minutes of today: one that began yesterday starts at midnight, one that runs on ends there.
 * @param {Window} window
 * @param {string} zone
 */
function span({ start, end }, zone) {
  const today = local(now(), zone).date;
  const [begins, ends] = [local(start, zone), local(end, zone)];
  const [early, late] = [begins.date < today, ends.date > today];
  return {
    from: early ? 0 : begins.minutes,
    to: late ? DAY : ends.minutes,
    text: `${early ? "00:00" : begins.time}–${late ? MIDNIGHT : ends.time}`,
  };
}

/**
 * @param {{from: number, to: number}} span
 * @param {number} from
 * @param {number} to
 */
const length = (span, from, to) => `${(((span.to - span.from) / (to - from)) * 100).toFixed(2)}%`;

/**
 * @param {number} at
 * @param {string} x
 * @param {boolean} first At the left edge, where a centred text would be cut.
 * @param {boolean} last At the right edge.
 */
function tick(at, x, first, last) {
  const anchor = first ? "start" : last ? "end" : "middle";
  return svg`<text class="hours-tick" x=${x} y="33" text-anchor=${anchor}>${String(at / 60).padStart(2, "0")}:00</text>`;
}

