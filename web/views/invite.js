// Coming in by a link from the kindergarten: what it is for, and choosing a password. Its secret stands behind the address's `#`, which
// browsers send to nobody.

/** @import { Language, Me } from "../types.js" */

import * as api from "../api.js";
import { eyeIcon, eyeOffIcon } from "../components/icons.js";
import { languages } from "../components/languages.js";
import { loading } from "../components/loading.js";
import { logo } from "../components/logo.js";
import { scene } from "../components/scene.js";
import { currentLanguage, t, useLanguage } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";
import { sentence } from "../words.js";
import { askForCode } from "./login.js";

/**
 * @typedef {object} Invited What a link is for.
 * @property {string} kindergarten
 * @property {string[]} children First names; none for staff.
 * @property {string} name
 * @property {string} login
 * @property {Language} language
 * @property {boolean} reset
 * @property {string} expires_at
 * @property {string} zone
 * @property {number} password_characters The fewest of a password.
 */

/**
 * @typedef {object} State
 * @property {string} secret Of which link the rest is known.
 * @property {Invited | null} invited
 * @property {api.Problem | null} dead Why the link opens nothing.
 * @property {api.Problem | null} problem Why the password was not taken.
 * @property {boolean} busy
 * @property {boolean} shows The password.
 */

/** @type {State} */
let state = { secret: "", invited: null, dead: null, problem: null, busy: false, shows: false };

/**
 * @param {object} page
 * @param {Me | null} page.me Who is logged in on this device.
 * @param {() => Promise<void>} page.onin Called when somebody has come in.
 * @param {() => void} page.redraw
 */
export function invite({ me, onin, redraw }) {
  const secret = decodeURIComponent(location.hash.slice(1));
  if (secret !== state.secret) {
    state = { secret, invited: null, dead: null, problem: null, busy: false, shows: false };
    void look(secret, redraw);
  }
  return html`
    <div class="login">
      <div class="login-scene">${scene("live")}</div>
      <main class="login-card" id="main" tabindex="-1">
        <p class="login-brand">${logo}<span>${t("app.name")}</span></p>
        <p class="login-tagline">${t("app.tagline")}</p>
        ${content(me, onin, redraw)} ${languages(redraw)}
      </main>
    </div>
  `;
}

/**
 * @param {Me | null} me
 * @param {() => Promise<void>} onin
 * @param {() => void} redraw
 */
function content(me, onin, redraw) {
  const { invited, dead } = state;
  if (dead) {
    return html`
      <h1>${t("invite.dead")}</h1>
      <p role="alert">${sentence(dead.code, dead.facts, "UTC")}</p>
      <p class="invite-home"><a href="/">${t("invite.log_in")}</a></p>
    `;
  }
  return invited ? form(invited, me, onin, redraw) : loading();
}

/**
 * @param {Invited} invited
 * @param {Me | null} me
 * @param {() => Promise<void>} onin
 * @param {() => void} redraw
 */
function form(invited, me, onin, redraw) {
  const { problem, busy, shows } = state;
  const onsubmit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
    if (!busy) await choose(String(fields.get("password")), invited, onin, redraw);
  };
  const onshow = () => {
    state.shows = !shows;
    redraw();
  };
  const other = me && me.account.name !== invited.name ? me.account.name : null;
  return html`
    <form method="post" @submit=${onsubmit}>
      <h1>${t(invited.reset ? "invite.reset" : "invite.welcome", { name: invited.name })}</h1>
      <p class="invite-from"><strong>${invited.kindergarten}</strong>${invited.children.length ? html`<br />${invited.children.join(", ")}` : nothing}</p>
      ${other ? html`<p class="invite-note">${t("invite.other", { name: other, invited: invited.name })}</p>` : nothing}
      <label for="invite-login">${t("invite.login")}</label>
      <input id="invite-login" name="login" type="text" autocomplete="username" readonly .value=${invited.login} />
      <label for="invite-password">${t("invite.password")}</label>
      <div class="field">
        <input id="invite-password" name="password" type=${shows ? "text" : "password"} autocomplete="new-password" autocapitalize="none" spellcheck="false" minlength=${invited.password_characters} aria-describedby="invite-rule" required />
        <button type="button" class="field-button" aria-pressed=${shows} aria-label=${t("login.show")} title=${t("login.show")} @click=${onshow}>
          ${shows ? eyeOffIcon : eyeIcon}
        </button>
      </div>
      <p class="invite-note" id="invite-rule">${t("invite.rule", { n: invited.password_characters })}</p>
      <p class="login-word" role="alert">${problem ? sentence(problem.code, problem.facts, "UTC") : nothing}</p>
      <button type="submit" class="primary" aria-disabled=${busy}>${t(busy ? "sheet.busy" : "invite.submit")}</button>
      <p class="login-forgot">${t("invite.until", { until: moment(invited.expires_at, invited.zone) })}</p>
    </form>
  `;
}

/**
 * @param {string} secret
 * @param {() => void} redraw
 */
async function look(secret, redraw) {
  try {
    const invited = /** @type {Invited} */ (await api.send("POST", "invitation", { secret }));
    // The kindergarten knows what the person reads; whoever reads something else says so below.
    if (invited.language !== currentLanguage()) await useLanguage(invited.language).catch(() => {});
    if (secret === state.secret) state.invited = invited;
  } catch (error) {
    if (secret === state.secret) state.dead = api.asProblem(error);
  }
  redraw();
}

/**
 * @param {string} password
 * @param {Invited} invited
 * @param {() => Promise<void>} onin
 * @param {() => void} redraw
 */
async function choose(password, invited, onin, redraw) {
  Object.assign(state, { busy: true, problem: null });
  redraw();
  const language = currentLanguage();
  try {
    await api.send("POST", "invitation/password", { secret: state.secret, password });
    history.replaceState(null, "", "/");
    await onin();
    if (language !== invited.language) {
      await useLanguage(language).catch(() => {});
      await api.setLanguage(language).catch(() => {});
    }
  } catch (error) {
    const problem = api.asProblem(error);
    // A link that is over meanwhile takes no other password either.
    if (problem.code.startsWith("invitation_")) state.dead = problem;
    else if (problem.code === "second_factor") await toCode(redraw);
    else state.problem = problem;
  }
  state.busy = false;
  redraw();
}

/**
 * The password is set; whoever has a second factor shows it where everybody logs in.
 * @param {() => void} redraw
 */
async function toCode(redraw) {
  history.replaceState(null, "", "/");
  await askForCode(redraw);
}
