// Changing the own password.

/** @import { Account } from "../types.js" */

import * as api from "../api.js";
import { ask } from "../components/sheet.js";
import { t } from "../i18n.js";
import { refresh } from "../resource.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { LOGINS } from "./devices.js";

/**
 * For the keeper of passwords, which wants to know whose one is typed.
 * @param {Account} account
 */
export const whose = ({ login }) => html`<input name="username" type="text" autocomplete="username" value=${login} hidden readonly />`;

/** @param {Account} account */
export const changePassword = (account) =>
  ask({
    title: t("account.change_password"),
    confirm: t("account.change"),
    body: () => html`
      <p class="sheet-note">${t("account.password_note")}</p>
      ${whose(account)}
      <label for="old-password">${t("account.old_password")}</label>
      <input id="old-password" name="old" type="password" autocomplete="current-password" required />
      <label for="new-password">${t("account.new_password")}</label>
      <input id="new-password" name="new" type="password" autocomplete="new-password" minlength="8" maxlength="1024" required />
    `,
    onsend: async (fields) => {
      await api.send("PUT", "me/password", { old: fields.get("old"), new: fields.get("new") });
      refresh(LOGINS);
    },
  });
