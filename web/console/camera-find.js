// Finds cameras in the network: who answers, and what the chosen one says of its streams.

/** @import { Found } from "./camera-form.js" */

import * as api from "../api.js";
import { ask } from "../components/sheet.js";
import { count, t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { sentence } from "../words.js";

/**
 * @typedef {object} Device
 * @property {string} host
 * @property {number} port
 * @property {string | null} name
 * @property {string | null} hardware
 *
 * @typedef {object} Search
 * @property {string} kindergarten
 * @property {string} zone
 * @property {(found: Partial<Found>) => void} onfound What is known of the chosen camera, for the form that adds it.
 */

/** @param {Search} search */
export function find({ kindergarten, zone, onfound }) {
  /** @type {Device[] | null} */
  let devices = null;
  /** @type {api.Problem | null} */
  let problem = null;
  let busy = false;

  /**
   * @param {string} target
   * @param {() => void} redraw
   */
  async function run(target, redraw) {
    if (busy) return;
    [busy, problem] = [true, null];
    redraw();
    try {
      ({ devices } = await api.send("POST", "cameras/find", { kindergarten, target: target || null }));
    } catch (error) {
      problem = api.asProblem(error);
    }
    busy = false;
    redraw();
  }

  const outcome = () => {
    if (busy) return html`<p class="sheet-note">${t("cameras.searching")}</p>`;
    if (problem) return html`<p class="sheet-word">${sentence(problem.code, problem.facts, zone)}</p>`;
    if (!devices) return nothing;
    return html`<p class="sheet-note">${devices.length ? count("cameras.found", devices.length) : t("cameras.none_found")}</p>`;
  };

  ask({
    title: t("cameras.find"),
    zone,
    body: (redraw) => html`
      <p class="sheet-note">${t("cameras.find_text")}</p>
      <label for="find-target">${t("field.target")}</label>
      <input id="find-target" name="target" placeholder="192.168.1.0/24" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="60" />
      <button type="button" class="primary" aria-disabled=${busy} @click=${(/** @type {Event} */ event) => run(fieldBeside(event), redraw)}>${t("cameras.search")}</button>
      <div role="status">${outcome()}</div>
      ${!busy && devices?.length ? html`<ul class="lines">${devices.map((device) => line(device, { kindergarten, zone, onfound }))}</ul>` : nothing}
    `,
  });
}

/** @param {Event} event */
function fieldBeside({ currentTarget }) {
  const field = currentTarget instanceof HTMLButtonElement ? currentTarget.form?.elements.namedItem("target") : null;
  return field instanceof HTMLInputElement ? field.value.trim() : "";
}

/**
 * @param {Device} device
 * @param {Search} search
 */
function line(device, search) {
  const onclick = (/** @type {Event} */ { currentTarget }) => {
    if (currentTarget instanceof Element) currentTarget.closest("dialog")?.close();
    logIn(device, search);
  };
  const name = device.name ?? device.host;
  return html`
    <li class="line">
      <p class="line-text">${name} <span class="soft">${[device.hardware, device.host].filter(Boolean).join(" · ")}</span></p>
      <button type="button" class="quiet" aria-label=${`${t("cameras.choose")}: ${name}`} @click=${onclick}>${t("cameras.choose")}</button>
    </li>
  `;
}

/**
 * Asks the device for its streams, as a user of it.
 * @param {Device} device
 * @param {Search} search
 */
function logIn({ host, port, name }, { kindergarten, zone, onfound }) {
  /** @type {Partial<Found>} */
  let found = {};
  ask({
    title: t("cameras.device_title", { name: name ?? host }),
    zone,
    body: () => html`
      <p class="sheet-note">${t("cameras.device_text")}</p>
      <label for="device-username">${t("field.username")}</label>
      <input id="device-username" name="username" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="200" required />
      <label for="device-password">${t("field.password")}</label>
      <input id="device-password" name="password" type="password" autocomplete="new-password" maxlength="200" />
    `,
    confirm: t("cameras.device_ask"),
    onsend: async (fields) => {
      const [username, password] = [String(fields.get("username")), String(fields.get("password"))];
      const { main, sub } = await api.send("POST", "cameras/streams", { kindergarten, host, port, username, password });
      if (!main) throw new api.Problem("device_no_h264");
      found = { name: name ?? "", main, sub: sub ?? "", username, password };
    },
    onclosed: (sent) => sent && onfound(found),
  });
}
