// How many looked into the group's room today, by role: never who.

import { count, t } from "../i18n.js";
import { resource } from "../resource.js";
import { now } from "../time.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @typedef {{parents: number, directors: number, inspectors: number}} Company */

/** Asked for again this often while somebody looks. */
const AGAIN_MS = 60_000;

/** @param {string} group */
export function company(group) {
  /** @type {import("../resource.js").Resource<Company>} */
  const { value } = resource(`watched-today?${new URLSearchParams({ group })}`, Math.trunc(now() / AGAIN_MS));
  return value ? html`<p class="soft">${words(value)}</p>` : nothing;
}

/** @param {Company} company */
function words({ parents, directors, inspectors }) {
  const who = [
    parents && count("company.parents", parents),
    directors && count("company.directors", directors),
    inspectors && count("company.inspectors", inspectors),
  ].filter(Boolean);
  return who.length ? t("company.today", { who: who.join(", ") }) : t("company.none");
}
