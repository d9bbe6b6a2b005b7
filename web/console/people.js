// The people of a kindergarten: each child with its guardians, group by group; whoever has no child here; one person's own page.

/** @import { Place } from "./sections.js" */

import { t } from "../i18n.js";
import { resource } from "../resource.js";
import { choose, chosen } from "../router.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { addGuardian } from "./guardians.js";
import { inviteAll, uninvited } from "./invite-all.js";
import { person } from "./person.js";
import { shown } from "./shown.js";
import { addStaff } from "./staff.js";
import { standing, tieWords } from "./standing.js";

/**
 * @typedef {object} Tie A guardianship.
 * @property {string} id
 * @property {string} account
 * @property {string} child
 * @property {string | null} from First day, YYYY-MM-DD.
 * @property {string | null} to Last day.
 * @property {boolean} restricted
 * @property {string | null} reference The order that restricts it.
 *
 * @typedef {"print" | "sms" | "email"} Way
 *
 * @typedef {object} Person
 * @property {string} account
 * @property {string} name
 * @property {string} login
 * @property {"parent" | "staff"} role
 * @property {import("../types.js").Language} language
 * @property {boolean} has_password
 * @property {boolean} shared Whether another kindergarten has a part in the account.
 * @property {{since: string, reason: string} | null} block
 * @property {string | null} logged_in_at
 * @property {Way[]} ways How a link can reach the person.
 * @property {{reset: boolean, way: Way, expires_at: string} | null} invitation
 * @property {string | null} room The group in whose room a staff member works.
 * @property {Tie[]} guardianships
 *
 * @typedef {{id: string, name: string, group: string | null}} Child
 *
 * @typedef {object} Everybody
 * @property {{id: string, name: string}[]} groups
 * @property {Child[]} children
 * @property {Person[]} people
 */

/** @param {Place} place */
export function draw(place) {
  const { kindergarten, revision } = place;
  /** @type {import("../resource.js").Resource<Everybody>} */
  const everybody = resource(`people?kindergarten=${kindergarten.id}`, revision);
  return shown(everybody, kindergarten.zone, (everybody) => {
    const one = everybody.people.find(({ account }) => account === chosen("person"));
    return one ? person(one, everybody, place) : list(everybody, place);
  });
}

/**
 * @param {Everybody} everybody
 * @param {Place} place
 */
function list(everybody, place) {
  const wanted = (chosen("find") ?? "").toLocaleLowerCase();
  const found = (/** @type {string} */ text) => text.toLocaleLowerCase().includes(wanted);
  const guardians = (/** @type {Child} */ child) =>
    everybody.people.flatMap((person) => person.guardianships.filter((tie) => tie.child === child.id).map((tie) => ({ person, tie })));
  const matching = everybody.children.filter(
    (child) => found(child.name) || guardians(child).some(({ person }) => found(person.name) || found(person.login)),
  );
  const rooms = [...everybody.groups, { id: null, name: t("people.no_group") }].map(({ id, name }) => ({
    name,
    children: matching.filter(({ group }) => group === id),
  }));
  const without = everybody.people.filter(({ role, guardianships }) => role === "parent" && guardianships.length === 0);
  const strangers = without.filter(({ name, login }) => found(name) || found(login));
  const staff = everybody.people.filter(({ role, name, login }) => role === "staff" && (found(name) || found(login)));
  return html`
    <div class="console-head">
      <h1>${t("people.title")}</h1>
      ${place.mayChange && uninvited(everybody, place.kindergarten.zone).outside.length ? html`<button type="button" class="primary" @click=${() => inviteAll(everybody, place)}>${t("people.invite_all")}</button>` : nothing}
    </div>
    ${search()}
    ${rooms
      .filter(({ children }) => children.length)
      .map(
        ({ name, children }) => html`
          <section class="people-group">
            <h2>${name}</h2>
            <ul class="cards">${children.map((child) => html`<li>${childCard(child, guardians(child), everybody, place)}</li>`)}</ul>
          </section>
        `,
      )}
    ${strangers.length ? html`<section class="people-group"><h2>${t("people.without_child")}</h2><ul class="people-list">${strangers.map((person) => html`<li>${row(person, null, place)}</li>`)}</ul></section>` : nothing}
    <section class="people-group">
      <h2>${t("people.staff")}</h2>
      ${staff.length ? html`<ul class="people-list">${staff.map((person) => html`<li>${row(person, null, place)}</li>`)}</ul>` : html`<p class="soft">${t("people.no_staff")}</p>`}
      ${place.mayChange ? html`<p><button type="button" class="quiet" @click=${() => addStaff(everybody, place)}>${t("people.add_staff")}</button></p>` : nothing}
    </section>
    <p role="status" class="soft">${matching.length || strangers.length || staff.length ? nothing : t(everybody.children.length ? "people.none_found" : "people.no_children")}</p>
  `;
}

const search = () => html`
  <div class="people-search">
    <label for="people-find">${t("people.find")}</label>
    <input
      id="people-find"
      type="search"
      autocomplete="off"
      .value=${chosen("find") ?? ""}
      @input=${(/** @type {InputEvent & {target: HTMLInputElement}} */ { target }) => choose({ find: target.value.trim() })}
    />
  </div>
`;

/**
 * @param {Child} child
 * @param {{person: Person, tie: Tie}[]} guardians
 * @param {Everybody} everybody
 * @param {Place} place
 */
const childCard = (child, guardians, everybody, place) => html`
  <article class="card">
    <h3>${child.name}</h3>
    ${
      guardians.length
        ? html`<ul class="people-list">${guardians.map(({ person, tie }) => html`<li>${row(person, tie, place)}</li>`)}</ul>`
        : html`<p class="soft">${t("people.no_guardian")}</p>`
    }
    ${
      place.mayChange
        ? html`<button type="button" class="quiet" aria-label="${t("people.add")}: ${child.name}" @click=${() => addGuardian(child, everybody, place)}>${t("people.add")}</button>`
        : nothing
    }
  </article>
`;

/**
 * A person as a way to the person's own page.
 * @param {Person} person
 * @param {Tie | null} tie
 * @param {Place} place
 */
function row(person, tie, { kindergarten }) {
  const { tone, title } = standing(person, kindergarten.zone);
  return html`
    <button type="button" class="people-row" @click=${() => open(person.account)}>
      <span class="people-name">${person.name}</span>
      <span class="people-state" data-tone=${tone}><span class="state-dot"></span>${title}</span>
      ${tie ? tieWords(tie, kindergarten.zone).map((words) => html`<span class="people-tie" data-tone=${words.tone}>${words.title}</span>`) : nothing}
    </button>
  `;
}

/** @param {string} account */
function open(account) {
  choose({ person: account });
  scrollTo(0, 0);
  document.getElementById("main")?.focus();
}
