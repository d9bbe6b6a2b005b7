// Who wanted to watch and was not let, and why.

/** @import { Role } from "../types.js" */
/** @import { Place } from "./sections.js" */

import { count, t } from "../i18n.js";
import { choose } from "../router.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";
import { causeWords } from "./cause.js";
import { paged } from "./pages.js";
import { address, known } from "./search.js";
import { shown } from "./shown.js";

/**
 * @typedef {object} Refusal
 * @property {number} position
 * @property {string} at
 * @property {string | null} account
 * @property {string | null} name
 * @property {Role | null} role
 * @property {string | null} camera
 * @property {string | null} code
 * @property {number} times
 * @property {string} network
 *
 * @typedef {{refusals: Refusal[], next: number | null}} Page
 */

/** @param {Place} place */
export function refusals(place) {
  const first = address("refusals", place.kindergarten.id);
  const { pages, more } = /** @type {import("./pages.js").Paged<Page>} */ (paged(first, "before", place.revision));
  return html`
    <p class="soft">${t("refusals.text")}</p>
    ${pages.map((part) => shown(part, place.kindergarten.zone, (/** @type {Page} */ { refusals }) => lines(refusals, place, part === pages[0])))}
    ${more ? html`<div class="buttons"><button type="button" class="quiet" @click=${more}>${t("list.more")}</button></div>` : nothing}
  `;
}

/**
 * @param {Refusal[]} refusals
 * @param {Place} place
 * @param {boolean} first
 */
function lines(refusals, place, first) {
  if (first && !refusals.length) return html`<p class="soft">${t("refusals.none")}</p>`;
  return html`<ul class="lines">${refusals.map((refusal) => html`<li class="line">${line(refusal, place)}</li>`)}</ul>`;
}

/**
 * @param {Refusal} refusal
 * @param {Place} place
 */
function line({ at, account, name, role, camera, code, times, network }, place) {
  const { zone } = place.kindergarten;
  const named = known(place).value?.cameras.find(({ id }) => id === camera)?.name;
  const why = () => choose({ view: "why", account, camera, at });
  return html`
    <div class="line-text">
      <h3>${name ?? t("records.erased")}</h3>
      <p class="soft">${[role && t(`role.${role}`), named].filter(Boolean).join(" · ")}</p>
    </div>
    <div class="line-text">
      <p>${moment(at, zone)}${times > 1 ? html` · ${count("refusals.times", times)}` : nothing}</p>
      <p class="soft">${causeWords(code ?? "", zone)}</p>
    </div>
    ${network ? html`<p class="line-text soft">${t("viewings.network_of", { network })}</p>` : nothing}
    ${
      account && camera
        ? html`<div class="buttons"><button type="button" class="quiet" aria-label=${`${t("viewings.why")}: ${name}`} @click=${why}>${t("viewings.why")}</button></div>`
        : nothing
    }
  `;
}
