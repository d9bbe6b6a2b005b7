// Who looked at recordings, at which, when, and why.

/** @import { Role } from "../types.js" */
/** @import { Place } from "./sections.js" */

import { t } from "../i18n.js";
import { refresh } from "../resource.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";
import { paged } from "./pages.js";
import { address, camera, day, known, person } from "./search.js";
import { shown } from "./shown.js";

/**
 * @typedef {object} Look
 * @property {string} id
 * @property {string} name
 * @property {Role} role
 * @property {string} camera_name
 * @property {string} from
 * @property {string} to
 * @property {string} reason
 * @property {string} since
 * @property {string} until
 *
 * @typedef {{playbacks: Look[], next: string | null}} Page
 */

/** @param {Place} place */
export function looks(place) {
  const { id, zone } = place.kindergarten;
  const first = address("playbacks", id);
  const { pages, more } = /** @type {import("./pages.js").Paged<Page>} */ (paged(first, "after", place.revision));
  return html`
    <h2>${t("playbacks.title")}</h2>
    <p class="soft">${t("playbacks.text")}</p>
    <search class="filters" aria-label=${t("search.label")}>
      ${shown(known(place), zone, ({ people, cameras }) => html`${person(people)} ${camera(cameras)}`)} ${day()}
    </search>
    ${pages.map((part) => shown(part, zone, (/** @type {Page} */ { playbacks }) => lines(playbacks, zone, part === pages[0])))}
    <div class="buttons">
      ${more ? html`<button type="button" class="quiet" @click=${more}>${t("list.more")}</button>` : nothing}
      <button type="button" class="quiet" @click=${() => refresh(first)}>${t("list.refresh")}</button>
      <a class="quiet" download href=${`/api/v1/${address("playbacks.csv", id)}`}>${t("list.export")}</a>
    </div>
  `;
}

/**
 * @param {Look[]} looks
 * @param {string} zone
 * @param {boolean} first
 */
function lines(looks, zone, first) {
  if (first && !looks.length) return html`<p class="soft" role="status">${t("playbacks.none")}</p>`;
  return html`<ul class="lines">${looks.map((look) => html`<li class="line">${line(look, zone)}</li>`)}</ul>`;
}

/**
 * @param {Look} look
 * @param {string} zone
 */
const line = ({ name, role, camera_name, from, to, reason, since, until }, zone) => html`
  <div class="line-text">
    <h3>${name}</h3>
    <p class="soft">${t(`role.${role}`)}</p>
  </div>
  <div class="line-text">
    <p>${t("playbacks.looked", { since: moment(since, zone), until: moment(until, zone) })}</p>
    <p class="soft">${camera_name} · ${t("viewings.from_to", { from: moment(from, zone), to: moment(to, zone) })}</p>
  </div>
  <p class="line-text">${reason || html`<span class="soft">${t("playbacks.no_reason")}</span>`}</p>
`;
