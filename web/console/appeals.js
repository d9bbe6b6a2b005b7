// What parents reported, with everything that was said and done about it: the director answers, the inspector reads.

/** @import { AppealAct, AppealKind, AppealState, Role } from "../types.js" */
/** @import { Place } from "./sections.js" */

import { aboutWords, stateMark, thread } from "../components/appeal.js";
import { askAnswer } from "../components/answering.js";
import { viewingsLink } from "../components/appeals.js";
import { choice } from "../components/choice.js";
import { t } from "../i18n.js";
import { refresh } from "../resource.js";
import { choose, chosen } from "../router.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { paged } from "./pages.js";
import { day } from "./search.js";
import { shown } from "./shown.js";

/**
 * @typedef {object} Appeal
 * @property {string} id
 * @property {string} account
 * @property {string} name
 * @property {string} child
 * @property {string} child_name
 * @property {string | null} group
 * @property {string | null} group_name
 * @property {string | null} camera
 * @property {string | null} camera_name
 * @property {string} minute
 * @property {AppealKind} kind
 * @property {AppealState} state
 * @property {string} since
 * @property {{act: AppealAct, by: string, role: Role, words: string, at: string}[]} steps
 *
 * @typedef {{appeals: Appeal[], next: string | null}} Page
 */

const STATES = /** @type {const} */ (["waiting", "answered", "fixed", "closed"]);

/** @param {Place} place */
export function draw(place) {
  const { id, zone } = place.kindergarten;
  const state = STATES.find((state) => state === chosen("state")) ?? null;
  const first = address("appeals", id, state);
  const { pages, more } = /** @type {import("./pages.js").Paged<Page>} */ (paged(first, "before", place.revision));
  return html`
    <h1>${t("appeals.title")}</h1>
    <p class="soft">${t("appeals.text")}</p>
    ${choice({
      label: t("appeals.state"),
      chosen: state ?? "",
      options: [{ id: "", text: t("appeals.every") }, ...STATES.map((id) => ({ id, text: t(`appeal_state.${id}`) }))],
      onchoose: (state) => choose({ state: state || null }),
    })}
    <search class="filters" aria-label=${t("search.label")}>${day()}</search>
    ${pages.map((part) => shown(part, zone, (/** @type {Page} */ { appeals }) => cards(appeals, place, part === pages[0])))}
    <div class="buttons">
      ${more ? html`<button type="button" class="quiet" @click=${more}>${t("list.more")}</button>` : nothing}
      ${place.mayChange ? nothing : html`<button type="button" class="quiet" @click=${() => refresh(first)}>${t("list.refresh")}</button>`}
      <a class="quiet" download href=${`/api/v1/${address("appeals.csv", id, state)}`}>${t("list.export")}</a>
    </div>
  `;
}

/**
 * @param {string} list
 * @param {string} kindergarten
 * @param {AppealState | null} state
 */
function address(list, kindergarten, state) {
  const query = new URLSearchParams({ kindergarten });
  const day = chosen("day");
  for (const [name, value] of Object.entries({ state, from: day, to: day })) if (value) query.set(name, value);
  return `${list}?${query}`;
}

/**
 * @param {Appeal[]} appeals
 * @param {Place} place
 * @param {boolean} first
 */
const cards = (appeals, place, first) =>
  first && !appeals.length
    ? html`<p class="soft" role="status">${t("appeals.none")}</p>`
    : html`<ul class="cards">${appeals.map((appeal) => html`<li>${card(appeal, place)}</li>`)}</ul>`;

/**
 * @param {Appeal} appeal
 * @param {Place} place
 */
function card(appeal, { kindergarten: { zone }, mayChange }) {
  const about = aboutWords(appeal, zone);
  const said = appeal.steps.findLast(({ role }) => role === "parent")?.words ?? "";
  return html`
    <article class="card">
      <div>
        <h2>${appeal.name}</h2>
        <p class="soft">${[appeal.child_name, appeal.group_name].filter(Boolean).join(" · ")}</p>
        <p class="soft">${about}</p>
        ${stateMark(appeal.state)}
      </div>
      ${thread(appeal.steps, zone)}
      <div class="buttons">
        ${
          mayChange
            ? html`<button type="button" class="quiet" aria-label="${t("appeals.answer")}: ${appeal.name}" @click=${() => askAnswer(appeal, about, said, zone)}>${t("appeals.answer")}</button>`
            : nothing
        }
        ${viewingsLink(appeal)}
      </div>
    </article>
  `;
}
