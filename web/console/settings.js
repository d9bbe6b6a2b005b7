// What holds for the whole kindergarten: its name, languages and clock, how many may watch, and the watermark. Sound is each camera's.

/** @import { Language } from "../types.js" */
/** @import { Place } from "./sections.js" */

import * as api from "../api.js";
import { choice } from "../components/choice.js";
import { ask } from "../components/sheet.js";
import { has, LANGUAGE_NAMES, LANGUAGES, t } from "../i18n.js";
import { resource } from "../resource.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { alarmSettings } from "./alarm-settings.js";
import { consentSettings } from "./consent-settings.js";
import { recordingSettings } from "./recording-rules.js";
import { shown } from "./shown.js";

/**
 * @typedef {"off" | "name" | "name_and_login"} Watermark
 *
 * @typedef {object} Settings
 * @property {string} name
 * @property {Language[]} languages New accounts begin with the first.
 * @property {string} zone IANA name.
 * @property {number} viewers_per_camera
 * @property {number} streams_per_account
 * @property {Watermark} watermark
 * @property {{id: string, name: string, group: string | null, sound: boolean}[]} cameras
 */

/** @type {Watermark[]} */
const WATERMARKS = ["name_and_login", "name", "off"];

/** Where a kindergarten of Kazakhstan can be; any other zone stays choosable where it is set. */
const ZONES = ["Almaty", "Aqtau", "Aqtobe", "Atyrau", "Oral", "Qostanay", "Qyzylorda"].map((city) => `Asia/${city}`);

/** @param {Place} place */
export function draw(place) {
  const { me, kindergarten, mayChange, revision } = place;
  /** @type {import("../resource.js").Resource<Settings>} */
  const settings = resource(`settings?kindergarten=${kindergarten.id}`, revision);
  return html`
    <div class="console-head">
      <h1>${t("settings.title")}</h1>
      ${
        mayChange && settings.value
          ? html`<button type="button" class="primary" @click=${() => settings.value && change(settings.value, kindergarten.id)}>${t("settings.change")}</button>`
          : nothing
      }
    </div>
    ${shown(settings, kindergarten.zone, (settings) => lines(settings, me.account.name))} ${recordingSettings(place)} ${consentSettings(place)}
    ${alarmSettings(place)}
  `;
}

/**
 * @param {Settings} settings
 * @param {string} example Whose name the watermark is shown with.
 */
function lines({ name, languages, zone, viewers_per_camera, streams_per_account, watermark, cameras }, example) {
  const [first, last] = example.split(/\s+/);
  const sample = last ? `${first} ${last.charAt(0)}.` : first;
  const heard = cameras.filter(({ sound }) => sound).map(({ name }) => name);
  return html`
    <ul class="lines">
      ${line(t("settings.name"), name, t("settings.name_note"))}
      ${line(t("settings.languages"), languages.map((language) => LANGUAGE_NAMES[language]).join(", "), t("settings.languages_note"))}
      ${line(t("settings.zone"), zoneName(zone), t("settings.zone_note"))}
      ${line(t("settings.viewers"), String(viewers_per_camera), t("settings.viewers_note"))}
      ${line(t("settings.streams"), String(streams_per_account), t("settings.streams_note"))}
      ${line(t("settings.watermark"), t(`watermark.${watermark}`), t(`watermark.${watermark}_note`, { name: sample }))}
      ${line(t("settings.sound"), heard.length ? heard.join(", ") : t("settings.silent"), html`${t("settings.sound_note")} <a href="/cameras">${t("settings.sound_where")}</a>`)}
    </ul>
  `;
}

/**
 * @param {string} what
 * @param {string} value
 * @param {unknown} note
 */
const line = (what, value, note) => html`
  <li class="line">
    <div class="line-text">
      <h2 class="settings-what">${what}</h2>
      <p>${value}</p>
      <p class="soft">${note}</p>
    </div>
  </li>
`;

/** @param {string} zone */
function zoneName(zone) {
  const key = `zone.${zone.replace("Asia/", "").toLowerCase()}`;
  return has(key) ? t(/** @type {any} */ (key)) : zone;
}

/**
 * @param {Settings} settings
 * @param {string} kindergarten
 */
function change(settings, kindergarten) {
  const zones = ZONES.includes(settings.zone) ? ZONES : [settings.zone, ...ZONES];
  const spoken = new Set(settings.languages);
  let [first] = settings.languages;
  let watermark = settings.watermark;
  ask({
    title: t("settings.title"),
    confirm: t("sheet.save"),
    body: (redraw) => html`
      <label for="settings-name">${t("settings.name")}</label>
      <input id="settings-name" name="name" type="text" required maxlength="200" autocomplete="off" value=${settings.name} />
      <h3 id="settings-languages">${t("settings.languages")}</h3>
      <div class="choice" role="group" aria-labelledby="settings-languages">
        ${LANGUAGES.map((id) => {
          const toggle = () => {
            spoken.delete(id) || spoken.add(id);
            if (!spoken.has(first)) first = LANGUAGES.find((id) => spoken.has(id)) ?? first;
            redraw();
          };
          return html`<button type="button" lang=${id} aria-pressed=${spoken.has(id)} @click=${toggle}>${LANGUAGE_NAMES[id]}</button>`;
        })}
      </div>
      ${
        spoken.size > 1
          ? html`
              <h3>${t("settings.first")}</h3>
              ${choice({
                label: t("settings.first"),
                chosen: first,
                options: LANGUAGES.filter((id) => spoken.has(id)).map((id) => ({ id, text: LANGUAGE_NAMES[id], lang: id })),
                onchoose: (id) => {
                  first = id;
                  redraw();
                },
              })}
            `
          : nothing
      }
      <label for="settings-zone">${t("settings.zone")}</label>
      <select id="settings-zone" name="zone">
        ${zones.map((zone) => html`<option value=${zone} ?selected=${zone === settings.zone}>${zoneName(zone)}</option>`)}
      </select>
      <label for="settings-viewers">${t("settings.viewers")}</label>
      <input id="settings-viewers" name="viewers" type="number" required min="1" max="10000" value=${settings.viewers_per_camera} />
      <label for="settings-streams">${t("settings.streams")}</label>
      <input id="settings-streams" name="streams" type="number" required min="1" max="16" value=${settings.streams_per_account} />
      <h3>${t("settings.watermark")}</h3>
      ${choice({
        label: t("settings.watermark"),
        chosen: watermark,
        options: WATERMARKS.map((id) => ({ id, text: t(`watermark.${id}`) })),
        onchoose: (id) => {
          watermark = id;
          redraw();
        },
      })}
    `,
    onsend: async (fields) => {
      const languages = [first, ...LANGUAGES.filter((id) => spoken.has(id) && id !== first)].filter((id) => spoken.has(id));
      await api.send("PUT", "settings", {
        kindergarten,
        name: fields.get("name"),
        languages,
        zone: fields.get("zone"),
        viewers_per_camera: Number(fields.get("viewers")),
        streams_per_account: Number(fields.get("streams")),
        watermark,
      });
    },
  });
}
