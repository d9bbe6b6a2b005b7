// A staff member's home: how many look into the own room now, and the own entries of the audit log. No picture, no names.

/** @import { Me } from "../types.js" */

import { loading } from "../components/loading.js";
import { viewers } from "../components/viewers.js";
import { t } from "../i18n.js";
import { resource } from "../resource.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";
import { sentence } from "../words.js";

/** @typedef {{at: string, action: string, own: boolean}} OwnRecord */

/** @param {Me} me */
export const home = (me) => html`
  <div class="page">
    <h1>${t("staff.title")}</h1>
    ${me.groups.map((room) => html`<section class="card"><h2>${room.name}</h2>${viewers(room)}</section>`)}
    ${me.groups.length ? nothing : html`<p>${t("staff.no_room")}</p>`}
    <p class="soft">${t("staff.text")}</p>
    <section>
      <h2>${t("staff.records")}</h2>
      ${records(resource("me/records", null), me.kindergartens[0]?.zone ?? "UTC")}
    </section>
  </div>
`;

/**
 * @param {import("../resource.js").Resource<OwnRecord[]>} resource
 * @param {string} zone
 */
function records({ value, problem }, zone) {
  if (!value) return problem ? html`<p role="alert">${sentence(problem.code, problem.facts, zone)}</p>` : loading();
  return html`<ul class="lines">${value.map((record) => html`<li class="line">${words(record, zone)}</li>`)}</ul>`;
}

/**
 * @param {OwnRecord} record
 * @param {string} zone
 */
const words = ({ at, action, own }, zone) => html`
  <span class="line-text">${t(/** @type {any} */ (`action.${action}`))}${own ? nothing : html` <span class="soft">${t("staff.by_others")}</span>`}</span>
  <span class="soft">${moment(at, zone)}</span>
`;
