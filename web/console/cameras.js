// The cameras of a kindergarten: what they show, how they are, and, for the director, the way to add, test, change and remove them.

/** @import { Area, Camera, Defect } from "../types.js" */
/** @import { Key } from "../i18n.js" */
/** @import { Found } from "./camera-form.js" */
/** @import { RecordingRule } from "./recording-rules.js" */
/** @import { Place } from "./sections.js" */

import * as api from "../api.js";
import { defectLines } from "../components/defects.js";
import { Player } from "../components/player.js";
import { ask } from "../components/sheet.js";
import { stateLine } from "../components/state-line.js";
import { count, t } from "../i18n.js";
import { refresh, resource } from "../resource.js";
import { now } from "../time.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";
import { find } from "./camera-find.js";
import { askForCamera } from "./camera-form.js";
import { showHistory } from "./camera-history.js";
import { showMasks } from "./camera-masks.js";
import { askForRecorder } from "./camera-recorder.js";
import { testSaved } from "./camera-test.js";
import { askForRule, ruleWords } from "./recording-rules.js";
import { shown } from "./shown.js";

/**
 * @typedef {object} ListedCamera
 * @property {string} id
 * @property {string} name
 * @property {string | null} group Null for what all groups share.
 * @property {boolean} sound
 * @property {Area[]} masks
 * @property {RecordingRule | null} recording Null where the common rule holds.
 * @property {{code: "idle" | "connecting" | "online" | "no_video" | "wrong_password" | "wrong_codec" | "unreachable", since: string | null}} state
 * @property {Defect[]} defects
 * @property {{sub: boolean, password: boolean, transport: "tcp" | "udp"} | null} source Null for those who only look.
 *
 * @typedef {object} Cameras
 * @property {string} kindergarten
 * @property {{id: string, name: string}[]} groups
 * @property {RecordingRule} recording What holds for a camera without a rule of its own.
 * @property {ListedCamera[]} cameras
 */

/** The states of cameras come and go without a change of facts: a director's list is asked for again. */
const LOOK_AGAIN_MS = 10_000;

/** When the list was asked for last. */
let looked = 0;

/** The camera that was added last: its picture is shown at once, as the last step of adding it. @type {string | null} */
let added = null;

/** @param {Place} place */
export function draw(place) {
  const { kindergarten, mayChange, revision } = place;
  const path = `cameras?kindergarten=${kindergarten.id}`;
  const list = /** @type {import("../resource.js").Resource<Cameras>} */ (resource(path, revision));
  if (mayChange && !list.busy && now() - looked > LOOK_AGAIN_MS) {
    looked = now();
    refresh(path);
  }
  return html`
    <div class="console-head">
      <h1>${t("cameras.title")}</h1>
      ${mayChange && list.value ? ways(list.value, place) : nothing}
    </div>
    ${shown(list, kindergarten.zone, (cameras) => cards(cameras, place))}
  `;
}

/**
 * The ways to add cameras.
 * @param {Cameras} cameras
 * @param {Place} place
 */
const ways = (cameras, { kindergarten }) => html`
  <div class="buttons cameras-ways">
    <button type="button" class="primary" @click=${() => add(cameras, kindergarten.zone)}>${t("cameras.add")}</button>
    <button type="button" class="quiet" @click=${() => search(cameras, kindergarten.zone)}>${t("cameras.find")}</button>
    <button type="button" class="quiet" @click=${() => askForRecorder(kindergarten.id, kindergarten.zone)}>${t("cameras.recorder")}</button>
  </div>
`;

/**
 * @param {Cameras} cameras
 * @param {string} zone
 * @param {Partial<Found>} [found] What is known of the camera.
 */
function add({ kindergarten, groups }, zone, found) {
  const onsaved = (/** @type {ListedCamera} */ camera) => (added = camera.id);
  askForCamera({ title: t("cameras.add_title"), kindergarten, groups, zone, found, onsaved });
}

/**
 * @param {Cameras} cameras
 * @param {string} zone
 */
const search = (cameras, zone) =>
  find({ kindergarten: cameras.kindergarten, zone, onfound: (found) => add(cameras, zone, found) });

/**
 * @param {Cameras} list
 * @param {Place} place
 */
function cards(list, place) {
  if (!list.cameras.length) return html`<p>${t("cameras.empty")}</p>`;
  return html`
    <ul class="cards">
      ${repeat(
        list.cameras,
        ({ id }) => id,
        (camera) => html`<li>${card(camera, list, place)}</li>`,
      )}
    </ul>
  `;
}

/**
 * @param {ListedCamera} camera
 * @param {Cameras} list
 * @param {Place} place
 */
function card(camera, list, place) {
  const { me, kindergarten, mayChange } = place;
  const watched = me.cameras.find(({ id }) => id === camera.id);
  const group = list.groups.find(({ id }) => id === camera.group);
  const where = camera.group === null ? t("cameras.common") : (group?.name ?? "");
  return html`
    <article class="card camera-card" data-camera=${camera.id}>
      ${watched ? picture(watched, kindergarten.zone, kindergarten.watermark) : nothing}
      <h2>${camera.name}</h2>
      <p class="soft">${where} · ${t(camera.sound ? "cameras.sound_on" : "cameras.sound_off")}</p>
      <p class="soft">${t("cameras.recording")}: ${ruleWords(camera.recording ?? list.recording)}</p>
      ${camera.masks.length ? html`<p class="soft">${count("cameras.masks_count", camera.masks.length)}</p>` : nothing}
      ${stateLine(words(camera.state, kindergarten.zone))}
      <div class="defects" role="status">${defectLines(camera.defects, kindergarten.zone)}</div>
      <div class="buttons">
        ${mayChange ? changes(camera, list, kindergarten.zone) : nothing}
        ${button(t("cameras.masks"), camera.name, () => showMasks(camera, watched, place))}
        ${button(t("cameras.history"), camera.name, () => showHistory(camera.id, camera.name, kindergarten.zone))}
      </div>
    </article>
  `;
}

/**
 * What the camera shows, through the gateway; that of one that was just added starts by itself.
 * @param {Camera} camera
 * @param {string} zone
 * @param {string | null} viewer What the watermark says of the viewer.
 */
function picture(camera, zone, viewer) {
  if (camera.id === added) queueMicrotask(() => play(camera.id));
  return html`<tereze-player .shows=${{ camera, zone, viewer, small: true }}></tereze-player>`;
}

/** @param {string} id */
function play(id) {
  const player = document.querySelector(`[data-camera="${id}"] tereze-player`);
  if (added !== id || !(player instanceof Player)) return;
  added = null;
  player.scrollIntoView({ block: "center" });
  player.start();
}

/**
 * @param {ListedCamera} camera
 * @param {Cameras} list
 * @param {string} zone
 */
function changes(camera, list, zone) {
  const { id, name } = camera;
  const change = () =>
    askForCamera({ title: t("cameras.change_title", { name }), kindergarten: list.kindergarten, groups: list.groups, zone, camera });
  return html`
    ${button(t("cameras.test"), name, () => testSaved(list.kindergarten, camera, zone))} ${button(t("cameras.change"), name, change)}
    ${button(t("cameras.recording"), name, () => askForRule(list.kindergarten, list.recording, { id, name, own: camera.recording }))}
    ${button(t("cameras.remove"), name, () => remove(id, name, zone))}
  `;
}

/**
 * @param {string} text
 * @param {string} name The camera's, for those who hear the button without the card around.
 * @param {() => void} onclick
 */
const button = (text, name, onclick) =>
  html`<button type="button" class="quiet" aria-label=${`${text}: ${name}`} @click=${onclick}>${text}</button>`;

/**
 * @param {string} id
 * @param {string} name
 * @param {string} zone
 */
const remove = (id, name, zone) =>
  ask({
    title: t("cameras.remove_title", { name }),
    body: () => html`<p class="sheet-note">${t("cameras.remove_text")}</p>`,
    confirm: t("cameras.remove"),
    danger: true,
    zone,
    onsend: () => api.send("DELETE", `cameras/${id}`),
  });

/**
 * @param {ListedCamera["state"]} state
 * @param {string} zone
 */
function words({ code, since }, zone) {
  const title = t(/** @type {Key} */ (`camera_state.${code}`), { since: since ? moment(since, zone) : "" });
  if (code === "online") return { tone: /** @type {const} */ ("live"), title, detail: "" };
  if (code === "idle" || code === "connecting") return { tone: /** @type {const} */ ("closed"), title, detail: "" };
  return { tone: /** @type {const} */ ("offline"), title, detail: t(/** @type {Key} */ (`camera_help.${code}`)) };
}
