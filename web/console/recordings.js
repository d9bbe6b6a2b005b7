// What the cameras of a room recorded on a day: looked at with a reason, in step, with every gap and its cause in sight.

/** @import { Area } from "../types.js" */
/** @import { Resource } from "../resource.js" */
/** @import { Played } from "./replay.js" */
/** @import { Place } from "./sections.js" */

import * as api from "../api.js";
import { choice } from "../components/choice.js";
import { ask } from "../components/sheet.js";
import { t } from "../i18n.js";
import { drawAnew, refresh, resource } from "../resource.js";
import { chosen, choose } from "../router.js";
import { now, wallText } from "../time.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { sentence } from "../words.js";
import { canPlay } from "./deck.js";
import { gapList, gapWords } from "./gaps.js";
import { askToExport } from "./export.js";
import { askToHold } from "./hold.js";
import { holds } from "./holds.js";
import { looks } from "./looks.js";
import { around, lastRecorded, nextRecorded } from "./moments.js";
import "./replay.js";
import { shown } from "./shown.js";
import "./transport.js";

/**
 * @typedef {{start: string, end: string}} Recorded
 * @typedef {{cause: string, start: string, end: string | null}} Gap
 * @typedef {{start: string, end: string}} Held
 *
 * @typedef {object} RecordedCamera
 * @property {string} id
 * @property {string} name
 * @property {boolean} removed
 * @property {boolean} masked
 * @property {Recorded[]} recorded
 * @property {Gap[]} gaps
 * @property {Held[]} holds
 *
 * @typedef {{start: string, end: string, cameras: RecordedCamera[]}} RecordedDay
 */

const VIEWS = /** @type {const} */ (["recorded", "looks"]);
const COMMON = "common";
/** Who opens today's recording begins so long before its end. */
const LATELY_MS = 5 * 60_000;
/** What is kept, or taken out, begins so long before the moment that is shown, and ends so long after it, until somebody says otherwise. */
const AROUND_MS = 5 * 60_000;
/** More pictures at once no screen shows and no line carries. */
const MOST = 6;

/** What is looked at: it ends with another day, another room, another page. */
const view = {
  key: "",
  at: NaN,
  /** Cameras that are looked at. @type {string[]} */
  cameras: [],
  /** Why; null until somebody says so. @type {string | null} */
  reason: null,
  /** @type {Map<string, {id: string, masks: Area[]}>} */
  playbacks: new Map(),
  /** @type {api.Problem | null} */
  problem: null,
};

/** @param {Place} place */
export function draw(place) {
  const wanted = chosen("view");
  const which = VIEWS.find((view) => view === wanted) ?? "recorded";
  return html`
    <h1>${t("recordings.title")}</h1>
    ${choice({
      label: t("recordings.view"),
      chosen: which,
      options: VIEWS.map((id) => ({ id, text: t(`recordings_view.${id}`) })),
      onchoose: (view) => choose({ view }),
    })}
    ${which === "looks" ? looks(place) : recorded(place)}
  `;
}

/** @param {Place} place */
function recorded(place) {
  const { me, kindergarten, revision } = place;
  const groups = me.groups.filter((group) => group.kindergarten === kindergarten.id);
  const room = chosen("room") ?? groups[0]?.id ?? COMMON;
  const today = wallText(now(), kindergarten.zone).slice(0, 10);
  const date = chosen("date") ?? today;
  const query = new URLSearchParams({ kindergarten: kindergarten.id, date });
  if (room !== COMMON) query.set("group", room);
  const path = `recordings?${query}`;
  if (view.key !== path) leave(path);
  return html`
    <div class="filters">
      <div class="filter">
        <label for="recordings-room">${t("recordings.room")}</label>
        <select id="recordings-room" @change=${(/** @type {Event & {target: HTMLSelectElement}} */ { target }) => choose({ room: target.value, at: null })}>
          ${groups.map(({ id, name }) => html`<option value=${id} ?selected=${id === room}>${name}</option>`)}
          <option value=${COMMON} ?selected=${room === COMMON}>${t("today.common")}</option>
        </select>
      </div>
      <div class="filter">
        <label for="recordings-date">${t("recordings.date")}</label>
        <input
          id="recordings-date"
          type="date"
          max=${today}
          .value=${date}
          @change=${(/** @type {Event & {target: HTMLInputElement}} */ { target }) => choose({ date: target.value || null, at: null })}
        />
      </div>
    </div>
    ${shown(/** @type {Resource<RecordedDay>} */ (resource(path, revision)), kindergarten.zone, (day) => dayOf(day, place, path))}
  `;
}

/**
 * @param {RecordedDay} day
 * @param {Place} place
 * @param {string} path
 */
function dayOf(day, place, path) {
  const { kindergarten, me } = place;
  const { zone } = kindergarten;
  const all = day.cameras;
  if (!all.length) return html`<p role="status">${t("recordings.no_cameras")}</p>`;
  if (!all.some(({ recorded, gaps }) => recorded.length || gaps.length)) return html`<p role="status">${t("recordings.nothing")}</p>`;
  if (!view.cameras.length) view.cameras = [(all.find(({ recorded }) => recorded.length) ?? all[0]).id];
  const cameras = all.filter(({ id }) => view.cameras.includes(id));
  if (Number.isNaN(view.at)) view.at = beginning(day, cameras);
  const opened = view.playbacks.size > 0 && cameras.every(({ id }) => view.playbacks.has(id));
  const viewer = me.kindergartens.find(({ id }) => id === kindergarten.id)?.watermark ?? null;
  return html`
    ${all.length > 1 ? pick(all, day) : nothing}
    <section class="recording" aria-label=${t("recordings.title")} @replayended=${() => refresh(path)} @deckfailed=${(/** @type {Event} */ event) => failed(event, day)}>
      ${view.problem ? html`<p class="console-problem" role="alert">${sentence(view.problem.code, view.problem.facts, zone)}</p>` : nothing}
      ${
        opened
          ? html`<tereze-replay .shows=${{ cameras: cameras.map((camera) => played(camera, day)), viewer, zone, at: view.at, onleave: leavePlaybacks }}></tereze-replay>`
          : html`<p class="recording-closed">${t(place.mayChange ? "recordings.closed" : "recordings.closed_inspector")}</p>`
      }
      <tereze-transport
        .shows=${{ day, cameras, zone, at: view.at, onmoved: (/** @type {number} */ at) => (view.at = at), onopen: () => askWhy(day, place) }}
      ></tereze-transport>
    </section>
    <p class="soft">${t("recordings.covered")}</p>
    <div class="buttons">
      <button type="button" class="quiet" data-does="hold" @click=${() => keep(cameras, place, path)}>${t("hold.title")}</button>
      ${cameras.map(
        (camera) => html`<button type="button" class="quiet" data-does="export" @click=${() => takeOut(camera, zone)}>${t("export.title", { camera: camera.name })}</button>`,
      )}
    </div>
    ${gapList(cameras, zone, (at) => move(at))} ${holds(place)}
  `;
}

/**
 * Which cameras are looked at together.
 * @param {RecordedCamera[]} cameras
 * @param {RecordedDay} day
 */
function pick(cameras, day) {
  const toggle = async (/** @type {string} */ id) => {
    const rest = view.cameras.filter((camera) => camera !== id);
    const added = rest.length === view.cameras.length;
    if (!added && !rest.length) return;
    view.cameras = added ? [...rest, id].slice(-MOST) : rest;
    // Who has said why looks at one more for the same reason; that is on record for it, too.
    if (added && view.reason !== null) await open(day).catch((error) => (view.problem = api.asProblem(error)));
    drawAnew();
  };
  return html`
    <div class="choice" role="group" aria-label=${t("recordings.pick")}>
      ${cameras.map(
        ({ id, name, removed }) => html`
          <button type="button" aria-pressed=${view.cameras.includes(id)} @click=${() => toggle(id)}>${removed ? t("search.removed", { name }) : name}</button>
        `,
      )}
    </div>
  `;
}

/**
 * Asks a director why, once for a day of a room; opens at once for an inspector.
 * @param {RecordedDay} day
 * @param {Place} place
 */
function askWhy(day, { mayChange, kindergarten }) {
  if (!canPlay()) {
    view.problem = new api.Problem("no_recordings_here");
    return drawAnew();
  }
  const start = async (/** @type {string} */ reason) => {
    view.reason = reason;
    await open(day);
  };
  if (!mayChange || view.reason !== null) {
    return void start(view.reason ?? "").catch((error) => (view.problem = api.asProblem(error))).then(drawAnew);
  }
  ask({
    title: t("recordings.why_title"),
    zone: kindergarten.zone,
    body: () => html`
      <p class="sheet-note">${t("recordings.why_text")}</p>
      <label for="recordings-reason">${t("closing.reason")}</label>
      <input id="recordings-reason" name="reason" type="text" maxlength="200" autocomplete="off" required />
    `,
    confirm: t("recordings.why_confirm"),
    onsend: async (fields) => {
      await start(String(fields.get("reason") ?? "")).catch((error) => {
        view.reason = null;
        throw error;
      });
    },
    onclosed: drawAnew,
  });
}

/**
 * Opens what is not open yet of the cameras that are looked at.
 * @param {RecordedDay} day
 */
async function open({ start, end }) {
  view.problem = null;
  const wanted = view.cameras.filter((camera) => !view.playbacks.has(camera));
  const { key, reason } = view;
  await Promise.all(
    wanted.map(async (camera) => {
      const playback = await api.send("POST", "playbacks", { camera, from: start, to: end, reason: reason ?? "" });
      if (view.key === key) view.playbacks.set(camera, playback);
      else close(playback.id);
    }),
  );
}

/**
 * A camera as the player takes it.
 * @param {RecordedCamera} camera
 * @param {RecordedDay} day
 * @returns {Played}
 */
function played({ id, name, recorded, gaps }, day) {
  const { id: playback = "", masks = [] } = view.playbacks.get(id) ?? {};
  const span = { start: Date.parse(day.start), end: Date.parse(day.end) };
  const stretches = recorded.map(({ start, end }) => ({ start: Date.parse(start), end: Date.parse(end) }));
  return { camera: id, name, playback, masks, span, recorded: stretches, why: (at) => gapWords(gaps, at) };
}

/**
 * A picture does not come any more: what the gateway says of it is said, and the playback is opened again by the next press.
 * @param {Event} event
 * @param {RecordedDay} day
 */
function failed({ target }, day) {
  const { problem } = /** @type {import("./deck.js").Deck} */ (target);
  if (problem?.code === "playback_over" && view.reason !== null) {
    view.playbacks.clear();
    return void open(day).catch((error) => (view.problem = api.asProblem(error))).then(drawAnew);
  }
  view.problem = problem;
  leavePlaybacks();
  drawAnew();
}

/**
 * Where a look begins: where the address says, shortly before now, or with what was recorded first.
 * @param {RecordedDay} day
 * @param {RecordedCamera[]} cameras
 */
function beginning(day, cameras) {
  const stretches = cameras.map(({ recorded }) => recorded.map(({ start, end }) => ({ start: Date.parse(start), end: Date.parse(end) })));
  const wanted = Date.parse(chosen("at") ?? "");
  const [start, end] = [Date.parse(day.start), Date.parse(day.end)];
  if (start <= wanted && wanted < end) return wanted;
  const lately = now() - LATELY_MS;
  if (now() < end && stretches.some((stretches) => around(stretches, lately))) return lately;
  return nextRecorded(stretches, start) ?? lastRecorded(stretches, end) ?? start;
}

/**
 * Asks which span around the moment that is shown is to be kept, and why.
 * @param {RecordedCamera[]} cameras
 * @param {Place} place
 * @param {string} path
 */
function keep(cameras, { kindergarten: { id, zone } }, path) {
  const named = cameras.map(({ id, name }) => ({ id, name }));
  askToHold({ kindergarten: id, cameras: named, from: view.at - AROUND_MS, to: view.at + AROUND_MS }, zone, () => {
    refresh(path);
    refresh(`holds?kindergarten=${id}`);
  });
}

/**
 * Asks which span around the moment that is shown is to be taken out, and why.
 * @param {RecordedCamera} camera
 * @param {string} zone
 */
function takeOut({ id, name, masked }, zone) {
  const span = { from: view.at - AROUND_MS, to: Math.min(view.at + AROUND_MS, now()) };
  askToExport({ camera: { id, name, masked }, ...span, reason: view.reason ?? "" }, zone);
}

/** @param {number} at */
function move(at) {
  view.at = at;
  const replay = /** @type {import("./replay.js").Replay | null} */ (document.querySelector("tereze-replay"));
  replay?.seek(at);
  drawAnew();
}

/**
 * Another day or another room is another look, with a reason of its own.
 * @param {string} key
 */
function leave(key) {
  leavePlaybacks();
  Object.assign(view, { key, at: NaN, cameras: [], reason: null, problem: null });
}

function leavePlaybacks() {
  for (const { id } of view.playbacks.values()) close(id);
  view.playbacks.clear();
}

/** @param {string} playback */
const close = (playback) => void api.send("DELETE", `playbacks/${playback}`).catch(() => {});

// A page that is closed cannot wait for an answer.
addEventListener("pagehide", () => {
  for (const { id } of view.playbacks.values()) {
    void fetch(`/api/v1/playbacks/${id}`, { method: "DELETE", headers: { "X-CSRF-Token": api.csrfToken() }, keepalive: true });
  }
  view.playbacks.clear();
});
