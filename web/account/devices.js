// The devices that are logged in to the own account, and the way to sign them out.

/** @import { Me } from "../types.js" */

import * as api from "../api.js";
import { loading } from "../components/loading.js";
import { ask } from "../components/sheet.js";
import { capital, t } from "../i18n.js";
import { refresh, resource } from "../resource.js";
import { deviceZone, now } from "../time.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";
import { sentence } from "../words.js";

/**
 * @typedef {object} Device A log-in that stands.
 * @property {string} id
 * @property {{browser: string | null, system: string | null}} device
 * @property {string} since
 * @property {string} seen
 * @property {boolean} here
 */

export const LOGINS = "me/logins";

/** The list is asked for again this often while it is looked at: nobody tells when a device was seen. */
const AGAIN_MS = 60_000;

/** @param {Me} me */
export function devices(me) {
  /** @type {import("../resource.js").Resource<Device[]>} */
  const { value, problem } = resource(LOGINS, Math.trunc(now() / AGAIN_MS));
  const zone = me.kindergartens[0]?.zone ?? deviceZone();
  return html`
    <section class="card" aria-labelledby="devices-title">
      <h2 id="devices-title">${t("account.devices")}</h2>
      <p class="soft">${t("account.devices_text")}</p>
      ${problem ? html`<p class="sheet-word" role="alert">${sentence(problem.code, problem.facts, zone)}</p>` : nothing}
      ${value ? list([...value].sort((one, other) => Number(other.here) - Number(one.here)), zone) : problem ? nothing : loading()}
      ${
        value && value.length > 1
          ? html`<div class="buttons"><button type="button" class="quiet" @click=${signOutOthers}>${t("account.sign_out_others")}</button></div>`
          : nothing
      }
    </section>
  `;
}

/**
 * @param {Device[]} all
 * @param {string} zone
 */
const list = (all, zone) => html`
  <ul class="lines">
    ${repeat(
      all,
      ({ id }) => id,
      (device) => html`
        <li class="line">
          <div class="line-text">
            <p><strong>${name(device)}</strong> ${device.here ? html`<span class="account-here">${t("account.here")}</span>` : nothing}</p>
            <p class="soft">${capital(t("account.since", { since: moment(device.since, zone) }))}</p>
            ${device.here ? nothing : html`<p class="soft">${t("account.seen", { seen: moment(device.seen, zone) })}</p>`}
          </div>
          ${
            device.here
              ? nothing
              : html`<button type="button" class="quiet" aria-label=${`${t("account.sign_out")}: ${name(device)}`} @click=${() => signOut(device)}>${t("account.sign_out")}</button>`
          }
        </li>
      `,
    )}
  </ul>
`;

/** @param {Device} device */
const name = ({ device: { browser, system } }) => [browser, system].filter(Boolean).join(" · ") || t("account.unknown_device");

/** @param {Device} device */
const signOut = (device) =>
  ask({
    title: name(device),
    confirm: t("account.sign_out"),
    body: () => html`<p class="sheet-note">${t("account.sign_out_note")}</p>`,
    onsend: async () => {
      await api.send("DELETE", `${LOGINS}/${device.id}`);
      refresh(LOGINS);
    },
  });

const signOutOthers = () =>
  ask({
    title: t("account.sign_out_others"),
    confirm: t("account.sign_out"),
    body: () => html`<p class="sheet-note">${t("account.sign_out_note")}</p>`,
    onsend: async () => {
      await api.send("DELETE", LOGINS);
      refresh(LOGINS);
    },
  });
