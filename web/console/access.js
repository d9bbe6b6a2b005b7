// Keeping a person out, and the devices on which the person is logged in.

/** @import { Person } from "./people.js" */
/** @import { Place } from "./sections.js" */

import * as api from "../api.js";
import { ask } from "../components/sheet.js";
import { t } from "../i18n.js";
import { resource } from "../resource.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";
import { text } from "./guardians.js";
import { shown } from "./shown.js";

/** @typedef {{id: string, browser: string | null, system: string | null, since: string, seen_at: string}} Device */

/**
 * @param {Person} person
 * @param {Place} place
 */
export function access(person, place) {
  const { kindergarten, revision } = place;
  /** @type {import("../resource.js").Resource<Device[]>} */
  const devices = resource(`people/${person.account}/logins`, revision);
  return html`
    <section class="people-group">
      <h2>${t("people.devices")}</h2>
      ${shown(devices, kindergarten.zone, (devices) => list(devices, person, place))}
      ${person.shared ? nothing : html`<div class="buttons">${keepOut(person, place)}</div>`}
    </section>
  `;
}

/**
 * @param {Device[]} devices
 * @param {Person} person
 * @param {Place} place
 */
const list = (devices, person, place) =>
  devices.length
    ? html`
        <ul class="lines">${devices.map((device) => html`<li class="line">${line(device, person, place)}</li>`)}</ul>
        ${devices.length > 1 ? html`<p><button type="button" class="quiet" @click=${() => signOut(null, person, place)}>${t("people.sign_out_all")}</button></p>` : nothing}
      `
    : html`<p class="soft">${t("people.no_devices")}</p>`;

/**
 * @param {Device} device
 * @param {Person} person
 * @param {Place} place
 */
function line(device, person, place) {
  const { zone } = place.kindergarten;
  const name = [device.browser, device.system].filter(Boolean).join(" · ") || t("people.unknown_device");
  const words = [t("people.seen", { at: moment(device.seen_at, zone) }), t("people.since", { at: moment(device.since, zone) })];
  return html`
    <div class="line-text"><strong>${name}</strong><p class="soft">${words.join(" · ")}</p></div>
    <button type="button" class="quiet" aria-label="${t("people.sign_out")}: ${name}" @click=${() => signOut(device, person, place)}>${t("people.sign_out")}</button>
  `;
}

/**
 * @param {Device | null} device All of them where none is named.
 * @param {Person} person
 * @param {Place} place
 */
const signOut = (device, person, { kindergarten }) =>
  ask({
    title: t(device ? "people.sign_out" : "people.sign_out_all"),
    zone: kindergarten.zone,
    confirm: t("people.sign_out"),
    body: () => html`<p class="sheet-note">${person.name}</p><p>${t("people.sign_out_text")}</p>`,
    onsend: () => api.send("DELETE", `people/${person.account}/logins${device ? `/${device.id}` : ""}`),
  });

/**
 * @param {Person} person
 * @param {Place} place
 */
const keepOut = (person, place) =>
  person.block
    ? html`<button type="button" class="quiet" @click=${() => unblock(person, place)}>${t("people.unblock")}</button>`
    : html`<button type="button" class="quiet" @click=${() => block(person, place)}>${t("people.block")}</button>`;

/**
 * @param {Person} person
 * @param {Place} place
 */
const block = (person, { kindergarten }) =>
  ask({
    title: t("people.block"),
    zone: kindergarten.zone,
    confirm: t("people.block_confirm"),
    danger: true,
    body: () => html`
      <p class="sheet-note">${person.name}</p>
      <p>${t("people.block_text")}</p>
      <label for="block-reason">${t("field.reason")}</label>
      <input id="block-reason" name="reason" type="text" maxlength="200" autocomplete="off" required />
    `,
    onsend: (fields) => api.send("PUT", `people/${person.account}/block`, { reason: text(fields, "reason") }),
  });

/**
 * @param {Person} person
 * @param {Place} place
 */
const unblock = (person, { kindergarten }) =>
  ask({
    title: t("people.unblock"),
    zone: kindergarten.zone,
    confirm: t("people.unblock"),
    body: () => html`<p class="sheet-note">${person.name}</p><p>${t("people.unblock_text")}</p>`,
    onsend: () => api.send("DELETE", `people/${person.account}/block`),
  });
