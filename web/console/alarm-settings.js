// The keys of panic buttons: which there are, a new one that is shown once, and the end of one.

/** @import { Place } from "./sections.js" */

import * as api from "../api.js";
import { ask } from "../components/sheet.js";
import { t } from "../i18n.js";
import { resource } from "../resource.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";
import { shown } from "./shown.js";

/** @typedef {{id: string, name: string, group: string | null, since: string}} AlarmKey */

/** @param {Place} place */
export function alarmSettings(place) {
  const { id, zone } = place.kindergarten;
  return html`
    <section aria-labelledby="alarms-title">
      <h2 id="alarms-title">${t("alarms.title")}</h2>
      <p class="soft">${t("alarms.text")}</p>
      ${shown(resource(`alarm-keys?kindergarten=${id}`, place.revision), zone, (/** @type {{keys: AlarmKey[]}} */ { keys }) => list(keys, place))}
      ${place.mayChange ? html`<button type="button" class="quiet" @click=${() => askForKey(place)}>${t("alarms.add")}</button>` : nothing}
    </section>
  `;
}

/**
 * @param {AlarmKey[]} keys
 * @param {Place} place
 */
const list = (keys, place) =>
  keys.length
    ? html`<ul class="lines">${keys.map((key) => html`<li class="line">${line(key, place)}</li>`)}</ul>`
    : html`<p class="soft" role="status">${t("alarms.none")}</p>`;

/**
 * @param {AlarmKey} key
 * @param {Place} place
 */
function line(key, { me, kindergarten: { zone }, mayChange }) {
  const group = me.groups.find(({ id }) => id === key.group)?.name ?? t("alarms.all");
  return html`
    <div class="line-text">
      <h3>${key.name}</h3>
      <p class="soft">${group} · ${t("alarms.since", { when: moment(key.since, zone) })}</p>
    </div>
    ${
      mayChange
        ? html`<button type="button" class="quiet" aria-label="${t("alarms.remove")}: ${key.name}" @click=${() => askToRemove(key, zone)}>${t("alarms.remove")}</button>`
        : nothing
    }
  `;
}

/** @param {Place} place */
function askForKey({ me, kindergarten: { id, name, zone } }) {
  const groups = me.groups.filter(({ kindergarten }) => kindergarten === id);
  ask({
    title: t("alarms.add"),
    zone,
    body: () => html`
      <label for="alarm-name">${t("alarms.name")}</label>
      <input id="alarm-name" name="name" type="text" maxlength="100" autocomplete="off" required aria-describedby="alarm-note" />
      <p id="alarm-note" class="sheet-note">${t("alarms.name_note")}</p>
      <label for="alarm-group">${t("alarms.group")}</label>
      <select id="alarm-group" name="group">
        <option value="">${t("alarms.all")}</option>
        ${groups.map((group) => html`<option value=${group.id}>${group.name}</option>`)}
      </select>
    `,
    confirm: t("alarms.make"),
    onsend: async (fields) => {
      const key = { kindergarten: id, group: fields.get("group") || null, name: String(fields.get("name")) };
      const made = await api.send("POST", "alarm-keys", key);
      showKey(made.key, name);
    },
  });
}

/**
 * @param {string} key
 * @param {string} kindergarten
 */
function showKey(key, kindergarten) {
  let copied = false;
  ask({
    title: t("alarms.made"),
    body: (redraw) => {
      const oncopy = async () => {
        await navigator.clipboard.writeText(key);
        copied = true;
        redraw();
      };
      return html`
        <p class="sheet-note">${t("alarms.once", { name: kindergarten })}</p>
        <p class="link-text">${key}</p>
        ${navigator.clipboard ? html`<button type="button" class="quiet" @click=${oncopy}>${t(copied ? "link.copied" : "link.copy")}</button>` : nothing}
        <p class="sheet-note">${t("alarms.how")}</p>
        <p class="link-text">POST ${location.origin}/api/v1/alarms<br />Authorization: Bearer …</p>
      `;
    },
  });
}

/**
 * @param {AlarmKey} key
 * @param {string} zone
 */
const askToRemove = ({ id, name }, zone) =>
  ask({
    title: t("alarms.remove_title", { name }),
    zone,
    danger: true,
    body: () => html`<p class="sheet-note">${t("alarms.remove_text")}</p>`,
    confirm: t("alarms.remove"),
    onsend: () => api.send("DELETE", `alarm-keys/${id}`),
  });
