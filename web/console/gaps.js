// Where there is no recording, and why, in words.

/** @import { Key } from "../i18n.js" */
/** @import { Gap, RecordedCamera } from "./recordings.js" */

import { count, has, t } from "../i18n.js";
import { local, now } from "../time.js";
import { html } from "../vendor/lit-html/lit-html.js";

/** A gap is shown from a moment before it, so that its edge is seen. */
const BEFORE_MS = 5_000;

/** @param {string} cause */
const causeOf = (cause) => t(has(`gap.${cause}`) ? /** @type {Key} */ (`gap.${cause}`) : "gap.unknown");

/** @param {Gap} gap */
const span = ({ start, end }) => ({ from: Date.parse(start), to: end ? Date.parse(end) : now() });

/**
 * '2:05' or '1:02:05'.
 * @param {number} ms
 */
function lasted(ms) {
  const seconds = Math.round(ms / 1_000);
  const [hours, minutes] = [Math.trunc(seconds / 3_600), Math.trunc(seconds / 60) % 60];
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/**
 * Why there is nothing at a moment.
 * @param {Gap[]} gaps
 * @param {number} at
 */
export function gapWords(gaps, at) {
  const gap = gaps.find((gap) => span(gap).from <= at && at < span(gap).to);
  return t("recordings.none_now", { why: gap ? causeOf(gap.cause) : t("gap.unknown") });
}

/**
 * The gaps of the cameras, the first first; a press goes to where one begins.
 * @param {RecordedCamera[]} cameras
 * @param {string} zone
 * @param {(at: number) => void} onmove
 */
export function gapList(cameras, zone, onmove) {
  const gaps = cameras.flatMap(({ name, gaps }) => gaps.map((gap) => ({ name, gap, ...span(gap) })));
  gaps.sort((one, other) => one.from - other.from);
  const clock = (/** @type {number} */ at) => `${local(at, zone).time}:${local(at, zone).seconds}`;
  return html`
    <section aria-labelledby="gaps-title">
      <h2 id="gaps-title">${t("recordings.gaps")}</h2>
      <p class="soft" role="status">${gaps.length ? count("recordings.gaps_count", gaps.length) : t("recordings.no_gaps")}</p>
      <ul class="lines">
        ${gaps.map(
          ({ name, gap, from, to }) => html`
            <li class="line">
              <div class="line-text">
                <h3>${gap.end ? t("viewings.from_to", { from: clock(from), to: clock(to) }) : t("today.since", { since: clock(from) })}</h3>
                <p class="soft">${name} · ${t("recordings.long", { long: lasted(to - from) })}</p>
              </div>
              <p class="line-text">${causeOf(gap.cause)}</p>
              <div class="buttons">
                <button type="button" class="quiet" @click=${() => onmove(from - BEFORE_MS)}>${t("recordings.show_gap")}</button>
              </div>
            </li>
          `,
        )}
      </ul>
    </section>
  `;
}
