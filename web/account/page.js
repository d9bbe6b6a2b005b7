// The own account, for every role: who one is, the password, the code at log-in, and the devices that are logged in.

/** @import { Me } from "../types.js" */

import { languages } from "../components/languages.js";
import { t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { devices } from "./devices.js";
import { factor } from "./factor.js";
import { changePassword } from "./password.js";

/**
 * @param {Me} me
 * @param {() => void} onlanguage
 */
export const account = (me, onlanguage) => html`
  <div class="page account">
    <h1>${t("account.title")}</h1>
    <section class="card">
      <h2>${me.account.name}</h2>
      <p class="soft">${t(`role.${me.account.role}`)} · ${me.account.login}</p>
      ${languages(onlanguage)}
    </section>
    <section class="card">
      <h2>${t("login.password")}</h2>
      <p class="soft">${t("account.password_text")}</p>
      <div class="buttons"><button type="button" class="quiet" @click=${() => changePassword(me.account)}>${t("account.change_password")}</button></div>
    </section>
    ${me.second_factor ? factor(me.second_factor, me.account) : nothing} ${devices(me)}
  </div>
`;
