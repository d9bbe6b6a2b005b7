// The second step of a log-in: the code of the authenticator app, or a recovery code.

import * as api from "../api.js";
import { t } from "../i18n.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { Attempt } from "./attempt.js";

const attempt = new Attempt();
/** Whether a recovery code is typed, which has letters. */
let recovery = false;

/**
 * @param {object} page
 * @param {() => Promise<void>} page.onin Called when somebody has logged in.
 * @param {(why: string) => void} page.onback Called when the password has to be typed again; with a code that says why, if need be.
 * @param {() => void} page.redraw
 */
export function secondStep({ onin, onback, redraw }) {
  /** @param {SubmitEvent} event */
  const onsubmit = async (event) => {
    event.preventDefault();
    if (!attempt.ready) return;
    const form = /** @type {HTMLFormElement} */ (event.target);
    const why = await attempt.run(async () => {
      await api.secondStep(String(new FormData(form).get("code")));
      recovery = false;
      await onin();
    }, redraw);
    if (why === "log_in_again") onback(why);
    else if (why) form.querySelector("input")?.select();
  };
  const onother = () => {
    recovery = !recovery;
    attempt.code = "";
    redraw();
    const field = /** @type {HTMLInputElement | null} */ (document.getElementById("code"));
    if (field) field.value = "";
    field?.focus();
  };
  const leave = () => {
    attempt.code = "";
    onback("");
  };
  return html`
    <form method="post" @submit=${onsubmit}>
      <h1>${t("login.code_title")}</h1>
      <p id="code-text">${t(recovery ? "login.recovery_text" : "login.code_text")}</p>
      <label for="code">${t(recovery ? "login.recovery" : "login.code")}</label>
      <input
        id="code" name="code" type="text" class="code" inputmode=${recovery ? "text" : "numeric"} autocomplete=${recovery ? "off" : "one-time-code"}
        autocapitalize="characters" spellcheck="false" maxlength="40" required aria-describedby="code-text"
      />
      <p class="login-word" role="alert">${attempt.word()}</p>
      <button type="submit" class="primary" aria-disabled=${!attempt.ready}>${t(attempt.busy ? "login.busy" : "login.submit")}</button>
      <div class="login-other">
        <button type="button" class="quiet" @click=${onother}>${t(recovery ? "login.use_app" : "login.use_recovery")}</button>
        <button type="button" class="quiet" @click=${leave}>${t("login.back")}</button>
      </div>
    </form>
  `;
}
