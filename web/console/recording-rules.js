// What is recorded of the cameras, and for how long it is kept: the common rule, and those of single cameras.

/** @import { Place } from "./sections.js" */

import * as api from "../api.js";
import { choice } from "../components/choice.js";
import { ask } from "../components/sheet.js";
import { count, currentLanguage, t } from "../i18n.js";
import { resource } from "../resource.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { shown } from "./shown.js";

/**
 * @typedef {object} RecordingRule
 * @property {boolean} recorded
 * @property {"main" | "sub"} quality
 * @property {number} days For so long each picture is kept.
 * @property {number | null} bytes At most so much of a camera is kept; null for no limit.
 *
 * @typedef {object} RecordedCamera
 * @property {string} id
 * @property {string} name
 * @property {RecordingRule | null} own Null where the common rule holds.
 *
 * @typedef {object} RecordingRules
 * @property {boolean} enabled Whether the gateway records at all.
 * @property {RecordingRule} common
 * @property {RecordedCamera[]} cameras
 */

/** Limits are told and asked for in gigabytes. */
const GIGABYTE = 1e9;

/** @param {Place} place */
export function recordingSettings({ kindergarten, mayChange, revision }) {
  const { id, zone } = kindergarten;
  return html`
    <section class="recording-rules" aria-labelledby="recording-title">
      <h2 id="recording-title">${t("recording_rule.title")}</h2>
      ${shown(resource(`recording-rules?kindergarten=${id}`, revision), zone, (/** @type {RecordingRules} */ rules) => html`
        <div class="card">
          ${rules.enabled ? nothing : html`<p role="status"><strong>${t("recording_rule.disabled")}</strong></p>`}
          <h3>${t("recording_rule.common")}</h3>
          <p>${ruleWords(rules.common)}</p>
          <p class="soft">${t("recording_rule.common_note")}</p>
          ${mayChange ? html`<div class="buttons">${button("", () => askForRule(id, rules.common))}</div>` : nothing}
        </div>
        ${rules.cameras.length ? cameras(rules, id, mayChange) : nothing}
      `)}
    </section>
  `;
}

/**
 * @param {RecordingRules} rules
 * @param {string} kindergarten
 * @param {boolean} mayChange
 */
const cameras = ({ common, cameras }, kindergarten, mayChange) => html`
  <div class="card">
    <h3>${t("recording_rule.cameras")}</h3>
    <ul class="lines">
      ${cameras.map(
        (camera) => html`
          <li class="line">
            <p class="line-text">${camera.name}<br /><span class="soft">${camera.own ? ruleWords(camera.own) : t("recording_rule.as_common")}</span></p>
            ${mayChange ? button(camera.name, () => askForRule(kindergarten, common, camera)) : nothing}
          </li>
        `,
      )}
    </ul>
  </div>
`;

/**
 * @param {string} name The camera's, for those who hear the button without the line around.
 * @param {() => void} onclick
 */
const button = (name, onclick) =>
  html`<button type="button" class="quiet" aria-label=${name ? `${t("settings.change")}: ${name}` : nothing} @click=${onclick}>${t("settings.change")}</button>`;

/**
 * A rule in words: 'Kept for 30 days · main stream'.
 * @param {RecordingRule} rule
 */
export function ruleWords({ recorded, quality, days, bytes }) {
  const kept = [count("recording_rule.kept", days), bytes && t("recording_rule.at_most", { size: size(bytes) })];
  const what = recorded ? t(`recording_rule.${quality}`) : t("recording_rule.off");
  return [what, ...kept].filter(Boolean).join(" · ");
}

/** @param {number} bytes */
const size = (bytes) => new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: 1 }).format(bytes / GIGABYTE);

/**
 * Asks what is to hold for a camera, or for all without a rule of their own.
 * @param {string} kindergarten
 * @param {RecordingRule} common
 * @param {{id: string, name: string, own: RecordingRule | null}} [camera]
 */
export function askForRule(kindergarten, common, camera) {
  let { recorded, quality, days, bytes } = camera?.own ?? common;
  let own = camera ? camera.own !== null : true;
  ask({
    title: camera ? t("recording_rule.camera_title", { name: camera.name }) : t("recording_rule.common"),
    confirm: t("sheet.save"),
    body: (redraw) => {
      /** @param {() => void} change */
      const then = (change) => () => {
        change();
        redraw();
      };
      return html`
        ${
          camera
            ? choice({
                label: t("recording_rule.which"),
                chosen: own ? "own" : "common",
                options: [
                  { id: "common", text: t("recording_rule.as_common") },
                  { id: "own", text: t("recording_rule.own") },
                ],
                onchoose: (id) => then(() => (own = id === "own"))(),
              })
            : nothing
        }
        ${
          own
            ? html`
                <label class="check"><input type="checkbox" .checked=${recorded} @change=${then(() => (recorded = !recorded))} /> ${t("recording_rule.recorded")}</label>
                ${recorded ? nothing : html`<p class="sheet-note" role="status">${t("recording_rule.off_note")}</p>`}
                <h3>${t("recording_rule.stream")}</h3>
                ${choice({
                  label: t("recording_rule.stream"),
                  chosen: quality,
                  options: [
                    { id: /** @type {const} */ ("main"), text: t("recording_rule.main") },
                    { id: /** @type {const} */ ("sub"), text: t("recording_rule.sub") },
                  ],
                  onchoose: (id) => then(() => (quality = id))(),
                })}
                <p class="sheet-note">${t("recording_rule.stream_note")}</p>
                <label for="recording-days">${t("field.days")}</label>
                <input id="recording-days" name="days" type="number" required min="30" max="366" value=${days} aria-describedby="recording-days-note" />
                <p class="sheet-note" id="recording-days-note">${t("recording_rule.days_note")}</p>
                <label for="recording-bytes">${t("field.bytes")}</label>
                <input id="recording-bytes" name="bytes" type="number" min="1" max="1000000" step="any" value=${bytes ? bytes / GIGABYTE : ""} aria-describedby="recording-bytes-note" />
                <p class="sheet-note" id="recording-bytes-note">${t("recording_rule.bytes_note")}</p>
              `
            : html`<p class="sheet-note">${ruleWords(common)}</p>`
        }
      `;
    },
    onsend: (fields) => {
      const limit = fields.get("bytes");
      bytes = limit ? Math.round(Number(limit) * GIGABYTE) : null;
      const rule = own ? { recorded, quality, days: Number(fields.get("days")), bytes } : null;
      return api.send("PUT", "recording-rules", { kindergarten, camera: camera?.id ?? null, rule });
    },
  });
}
