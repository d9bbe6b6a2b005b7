// What a parent of a group will see on a day, as the gateway's own rules say.

/** @import { Hours } from "./hours.js" */
/** @import { Place } from "./sections.js" */

import { choice } from "../components/choice.js";
import { capital, t } from "../i18n.js";
import { resource } from "../resource.js";
import { choose, chosen } from "../router.js";
import { local, now, wallText } from "../time.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { MIDNIGHT, moment, weekdayAndDate } from "../when.js";
import { reasonWords } from "../words.js";
import { shown } from "./shown.js";

/**
 * @typedef {{start: string, end: string, code: "open" | "outside_hours" | "exception" | "paused" | "group_consent", reason: string | null}} Stretch
 * @typedef {{camera: string, name: string, from: string, until: string, reason: string}} CameraPause
 * @typedef {{host: string | null, stretches: Stretch[], cameras: CameraPause[]}} Day
 */

/**
 * @param {Hours} hours
 * @param {Place} place
 */
export function day({ groups }, { kindergarten, revision }) {
  if (!groups.length) return nothing;
  const group = groups.find(({ id }) => id === chosen("of")) ?? groups[0];
  const today = wallText(now(), kindergarten.zone).slice(0, 10);
  const date = chosen("date") ?? today;
  /** @type {import("../resource.js").Resource<Day>} */
  const day = resource(`hours/day?kindergarten=${kindergarten.id}&group=${group.id}&date=${encodeURIComponent(date)}`, revision);
  const onchange = (/** @type {Event & {target: HTMLInputElement}} */ { target }) => choose({ date: target.value || null });
  return html`
    <section class="hours-part" aria-labelledby="day-title">
      <h2 id="day-title">${t("day.title")}</h2>
      ${choice({
        label: t("day.group"),
        chosen: group.id,
        options: groups.map(({ id, name }) => ({ id, text: name })),
        onchoose: (of) => choose({ of }),
      })}
      <label class="day-date">${t("day.date")} <input type="date" min=${today} .value=${date} @change=${onchange} /></label>
      <div class="day-card" aria-live="polite">
        <h3>${group.name} · ${weekdayAndDate(date)}</h3>
        ${shown(day, kindergarten.zone, (day) => stretches(day, kindergarten.zone))}
      </div>
    </section>
  `;
}

/**
 * @param {Day} day
 * @param {string} zone
 */
const stretches = ({ host, stretches, cameras }, zone) => html`
  ${host ? html`<p class="day-host">${t("day.host", { host })}</p>` : nothing}
  <ul class="stretches">
    ${[...stretches.map((stretch) => words(stretch, zone)), ...cameras.map((pause) => cameraWords(pause, zone))].map(
      ({ tone, title, detail }) => html`
        <li data-tone=${tone}>
          <p class="state-title"><span class="state-dot"></span>${title}</p>
          ${detail ? html`<p class="state-detail">${detail}</p>` : nothing}
        </li>
      `,
    )}
  </ul>
`;

/**
 * @param {Stretch} stretch
 * @param {string} zone
 * @returns {import("../words.js").StateWords}
 */
function words({ start, end, code, reason }, zone) {
  const last = local(end, zone).time;
  const times = `${local(start, zone).time}–${last === "00:00" ? MIDNIGHT : last}`;
  const tone = code === "open" ? "live" : code === "paused" ? "paused" : "closed";
  return { tone, title: `${times} ${t(`day.${code}`)}`, detail: reason ? reasonWords(reason) : "" };
}

/**
 * @param {CameraPause} pause
 * @param {string} zone
 * @returns {import("../words.js").StateWords}
 */
const cameraWords = ({ name, from, until, reason }, zone) => ({
  tone: "paused",
  title: t("day.camera", { name, from: capital(moment(from, zone)), until: moment(until, zone) }),
  detail: reasonWords(reason),
});
