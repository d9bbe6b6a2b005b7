// What changed for a child, or is to come: a line each, the nearest day first; nothing at all where there is none.

/** @import { News } from "../types.js" */

import { capital, t } from "../i18n.js";
import { local, now } from "../time.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { shortDay } from "../when.js";
import { ended, reasonWords } from "../words.js";

/**
 * @param {News[]} all
 * @param {string} zone
 */
export const news = (all, zone) =>
  all.length
    ? html`
        <section class="news" aria-labelledby="news-title">
          <h2 id="news-title">${t("news.title")}</h2>
          <ul>${all.map((piece) => html`<li><strong>${capital(day(piece, zone))}:</strong> ${sentence(piece, zone)}</li>`)}</ul>
        </section>
      `
    : nothing;

/**
 * 'Today', 'Wednesday, 25 November', or from such a day to another.
 * @param {News} piece
 * @param {string} zone
 */
const day = ({ date, to }, zone) =>
  to && to !== date ? t("guests.days", { from: shortDay(date, zone), to: shortDay(to, zone) }) : shortDay(date, zone);

/**
 * @param {News} piece
 * @param {string} zone
 */
function sentence({ kind, hours = [], name, span, reason }, zone) {
  const why = reason ? ended(capital(reasonWords(reason))) : "";
  const because = (/** @type {string} */ text) => [text, why].filter(Boolean).join(" ");
  switch (kind) {
    case "hours":
      return because(hours.length ? t("news.hours", { hours: hours.join(", ") }) : t("news.closed"));
    case "paused": {
      const [from, to] = span ? [local(Math.max(Date.parse(span.start), midnight(zone)), zone).time, local(span.end, zone).time] : ["", ""];
      return because(name ? t("news.paused_camera", { name, from, to }) : t("news.paused", { from, to }));
    }
    default:
      return t(`news.${kind}`, { name: name ?? "" });
  }
}

/**
 * When today began, in ms since the epoch.
 * @param {string} zone
 */
const midnight = (zone) => now() - local(now(), zone).minutes * 60_000;
