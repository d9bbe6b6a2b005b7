// How many watch, as a number: never who.

/** @import { Camera } from "../types.js" */

import { count, t } from "../i18n.js";
import { isPlaying } from "../playback.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { eyeIcon } from "./icons.js";

/** @param {Pick<Camera, "id" | "viewers">} camera */
export const viewers = (camera) => html`<p class="viewers">${eyeIcon}<span>${words(camera)}</span></p>`;

/** @param {Pick<Camera, "id" | "viewers">} camera */
function words({ id, viewers }) {
  if (!isPlaying(id)) return viewers ? count("viewers.now", viewers) : t("viewers.none");
  return viewers > 1 ? count("viewers.others", viewers - 1) : t("viewers.only_you");
}
