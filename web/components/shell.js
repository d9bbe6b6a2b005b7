// What stands around every page of somebody who is logged in: mark, menu, the word about a lost connection, the foot.

/** @import { Me } from "../types.js" */

import { t } from "../i18n.js";
import { screenshotWords } from "../words.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { sections } from "../console/sections.js";
import { menuIcon } from "./icons.js";
import { languages, offered } from "./languages.js";
import { logo } from "./logo.js";

/**
 * @param {object} page
 * @param {Me} page.me
 * @param {string} page.shown The name of the page.
 * @param {boolean} page.link Whether the gateway can be heard.
 * @param {unknown} page.content
 * @param {() => void} page.onlanguage
 * @param {() => void} page.onlogout
 */
export const shell = ({ me, shown, link, content, onlanguage, onlogout }) => html`
  <a class="skip" href="#main">${t("app.skip")}</a>
  <header class="top">
    <a class="brand" href="/">${logo}<span>${t("app.name")}</span></a>
    <details class="menu" @focusout=${closeBehind} @keydown=${closeOnEscape} @click=${closeAfter}>
      <summary aria-label=${t("menu.open")} title=${t("menu.open")}>${menuIcon}</summary>
      <div class="menu-sheet">
        <p class="menu-who"><strong>${me.account.name}</strong><span>${t(`role.${me.account.role}`)}</span></p>
        ${languages(onlanguage, offered(me))}
        <a href="/">${t("menu.home")}</a>
        <a href="/account">${t("account.title")}</a>
        <a href="/help">${t("menu.help")}</a>
        <button type="button" @click=${onlogout}>${t("menu.logout")}</button>
      </div>
    </details>
  </header>
  ${sections(me, shown)}
  <div class="banner" role="status">${link ? nothing : html`<p>${t("app.offline")}</p>`}</div>
  <main id="main" tabindex="-1">${content}</main>
  <footer class="foot">
    ${me.cameras.length ? html`<p>${screenshotWords(me)}</p>` : nothing}
    <p><a href="/help">${t("menu.help")}</a></p>
  </footer>
`;

/** @param {FocusEvent & {currentTarget: HTMLDetailsElement}} event */
function closeBehind({ currentTarget: menu, relatedTarget }) {
  if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) menu.open = false;
}

/** @param {KeyboardEvent & {currentTarget: HTMLDetailsElement}} event */
function closeOnEscape({ currentTarget: menu, key }) {
  if (key !== "Escape" || !menu.open) return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
}

/** @param {Event & {currentTarget: HTMLDetailsElement}} event */
function closeAfter({ currentTarget: menu, target }) {
  if (target instanceof HTMLAnchorElement) menu.open = false;
}
