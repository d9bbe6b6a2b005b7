// Who watches and watched: those that run first, each with what stands out about it, and the way to end it.

/** @import { Role } from "../types.js" */
/** @import { Place } from "./sections.js" */

import * as api from "../api.js";
import { choice } from "../components/choice.js";
import { count, t } from "../i18n.js";
import { refresh } from "../resource.js";
import { chosen, choose } from "../router.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";
import { reasonWords } from "../words.js";
import { causeWords } from "./cause.js";
import { askToEnd } from "./ending.js";
import { explain } from "./explain.js";
import { paged } from "./pages.js";
import { refusals } from "./refusals.js";
import { address, filters } from "./search.js";
import { shown } from "./shown.js";
import { unusual } from "./unusual.js";

/**
 * @typedef {"two_places" | "hours_on_end" | "many_refusals"} Unusual
 *
 * @typedef {object} Viewing
 * @property {string} id
 * @property {string} account
 * @property {string} name
 * @property {Role} role
 * @property {string} camera
 * @property {string} camera_name
 * @property {string} since
 * @property {string | null} until
 * @property {string | null} code
 * @property {string | null} reason
 * @property {string | null} kept_out_until
 * @property {{browser: string | null, system: string | null}} device
 * @property {string} network
 * @property {Unusual[]} unusual
 * @property {boolean} may_end
 *
 * @typedef {{running: Viewing[], viewings: Viewing[], next: string | null}} Page
 */

const VIEWS = /** @type {const} */ (["viewings", "refusals", "why"]);

const WRITTEN_DOWN_MS = 1_500;

/** Who watched when the lists were last drawn: when that changes they are fetched again. */
let watching = "";

/** @param {Place} place */
export function draw(place) {
  const wanted = chosen("view");
  const view = VIEWS.find((view) => view === wanted) ?? "viewings";
  return html`
    <h1>${t("viewings.title")}</h1>
    ${choice({
      label: t("viewings.view"),
      chosen: view,
      options: VIEWS.map((id) => ({ id, text: t(`view.${id}`) })),
      onchoose: (view) => choose({ view }),
    })}
    ${view === "why" ? explain(place) : [filters(place), view === "refusals" ? refusals(place) : list(place)]}
  `;
}

/** @param {Place} place */
function list(place) {
  const first = address("viewings", place.kindergarten.id);
  follow(place, first);
  const { pages, more } = /** @type {import("./pages.js").Paged<Page>} */ (paged(first, "after", place.revision));
  return html`
    ${unusual(place)}
    ${pages.map((part) => shown(part, place.kindergarten.zone, (/** @type {Page} */ page) => rows(page, place, part === pages[0])))}
    <div class="buttons">
      ${more ? html`<button type="button" class="quiet" @click=${more}>${t("list.more")}</button>` : nothing}
      ${place.mayChange ? nothing : html`<button type="button" class="quiet" @click=${() => refresh(first)}>${t("list.refresh")}</button>`}
      <a class="quiet" download href=${`/api/v1/${address("viewings.csv", place.kindergarten.id)}`}>${t("list.export")}</a>
    </div>
  `;
}

/**
 * Fetches the newest page again when somebody came or went. An inspector's looks are written down: theirs is fetched when asked.
 * @param {Place} place
 * @param {string} path
 */
function follow({ me, kindergarten, mayChange }, path) {
  const cameras = me.today.find((today) => today.kindergarten === kindergarten.id)?.cameras ?? [];
  const now = JSON.stringify(cameras.map(({ watching }) => watching));
  if (mayChange && watching && now !== watching) {
    queueMicrotask(() => refresh(path));
    // A stream is cut first and written down after: its line may come a moment later.
    setTimeout(() => refresh(path), WRITTEN_DOWN_MS);
  }
  watching = now;
}

/**
 * @param {Page} page
 * @param {Place} place
 * @param {boolean} first
 */
function rows({ running, viewings }, place, first) {
  if (!first) return lines(viewings, place);
  return html`
    <section aria-labelledby="running-title">
      <h2 id="running-title">${t("viewings.running")}</h2>
      <p class="soft" role="status">${running.length ? count("viewings.count", running.length) : t("viewers.none")}</p>
      ${lines(running, place)}
    </section>
    <section aria-labelledby="over-title">
      <h2 id="over-title">${t("viewings.over")}</h2>
      ${viewings.length ? lines(viewings, place) : html`<p class="soft">${t("viewings.none")}</p>`}
    </section>
  `;
}

/**
 * @param {Viewing[]} viewings
 * @param {Place} place
 */
const lines = (viewings, place) => html`<ul class="lines">${viewings.map((viewing) => html`<li class="line">${line(viewing, place)}</li>`)}</ul>`;

/**
 * @param {Viewing} viewing
 * @param {Place} place
 */
function line(viewing, place) {
  const { zone } = place.kindergarten;
  const { name, role, camera_name, since, until, network } = viewing;
  const time = until ? t("viewings.from_to", { from: moment(since, zone), to: moment(until, zone) }) : t("today.since", { since: moment(since, zone) });
  return html`
    <div class="line-text">
      <h3>${name}</h3>
      <p class="soft">${t(`role.${role}`)} · ${camera_name}</p>
    </div>
    <div class="line-text">
      <p>${time}</p>
      ${until ? html`<p class="soft">${endWords(viewing, zone)}</p>` : nothing}
      ${viewing.unusual.map((kind) => html`<p class="mark">${t(`unusual.${kind}`)}</p>`)}
    </div>
    <div class="line-text soft">
      <p>${deviceWords(viewing)}</p>
      ${network ? html`<p>${t("viewings.network_of", { network })}</p>` : nothing}
    </div>
    ${actions(viewing, place)}
  `;
}

/**
 * @param {Viewing} viewing
 * @param {string} zone
 */
function endWords({ code, reason, kept_out_until }, zone) {
  const why = causeWords(code ?? "", zone);
  const words = reason ? t("viewings.because", { why, reason: reasonWords(reason) }) : why;
  return kept_out_until ? html`${words} ${t("viewings.kept_out", { until: moment(kept_out_until, zone) })}` : words;
}

/** @param {Viewing} viewing */
function deviceWords({ device }) {
  const words = [device.browser, device.system].filter(Boolean);
  return words.length ? words.join(", ") : t("viewings.device_unknown");
}

/**
 * @param {Viewing} viewing
 * @param {Place} place
 */
function actions(viewing, { kindergarten, mayChange }) {
  const { id, name, account, camera, since } = viewing;
  const button = (/** @type {string} */ text, /** @type {() => void} */ onclick) =>
    html`<button type="button" class="quiet" aria-label=${`${text}: ${name}`} @click=${onclick}>${text}</button>`;
  const again = () => refresh(address("viewings", kindergarten.id));
  const letIn = async () => {
    await api.send("DELETE", `viewings/${id}/end`).catch(() => {});
    again();
  };
  return html`
    <div class="buttons">
      ${button(t("viewings.why"), () => choose({ view: "why", account, camera, at: since }))}
      ${mayChange && viewing.may_end ? button(t("viewings.end"), () => askToEnd(viewing, kindergarten.zone, again)) : nothing}
      ${mayChange && viewing.kept_out_until ? button(t("viewings.let_in"), letIn) : nothing}
    </div>
  `;
}

