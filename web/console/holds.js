// What is kept of recordings beyond its days, for whom and why: each order with the cameras that it covers.

/** @import { Hold, Order } from "./orders.js" */
/** @import { Place } from "./sections.js" */

import { t } from "../i18n.js";
import { refresh, resource } from "../resource.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";
import { askToRelease } from "./hold.js";
import { orders } from "./orders.js";
import { shown } from "./shown.js";

/** @param {string} kindergarten */
const address = (kindergarten) => `holds?kindergarten=${kindergarten}`;

/**
 * The part of a page that lists what is kept.
 * @param {Place} place
 */
export function holds({ kindergarten: { id, zone }, revision }) {
  const path = address(id);
  return html`
    <section aria-labelledby="holds-title">
      <h2 id="holds-title">${t("holds.title")}</h2>
      <p class="soft">${t("holds.text")}</p>
      ${shown(resource(path, revision), zone, (/** @type {{holds: Hold[]}} */ { holds }) => list(orders(holds), zone, () => refresh(path)))}
    </section>
  `;
}

/**
 * @param {Order[]} orders
 * @param {string} zone
 * @param {() => void} ondone
 */
const list = (orders, zone, ondone) =>
  orders.length
    ? html`<ul class="lines">${orders.map((order) => html`<li class="line">${line(order, zone, ondone)}</li>`)}</ul>`
    : html`<p class="soft" role="status">${t("holds.none")}</p>`;

/**
 * @param {Order} order
 * @param {string} zone
 * @param {() => void} ondone
 */
function line(order, zone, ondone) {
  const { cameras, from, to, reason, since, until, released_by, release_reason, may_release } = order;
  const names = cameras.map(({ name }) => name).join(", ");
  return html`
    <div class="line-text">
      <h3>${names}</h3>
      <p>${t("holds.span", { from: moment(from, zone), to: moment(to, zone) })}</p>
      ${reason ? html`<p>${reason}</p>` : nothing}
    </div>
    <div class="line-text soft">
      <p>${cause(order)} · ${moment(since, zone)}</p>
      ${until ? html`<p>${t("holds.released", { name: released_by ?? "", when: moment(until, zone), reason: release_reason ?? "" })}</p>` : nothing}
    </div>
    ${
      may_release
        ? html`<button type="button" class="quiet" aria-label="${t("hold.release")}: ${names}" @click=${() => askToRelease(order, zone, ondone)}>${t("hold.release")}</button>`
        : nothing
    }
  `;
}

/** @param {Order} order */
function cause({ origin, by, role }) {
  if (origin !== "person") return t(`hold_origin.${origin}`);
  return role ? `${by ?? ""} · ${t(`role.${role}`)}` : (by ?? "");
}
