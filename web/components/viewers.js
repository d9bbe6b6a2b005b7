// How many watch, as a number: never who.

import { count, t } from "../i18n.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { eyeIcon } from "./icons.js";

/** @param {number} n All who watch. */
export const viewers = (n) => html`<p class="viewers">${eyeIcon}<span>${n ? count("viewers.now", n) : t("viewers.none")}</span></p>`;
