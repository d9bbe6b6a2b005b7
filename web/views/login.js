// Logging in.

import * as api from "../api.js";
import { eyeIcon, eyeOffIcon } from "../components/icons.js";
import { languages } from "../components/languages.js";
import { logo } from "../components/logo.js";
import { scene } from "../components/scene.js";
import { t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { Attempt } from "./attempt.js";

/** Whoever wants dark pages sees the window at night. */
const night = matchMedia("(prefers-color-scheme: dark)");

const attempt = new Attempt();
/** Whether the password is shown. */
let shows = false;
/** The second step, once the password was right; a parent's telephone never carries it. @type {typeof import("./second-step.js") | null} */
let half = null;

/**
 * @typedef {object} Page
 * @property {string | null} endedBy Why a log-in that there was is over.
 * @property {() => Promise<void>} onin Called when somebody has logged in.
 * @property {() => void} redraw
 */

/** @param {Page} page */
export const logIn = (page) => html`
  <div class="login">
    <div class="login-scene">${scene(night.matches ? "closed" : "live")}</div>
    <main class="login-card" id="main">
      <p class="login-brand">${logo}<span>${t("app.name")}</span></p>
      <p class="login-tagline">${t("app.tagline")}</p>
      ${half ? code(page, half) : password(page)} ${languages(page.redraw)}
    </main>
  </div>
`;

/**
 * @param {Page} page
 * @param {typeof import("./second-step.js")} half
 */
const code = ({ onin, redraw }, { secondStep }) =>
  secondStep({
    onin: async () => {
      await onin();
      leave();
    },
    onback: (why) => {
      leave();
      attempt.code = why;
      redraw();
    },
    redraw,
  });

const leave = () => (half = null);

/**
 * Goes on to the second step: the password was right, or has been chosen.
 * @param {() => void} redraw
 */
export async function askForCode(redraw) {
  await attempt.run(async () => (half = await import("./second-step.js")), redraw);
  document.getElementById("code")?.focus();
}

/** @param {Page} page */
function password({ endedBy, onin, redraw }) {
  /** @param {SubmitEvent} event */
  const onsubmit = async (event) => {
    event.preventDefault();
    if (!attempt.ready) return;
    const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const why = await attempt.run(async () => {
      await api.logIn(String(fields.get("login")).trim(), String(fields.get("password")));
      shows = false;
      await onin();
    }, redraw);
    if (why !== "second_factor") return;
    shows = false;
    await askForCode(redraw);
  };
  const onshow = () => {
    shows = !shows;
    redraw();
  };
  const word = attempt.word();
  return html`
    <form method="post" @submit=${onsubmit}>
      <h1>${t("login.title")}</h1>
      <label for="login">${t("login.login")}</label>
      <input id="login" name="login" type="text" inputmode="email" autocomplete="username" autocapitalize="none" spellcheck="false" required />
      <label for="password">${t("login.password")}</label>
      <div class="field">
        <input id="password" name="password" type=${shows ? "text" : "password"} autocomplete="current-password" autocapitalize="none" spellcheck="false" required />
        <button type="button" class="field-button" aria-pressed=${shows} aria-label=${t("login.show")} title=${t("login.show")} @click=${onshow}>
          ${shows ? eyeOffIcon : eyeIcon}
        </button>
      </div>
      <p class="login-word" role="alert">${word === nothing && endedBy ? t("login.ended") : word}</p>
      <button type="submit" class="primary" aria-disabled=${!attempt.ready}>${t(attempt.busy ? "login.busy" : "login.submit")}</button>
      <p class="login-forgot">${t("login.forgot")}</p>
    </form>
  `;
}
