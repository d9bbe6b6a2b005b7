// Logging in.

import * as api from "../api.js";
import { t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { sentence } from "../words.js";
import { minutes } from "../when.js";
import { eyeIcon, eyeOffIcon } from "../components/icons.js";
import { languages } from "../components/languages.js";
import { logo } from "../components/logo.js";
import { scene } from "../components/scene.js";

/** Whoever wants dark pages sees the window at night. */
const night = matchMedia("(prefers-color-scheme: dark)");

/**
 * @typedef {object} LogIn
 * @property {boolean} shows The password.
 * @property {boolean} busy
 * @property {string} code Why it did not work; empty at first.
 * @property {number} waitUntil By this device's own clock, in ms; no attempt is taken before.
 */

/** @type {LogIn} */
const state = { shows: false, busy: false, code: "", waitUntil: 0 };

/**
 * @param {object} page
 * @param {string | null} page.endedBy Why a log-in that there was is over.
 * @param {() => Promise<void>} page.onin Called when somebody has logged in.
 * @param {() => void} page.redraw
 */
export function logIn({ endedBy, onin, redraw }) {
  const wait = Math.max(0, (state.waitUntil - Date.now()) / 1_000);
  /** @param {SubmitEvent} event */
  const onsubmit = async (event) => {
    event.preventDefault();
    if (state.busy || wait > 0) return;
    const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
    await tryIt(String(fields.get("login")), String(fields.get("password")), onin, redraw);
  };
  const onshow = () => {
    state.shows = !state.shows;
    redraw();
  };
  return html`
    <div class="login">
      <div class="login-scene">${scene(night.matches ? "closed" : "live")}</div>
      <main class="login-card" id="main">
        <p class="login-brand">${logo}<span>${t("app.name")}</span></p>
        <p class="login-tagline">${t("app.tagline")}</p>
        <form method="post" @submit=${onsubmit}>
          <h1>${t("login.title")}</h1>
          <label for="login">${t("login.login")}</label>
          <input id="login" name="login" type="text" inputmode="email" autocomplete="username" autocapitalize="none" spellcheck="false" required />
          <label for="password">${t("login.password")}</label>
          <div class="field">
            <input id="password" name="password" type=${state.shows ? "text" : "password"} autocomplete="current-password" autocapitalize="none" spellcheck="false" required />
            <button type="button" class="field-button" aria-pressed=${state.shows} aria-label=${t("login.show")} title=${t("login.show")} @click=${onshow}>
              ${state.shows ? eyeOffIcon : eyeIcon}
            </button>
          </div>
          <p class="login-word" role="alert">${word(endedBy, wait)}</p>
          <button type="submit" class="primary" aria-disabled=${state.busy || wait > 0}>${t(state.busy ? "login.busy" : "login.submit")}</button>
          <p class="login-forgot">${t("login.forgot")}</p>
        </form>
        ${languages(redraw)}
      </main>
    </div>
  `;
}

/**
 * @param {string | null} endedBy
 * @param {number} wait Seconds.
 */
function word(endedBy, wait) {
  if (wait > 0) return html`${sentence(state.code, {}, "UTC")} <span aria-live="off">${t("login.wait", { wait: minutes(wait) })}</span>`;
  if (state.code === "too_many_attempts") return nothing;
  if (state.code) return sentence(state.code, {}, "UTC");
  return endedBy ? t("login.ended") : nothing;
}

/**
 * @param {string} login
 * @param {string} password
 * @param {() => Promise<void>} onin
 * @param {() => void} redraw
 */
async function tryIt(login, password, onin, redraw) {
  Object.assign(state, { busy: true, code: "" });
  redraw();
  try {
    await api.logIn(login.trim(), password);
    state.shows = false;
    await onin();
  } catch (error) {
    const problem = error instanceof api.Problem ? error : new api.Problem("unknown");
    state.code = problem.code;
    if (problem.facts.retry_after && problem.code === "too_many_attempts") countDown(problem.facts.retry_after, redraw);
  } finally {
    state.busy = false;
    redraw();
  }
}

/**
 * @param {number} seconds
 * @param {() => void} redraw
 */
function countDown(seconds, redraw) {
  state.waitUntil = Date.now() + seconds * 1_000;
  const timer = setInterval(() => {
    if (Date.now() >= state.waitUntil) clearInterval(timer);
    redraw();
  }, 1_000);
}
