// The cameras of one kindergarten, side by side, each played by its own press or all by one.

/** @import { Camera, Kindergarten, Me } from "../types.js" */

import { count, t } from "../i18n.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { stateWords } from "../words.js";
import { Player } from "./player.js";
import { stateLine } from "./state-line.js";
import { viewers } from "./viewers.js";

/**
 * @param {Kindergarten} kindergarten
 * @param {Me} me
 */
export function wall(kindergarten, me) {
  const cameras = me.cameras.filter((camera) => camera.kindergarten === kindergarten.id);
  if (cameras.length === 0) return html`<p>${t("wall.empty")}</p>`;
  return html`
    <div class="wall-head">
      <p>${summary(cameras)}</p>
      <button type="button" class="quiet" @click=${playAll}>${t("wall.play_all")}</button>
      <button type="button" class="quiet" @click=${stopAll}>${t("wall.stop_all")}</button>
    </div>
    <ul class="wall">
      ${repeat(
        cameras,
        ({ id }) => id,
        (camera) => html`<li>${card(camera, kindergarten.zone, me)}</li>`,
      )}
    </ul>
  `;
}

/** @param {Event} event */
const playAll = (event) => playersBeside(event).forEach((player) => player.start());

/** @param {Event} event */
const stopAll = (event) => playersBeside(event).forEach((player) => player.stop());

/**
 * @param {Event} event
 * @returns {Player[]}
 */
function playersBeside({ currentTarget }) {
  const section = currentTarget instanceof Element ? currentTarget.closest("section") : null;
  return [...(section?.querySelectorAll("tereze-player") ?? [])].filter((element) => element instanceof Player);
}

/** @param {Camera[]} cameras */
function summary(cameras) {
  const live = cameras.filter(({ state }) => state.code === "live").length;
  // A person may watch several of them.
  const watching = cameras.reduce((sum, camera) => sum + camera.viewers, 0);
  return `${count("wall.live", live)} · ${watching ? count("wall.viewings", watching) : t("viewers.none")}`;
}

/**
 * @param {Camera} camera
 * @param {string} zone
 * @param {Me} me
 */
function card(camera, zone, me) {
  const group = me.groups.find(({ id }) => id === camera.group);
  const viewer = me.kindergartens.find(({ id }) => id === camera.kindergarten)?.watermark ?? null;
  const shows = { camera, zone, viewer, small: true };
  return html`
    <article class="card">
      <tereze-player .shows=${shows}></tereze-player>
      <div class="card-text">
        <h3>${camera.name}</h3>
        ${group && group.name !== camera.name ? html`<p class="card-group">${group.name}</p>` : nothing}
        ${stateLine(stateWords(camera.state, zone))} ${viewers(camera)}
      </div>
    </article>
  `;
}
