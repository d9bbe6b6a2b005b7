// The code at log-in: how it stands, and the ways to set it up, to change it, and to have new recovery codes.

/** @import { Account, FactorState } from "../types.js" */

import * as api from "../api.js";
import { ask } from "../components/sheet.js";
import { count, t } from "../i18n.js";
import { refresh, resource } from "../resource.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { LOGINS } from "./devices.js";
import { whose } from "./password.js";

/** @typedef {{key: string, qr: string}} Key What goes into the app, to be typed or to be scanned. */

const FACTOR = "me/second-factor";

/** Enough until somebody has time to make new ones. */
const FEW = 3;

/**
 * @param {FactorState} state
 * @param {Account} account
 */
export function factor(state, account) {
  const set = state === "set";
  /** @type {import("../resource.js").Resource<{recovery_codes: number}> | null} */
  const left = set ? resource(FACTOR, null) : null;
  return html`
    <section class="card" aria-labelledby="factor-title">
      <h2 id="factor-title">${t("factor.title")}</h2>
      <p class="soft">${t(set ? "factor.set" : "factor.offered")}</p>
      ${left?.value ? codesLeft(left.value.recovery_codes) : nothing}
      <div class="buttons">
        <button type="button" class="quiet" @click=${() => (set ? change() : begin(account))}>${t(set ? "factor.change" : "factor.set_up")}</button>
        ${set ? html`<button type="button" class="quiet" @click=${renew}>${t("factor.renew")}</button>` : nothing}
      </div>
    </section>
  `;
}

/** @param {number} left */
const codesLeft = (left) => html`<p class=${left < FEW ? "factor-few" : "soft"}>${count("factor.codes_left", left)}</p>`;

/** What is shown instead of every page to who needs the code at log-in and has none yet. */
export const needed = () => html`
  <div class="page">
    <h1>${t("factor.needed_title")}</h1>
    <p>${t("factor.needed_text")}</p>
    <div class="buttons"><button type="button" class="primary" @click=${() => setUp(nothing)}>${t("factor.set_up")}</button></div>
  </div>
`;

/**
 * Sets it up after the password.
 * @param {Account} account
 */
const begin = (account) =>
  setUp(html`
    ${whose(account)}
    <label for="factor-proof">${t("account.old_password")}</label>
    <input id="factor-proof" name="proof" type="password" autocomplete="current-password" required />
  `);

/**
 * Sets it up.
 * @param {unknown} proof The field for what lets somebody do so.
 */
function setUp(proof) {
  /** @type {Key | null} */
  let key = null;
  ask({
    title: t("factor.set_up"),
    confirm: t("factor.next"),
    body: () => html`<p class="sheet-note">${t("factor.apps")}</p>${proof}`,
    onsend: async (fields) => (key = await api.send("POST", FACTOR, { proof: fields.get("proof") ?? "" })),
    onclosed: () => key && scan(key),
  });
}

/** Sets up another one after a code of the present one. */
function change() {
  /** @type {Key | null} */
  let key = null;
  ask({
    title: t("factor.change"),
    confirm: t("factor.next"),
    body: () => html`<p class="sheet-note">${t("factor.change_note")}</p>${codeField("proof", t("factor.any_code"), "text")}`,
    onsend: async (fields) => (key = await api.send("POST", FACTOR, { proof: fields.get("proof") })),
    onclosed: () => key && scan(key),
  });
}

/**
 * Shows the key to scan or to type, and asks for the first code.
 * @param {Key} key
 */
function scan({ key, qr }) {
  /** @type {string[]} */
  let codes = [];
  ask({
    title: t("factor.scan_title"),
    confirm: t("factor.confirm"),
    body: () => html`
      <p class="sheet-note">${t("factor.scan")}</p>
      <img class="factor-qr" src=${`data:image/svg+xml,${encodeURIComponent(qr)}`} alt=${t("factor.qr")} width="224" height="224" />
      <p class="sheet-note">${t("factor.key")}</p>
      <p class="factor-key" translate="no">${key}</p>
      ${codeField("code", t("login.code"), "numeric")}
    `,
    onsend: async (fields) => ({ recovery_codes: codes } = await api.send("PUT", FACTOR, { code: fields.get("code") })),
    onclosed: () => codes.length && tell(codes),
  });
}

function renew() {
  /** @type {string[]} */
  let codes = [];
  ask({
    title: t("factor.renew"),
    confirm: t("factor.renew_confirm"),
    body: () => html`<p class="sheet-note">${t("factor.renew_note")}</p>${codeField("code", t("factor.any_code"), "text")}`,
    onsend: async (fields) => ({ recovery_codes: codes } = await api.send("POST", "me/recovery-codes", { code: fields.get("code") })),
    onclosed: () => codes.length && tell(codes),
  });
}

/**
 * Shows the recovery codes, this once.
 * @param {string[]} codes
 */
function tell(codes) {
  let copied = false;
  ask({
    title: t("factor.codes_title"),
    cancel: t("factor.kept"),
    body: (redraw) => html`
      <p class="sheet-note">${t("factor.codes_text")}</p>
      <ol class="factor-codes" translate="no">${codes.map((code) => html`<li>${code}</li>`)}</ol>
      <div class="buttons">
        <button
          type="button" class="quiet"
          @click=${async () => {
            await navigator.clipboard.writeText(codes.join("\n"));
            copied = true;
            redraw();
          }}
        >${t(copied ? "factor.copied" : "factor.copy")}</button>
      </div>
    `,
    onclosed: () => {
      refresh(FACTOR);
      refresh(LOGINS);
    },
  });
}

/**
 * @param {string} name
 * @param {string} label
 * @param {"numeric" | "text"} mode Digits only, or a recovery code too.
 */
const codeField = (name, label, mode) => html`
  <label for=${`factor-${name}`}>${label}</label>
  <input
    id=${`factor-${name}`} name=${name} type="text" class="code" inputmode=${mode} autocomplete=${mode === "numeric" ? "one-time-code" : "off"}
    autocapitalize="characters" spellcheck="false" maxlength="40" required
  />
`;
