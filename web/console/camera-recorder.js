// Adds the channels of a recorder as cameras, all at once.

import * as api from "../api.js";
import { choice } from "../components/choice.js";
import { ask } from "../components/sheet.js";
import { t } from "../i18n.js";
import { html } from "../vendor/lit-html/lit-html.js";

/** @typedef {"hikvision" | "dahua" | "own"} Brand */

/** @type {Brand[]} */
const BRANDS = ["hikvision", "dahua", "own"];

/** What stands for a channel's number in an address. */
const CHANNEL = "{channel}";

/**
 * @param {string} kindergarten
 * @param {string} zone
 */
export function askForRecorder(kindergarten, zone) {
  /** @type {Brand} */
  let brand = "hikvision";
  ask({
    title: t("cameras.recorder"),
    zone,
    body: (redraw) => html`
      <p class="sheet-note">${t("cameras.recorder_text")}</p>
      <label for="recorder-name">${t("cameras.recorder_name")}</label>
      <input id="recorder-name" name="name" maxlength="90" autocomplete="off" required />
      <h3>${t("field.brand")}</h3>
      ${choice({
        label: t("field.brand"),
        chosen: brand,
        options: BRANDS.map((id) => ({ id, text: t(`camera_brand.${id}`) })),
        onchoose: (id) => {
          brand = id;
          redraw();
        },
      })}
      ${brand === "own" ? patterns() : address("host", "192.168.1.70", true)}
      ${channel("first", 1)} ${channel("last", 8)}
      <label for="recorder-username">${t("field.username")}</label>
      <input id="recorder-username" name="username" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="200" />
      <label for="recorder-password">${t("field.password")}</label>
      <input id="recorder-password" name="password" type="password" autocomplete="new-password" maxlength="200" />
    `,
    confirm: t("cameras.save"),
    onsend: (fields) => {
      const text = (/** @type {string} */ name) => fields.get(name) || null;
      return api.send("POST", "cameras/recorder", {
        kindergarten,
        brand,
        name: fields.get("name"),
        first: Number(fields.get("first")),
        last: Number(fields.get("last")),
        ...Object.fromEntries(["host", "main", "sub", "username", "password"].map((name) => [name, text(name)])),
      });
    },
  });
}

const patterns = () => html`
  ${address("main", `rtsp://192.168.1.70/${CHANNEL}/main`, true)} ${address("sub", `rtsp://192.168.1.70/${CHANNEL}/sub`, false)}
  <p class="sheet-note">${t("cameras.pattern_hint", { channel: CHANNEL })}</p>
`;

/**
 * @param {"host" | "main" | "sub"} name
 * @param {string} example
 * @param {boolean} required
 */
const address = (name, example, required) => html`
  <label for="recorder-${name}">${t(name === "host" ? "cameras.recorder_host" : `field.${name}`)}</label>
  <input id="recorder-${name}" name=${name} placeholder=${example} inputmode="url" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="1000" ?required=${required} />
`;

/**
 * @param {"first" | "last"} name
 * @param {number} usual
 */
const channel = (name, usual) => html`
  <label for="recorder-${name}">${t(`field.${name}`)}</label>
  <input id="recorder-${name}" name=${name} type="number" min="1" max="64" .defaultValue=${String(usual)} required />
`;
