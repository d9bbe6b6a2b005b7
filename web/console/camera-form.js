// The form of a camera: a new one, or one that is to be changed. Addresses and passwords go in and never come back.

/** @import { ListedCamera } from "./cameras.js" */

import * as api from "../api.js";
import { ask } from "../components/sheet.js";
import { t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { Test } from "./camera-test.js";

/**
 * @typedef {object} CameraForm
 * @property {string} title
 * @property {string} kindergarten
 * @property {{id: string, name: string}[]} groups
 * @property {string} zone
 * @property {ListedCamera} [camera] The one that is changed.
 * @property {Partial<Found>} [found] What is known of a new one.
 * @property {(camera: ListedCamera) => void} [onsaved]
 *
 * @typedef {object} Found
 * @property {string} name
 * @property {string} main
 * @property {string} sub
 * @property {string} username
 * @property {string} password
 */

/** @param {CameraForm} form */
export function askForCamera(form) {
  const { kindergarten, camera, zone, onsaved } = form;
  const test = new Test(zone);
  ask({
    title: form.title,
    body: (redraw) => fields(form, test, redraw),
    confirm: t("cameras.save"),
    zone,
    onsend: async (fields) => {
      const wish = { name: fields.get("name"), group: fields.get("group") || null, sound: fields.has("sound"), ...source(fields) };
      const saved = camera
        ? await api.send("PUT", `cameras/${camera.id}`, wish)
        : await api.send("POST", "cameras", { kindergarten, ...wish });
      onsaved?.(saved);
    },
  });
}

/** @param {FormData} fields */
const source = (fields) =>
  Object.fromEntries(["main", "sub", "username", "password", "transport"].map((name) => [name, fields.get(name) || null]));

/**
 * @param {CameraForm} form
 * @param {Test} test
 * @param {() => void} redraw
 */
function fields({ kindergarten, groups, camera, found = {} }, test, redraw) {
  const ontest = (/** @type {Event} */ { currentTarget }) => {
    if (!(currentTarget instanceof HTMLButtonElement) || !currentTarget.form) return;
    const given = source(new FormData(currentTarget.form));
    const sub = Boolean(given.sub || (!given.main && camera?.source?.sub));
    void test.run({ kindergarten, camera: camera?.id ?? null, ...given }, sub, redraw);
  };
  return html`
    <label for="camera-name">${t("cameras.name")}</label>
    <input id="camera-name" name="name" maxlength="100" autocomplete="off" required .value=${camera?.name ?? found.name ?? ""} />
    <label for="camera-group">${t("cameras.group")}</label>
    <select id="camera-group" name="group">
      <option value="" ?selected=${!camera?.group}>${t("cameras.common")}</option>
      ${groups.map(({ id, name }) => html`<option value=${id} ?selected=${id === camera?.group}>${name}</option>`)}
    </select>
    <label class="check"><input type="checkbox" name="sound" ?checked=${camera?.sound ?? false} /> ${t("cameras.sound")}</label>
    <h3>${t("cameras.source")}</h3>
    <p class="sheet-note">${t(camera ? "cameras.kept" : "cameras.secret")}</p>
    <label for="camera-main">${t("field.main")}</label>
    <input id="camera-main" name="main" inputmode="url" ?required=${!camera} aria-describedby="camera-main-hint" .value=${found.main ?? ""} autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="1000" />
    <p class="sheet-note" id="camera-main-hint">${t("cameras.main_hint")}</p>
    <label for="camera-sub">${t("field.sub")}</label>
    <input id="camera-sub" name="sub" inputmode="url" aria-describedby="camera-sub-hint" .value=${found.sub ?? ""} autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="1000" />
    <p class="sheet-note" id="camera-sub-hint">${t("cameras.sub_hint")}</p>
    <label for="camera-username">${t("field.username")}</label>
    <input id="camera-username" name="username" .value=${found.username ?? ""} autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="200" />
    <label for="camera-password">${t("field.password")}</label>
    <input id="camera-password" name="password" type="password" .value=${found.password ?? ""} autocomplete="new-password" maxlength="200" />
    <label for="camera-transport">${t("cameras.transport")}</label>
    <select id="camera-transport" name="transport">
      <option value="tcp" ?selected=${camera?.source?.transport !== "udp"}>${t("cameras.tcp")}</option>
      <option value="udp" ?selected=${camera?.source?.transport === "udp"}>${t("cameras.udp")}</option>
    </select>
    <div class="camera-test">
      <button type="button" class="quiet" aria-disabled=${test.busy} @click=${ontest}>${t(test.done ? "cameras.test_again" : "cameras.test")}</button>
      <div role="status">${test.busy || test.done ? test.draw() : nothing}</div>
    </div>
  `;
}
