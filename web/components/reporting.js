// The way to report a problem, below the picture, and to what became of the reports.

/** @import { Camera, Child, Me } from "../types.js" */

import { t } from "../i18n.js";
import { drawAnew } from "../resource.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** Whether the form could not be fetched when it was last wanted. */
let failed = false;

/**
 * @param {Child} child
 * @param {Camera[]} cameras
 * @param {Camera | undefined} camera The one that is looked at.
 * @param {Me} me
 */
export const reporting = (child, cameras, camera, me) => html`
  <p class="home-report">
    <button type="button" class="quiet" @click=${() => open(child, cameras, camera, me)}>${t("report.open")}</button>
    ${me.appeals ? html`<a href="/appeals">${t("appeals.own")}: ${t(`appeal_state.${me.appeals.state}`)}</a>` : nothing}
    <span role="alert">${failed ? t("code.no_connection") : nothing}</span>
  </p>
`;

/**
 * @param {Child} child
 * @param {Camera[]} cameras
 * @param {Camera | undefined} camera
 * @param {Me} me
 */
async function open(child, cameras, camera, me) {
  const zone = me.kindergartens.find(({ id }) => id === child.kindergarten)?.zone ?? "UTC";
  const module = await import("../views/report.js").catch(() => null);
  failed = module === null;
  drawAnew();
  module?.report(child, cameras, camera, zone);
}
