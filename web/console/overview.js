// Whether every room has a camera, and when and why viewing was closed: what an inspector asks first.

/** @import { Defect, Me } from "../types.js" */
/** @import { Resource } from "../resource.js" */
/** @import { Place } from "./sections.js" */

import { defectLines } from "../components/defects.js";
import { shortfalls } from "../components/shortfalls.js";
import { count, t } from "../i18n.js";
import { refresh, resource } from "../resource.js";
import { chosen, choose } from "../router.js";
import { now, wallText } from "../time.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";
import { reasonWords, stateWords } from "../words.js";
import { shown } from "./shown.js";

/**
 * @typedef {object} PastPause
 * @property {string} id
 * @property {string | null} group
 * @property {string | null} camera
 * @property {string | null} name
 * @property {string} from
 * @property {string} until
 * @property {string | null} ended_at
 * @property {string} reason
 * @property {string | null} by
 * @property {string | null} ended_by
 */

const DAY_MS = 86_400_000;
/** How many days of pauses are shown until others are chosen. */
const DAYS = 30;

/** @param {Place} place */
export const draw = (place) => html`
  <h1>${t("overview.title")}</h1>
  ${shortfalls(place.kindergarten, place.me)} ${rooms(place)} ${pauses(place)}
`;

/** @param {Place} place */
function rooms({ me, kindergarten, revision }) {
  const list = /** @type {Resource<{cameras: {id: string, defects: Defect[]}[]}>} */ (resource(`cameras?kindergarten=${kindergarten.id}`, revision));
  const defects = new Map(list.value?.cameras.map((camera) => [camera.id, camera.defects]));
  const groups = me.groups.filter((group) => group.kindergarten === kindergarten.id);
  const common = me.cameras.filter((camera) => camera.kindergarten === kindergarten.id && camera.group === null);
  const bare = groups.filter(({ id }) => !me.cameras.some(({ group }) => group === id));
  return html`
    <section aria-labelledby="rooms-title">
      <h2 id="rooms-title">${t("rooms.title")}</h2>
      <p class=${bare.length ? "mark" : "soft"} role="status">
        ${bare.length ? t("rooms.bare", { names: bare.map(({ name }) => name).join(", ") }) : t("rooms.all")}
      </p>
      <ul class="lines">
        ${groups.map(({ id, name }) => room(name, me.cameras.filter(({ group }) => group === id), defects, kindergarten.zone))}
        ${common.length ? room(t("today.common"), common, defects, kindergarten.zone) : nothing}
      </ul>
    </section>
  `;
}

/**
 * @param {string} name
 * @param {Me["cameras"]} cameras
 * @param {Map<string, Defect[]>} defects What is wrong with each.
 * @param {string} zone
 */
const room = (name, cameras, defects, zone) => html`
  <li class="line">
    <div class="line-text">
      <h3>${name}</h3>
      <p class=${cameras.length ? "soft" : "mark"}>${cameras.length ? count("rooms.cameras", cameras.length) : t("rooms.none")}</p>
    </div>
    <div class="line-text">
      ${cameras.map(
        (camera) => html`<p>${camera.name}${camera.state.code === "camera_offline" ? html` <span class="mark">${stateWords(camera.state, zone).title}</span>` : nothing}</p>
          ${defectLines(defects.get(camera.id) ?? [], zone)}`,
      )}
    </div>
  </li>
`;

/** @param {Place} place */
function pauses({ kindergarten: { id, zone }, revision }) {
  const day = (/** @type {number} */ at) => wallText(at, zone).slice(0, 10);
  const [from, to] = [chosen("from") ?? day(now() - DAYS * DAY_MS), chosen("to") ?? day(now())];
  const path = `pauses?${new URLSearchParams({ kindergarten: id, from, to })}`;
  return html`
    <section aria-labelledby="pauses-title">
      <h2 id="pauses-title">${t("pauses.title")}</h2>
      <div class="filters">${date("from", t("pauses.from"), from)} ${date("to", t("pauses.to"), to)}</div>
      ${shown(resource(path, revision), zone, (/** @type {{pauses: PastPause[]}} */ { pauses }) =>
        pauses.length
          ? html`
              <p class="soft" role="status">${count("pauses.count", pauses.length)}</p>
              <ul class="lines">${pauses.map((pause) => html`<li class="line">${line(pause, zone)}</li>`)}</ul>
            `
          : html`<p class="soft" role="status">${t("pauses.none")}</p>`,
      )}
      <div class="buttons"><button type="button" class="quiet" @click=${() => refresh(path)}>${t("list.refresh")}</button></div>
    </section>
  `;
}

/**
 * @param {"from" | "to"} name
 * @param {string} label
 * @param {string} value
 */
function date(name, label, value) {
  const onchange = (/** @type {Event & {target: HTMLInputElement}} */ { target }) => choose({ [name]: target.value || null });
  return html`
    <div class="filter">
      <label for=${`pauses-${name}`}>${label}</label>
      <input id=${`pauses-${name}`} type="date" .value=${value} @change=${onchange} />
    </div>
  `;
}

/**
 * @param {PastPause} pause
 * @param {string} zone
 */
function line({ group, camera, name, from, until, ended_at, reason, by, ended_by }, zone) {
  const what = group || camera ? (name ?? t("search.unknown")) : t("pauses.all");
  const ended = ended_by ? t("pauses.ended_by", { name: ended_by, until: moment(until, zone) }) : t("pauses.ended", { until: moment(until, zone) });
  return html`
    <div class="line-text">
      <h3>${what}</h3>
      <p class="soft">${by ? t("today.by", { name: by }) : t("pauses.by_file")}</p>
    </div>
    <div class="line-text">
      <p>${t("viewings.from_to", { from: moment(from, zone), to: moment(ended_at ?? until, zone) })}</p>
      ${ended_at ? html`<p class="soft">${ended}</p>` : nothing}
    </div>
    <p class="line-text">${reasonWords(reason)}</p>
  `;
}
