// The parts of the pages of directors and inspectors: what they are called, where they are, and where their code is. Code is loaded
// when it is first wanted, so that a parent's telephone never carries it.

/** @import { Kindergarten, Me, Role } from "../types.js" */

import { t } from "../i18n.js";
import { lazy } from "../lazy.js";
import { chosen, choose } from "../router.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { choice } from "../components/choice.js";
import { loading } from "../components/loading.js";

/**
 * @typedef {object} Place What a part is given to draw.
 * @property {Me} me
 * @property {Kindergarten} kindergarten
 * @property {boolean} mayChange Whether the account manages the kindergarten, or only looks.
 * @property {number | null} revision For `resource`.
 */

/** @typedef {{draw: (place: Place) => unknown}} Part */

/** @type {Record<string, () => Promise<Part>>} */
const PARTS = {
  appeals: () => import("./appeals.js"),
  cameras: () => import("./cameras.js"),
  children: () => import("./children.js"),
  hours: () => import("./hours.js"),
  kindergartens: () => import("./kindergartens.js"),
  overview: () => import("./overview.js"),
  people: () => import("./people.js"),
  recordings: () => import("./recordings.js"),
  records: () => import("./records.js"),
  settings: () => import("./settings.js"),
  viewings: () => import("./viewings.js"),
};

/** @type {Partial<Record<Role, string[]>>} */
const SECTIONS = {
  director: ["children", "people", "hours", "cameras", "recordings", "viewings", "appeals", "records", "overview", "settings"],
  inspector: ["overview", "children", "people", "hours", "cameras", "recordings", "viewings", "appeals", "records", "settings"],
  operator: ["kindergartens"],
};

/**
 * @param {string} name
 * @param {Role} role
 */
export const isSection = (name, role) => name in PARTS && Boolean(SECTIONS[role]?.includes(name));

/**
 * The ways between the parts; nothing for those who have only one.
 * @param {Me} me
 * @param {string} shown
 */
export function sections(me, shown) {
  const own = SECTIONS[me.account.role] ?? [];
  if (!own.length || me.second_factor === "needed") return nothing;
  const link = (/** @type {string} */ name, /** @type {string} */ path) =>
    html`<li><a href=${path} aria-current=${shown === name ? "page" : nothing}>${t(/** @type {any} */ (`section.${name}`))}</a></li>`;
  return html`
    <nav class="sections" aria-label=${t("sections.label")}>
      <ul>${link("home", "/")}${own.map((name) => link(name, `/${name}`))}</ul>
    </nav>
  `;
}

/**
 * One part, for the kindergarten that the address names, or the first.
 * @param {string} name
 * @param {Me} me
 * @param {() => void} redraw
 */
export function section(name, me, redraw) {
  const part = lazy(PARTS[name], redraw);
  if (!part) return loading();
  const kindergarten = me.kindergartens.find(({ id }) => id === chosen("kindergarten")) ?? me.kindergartens[0];
  // An operator looks after all of them from outside, and is in none.
  if (!kindergarten && me.account.role !== "operator") return html`<p>${t("inspector.empty")}</p>`;
  const mayChange = me.account.role === "director";
  // What an inspector looks at is written down each time: nothing is fetched again unasked.
  return html`
    <div class="console">
      ${me.kindergartens.length > 1 ? kindergartens(me.kindergartens, kindergarten.id) : nothing}
      ${part.draw({ me, kindergarten, mayChange, revision: me.account.role === "inspector" ? 0 : me.revision })}
    </div>
  `;
}

/**
 * @param {Kindergarten[]} all
 * @param {string} id
 */
const kindergartens = (all, id) =>
  choice({
    label: t("console.kindergarten"),
    chosen: id,
    options: all.map(({ id, name }) => ({ id, text: name })),
    onchoose: (kindergarten) => choose({ kindergarten }),
  });
