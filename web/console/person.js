// One person: whether and how the person comes in, and the children.

/** @import { Everybody, Person, Tie } from "./people.js" */
/** @import { Place } from "./sections.js" */

import { stateLine } from "../components/state-line.js";
import { LANGUAGE_NAMES, t } from "../i18n.js";
import { choose } from "../router.js";
import { now } from "../time.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { access } from "./access.js";
import { addChild, changeDays, endTie, lift, restrict } from "./guardians.js";
import { invite, withdraw } from "./invitation.js";
import { changeRoom, removeStaff } from "./staff.js";
import { standing, tieWords } from "./standing.js";

/**
 * @param {Person} person
 * @param {Everybody} everybody
 * @param {Place} place
 */
export function person(person, everybody, place) {
  const { kindergarten, mayChange } = place;
  return html`
    <p><button type="button" class="quiet" @click=${back}>← ${t("people.all")}</button></p>
    <div class="person-head">
      <h1>${person.name}</h1>
      <p class="soft">${[t(`role.${person.role}`), person.login, LANGUAGE_NAMES[person.language]].join(" · ")}</p>
      ${stateLine({ ...standing(person, kindergarten.zone), detail: person.block?.reason ?? "" })}
      ${person.shared ? html`<p class="soft">${t("people.shared")}</p>` : nothing}
      ${mayChange ? html`<div class="buttons">${ways(person, everybody, place)}</div>` : nothing}
    </div>
    ${mayChange ? access(person, place) : nothing}
    ${person.role === "parent" ? children(person, everybody, place) : room(person, everybody, place)}
  `;
}

function back() {
  choose({ person: null });
  document.getElementById("main")?.focus();
}

/**
 * @param {Person} person
 * @param {Everybody} everybody
 * @param {Place} place
 */
function ways(person, everybody, place) {
  if (person.block || !person.ways.length) return nothing;
  const stands = person.invitation && Date.parse(person.invitation.expires_at) > now();
  const words = person.has_password ? "people.reset" : person.invitation ? "people.invite_again" : "people.invite";
  return html`
    <button type="button" class="primary" @click=${() => invite(person, everybody, place)}>${t(words)}</button>
    ${stands ? html`<button type="button" class="quiet" @click=${() => withdraw(person, place)}>${t("people.withdraw")}</button>` : nothing}
  `;
}

/**
 * @param {Person} person
 * @param {Everybody} everybody
 * @param {Place} place
 */
const children = (person, everybody, place) => html`
  <section class="people-group">
    <h2>${t("parent.children")}</h2>
    ${person.guardianships.length ? nothing : html`<p class="soft">${t("people.no_child")}</p>`}
    <ul class="cards">${person.guardianships.map((tie) => html`<li>${childOf(tie, person, everybody, place)}</li>`)}</ul>
    ${place.mayChange ? html`<p><button type="button" class="quiet" @click=${() => addChild(person, everybody, place)}>${t("people.add_child")}</button></p>` : nothing}
  </section>
`;

/**
 * Where a staff member works.
 * @param {Person} person
 * @param {Everybody} everybody
 * @param {Place} place
 */
const room = (person, everybody, place) => html`
  <section class="people-group">
    <h2>${t("people.room")}</h2>
    <p>${everybody.groups.find(({ id }) => id === person.room)?.name ?? t("people.no_room")}</p>
    ${
      place.mayChange
        ? html`
            <div class="buttons">
              <button type="button" class="quiet" @click=${() => changeRoom(person, everybody, place)}>${t("people.change_room")}</button>
              <button type="button" class="quiet" @click=${() => removeStaff(person, place)}>${t("people.remove_staff")}</button>
            </div>
          `
        : nothing
    }
  </section>
`;

/**
 * @param {Tie} tie
 * @param {Person} person
 * @param {Everybody} everybody
 * @param {Place} place
 */
function childOf(tie, person, everybody, place) {
  const child = everybody.children.find(({ id }) => id === tie.child);
  const group = everybody.groups.find(({ id }) => id === child?.group);
  const who = `${person.name} → ${child?.name ?? ""}`;
  const button = (/** @type {string} */ words, /** @type {(tie: Tie, who: string, place: Place) => void} */ onpress) =>
    html`<button type="button" class="quiet" aria-label="${words}: ${child?.name}" @click=${() => onpress(tie, who, place)}>${words}</button>`;
  return html`
    <article class="card">
      <h3>${child?.name}</h3>
      <p class="soft">${group?.name ?? t("people.no_group")}</p>
      ${tieWords(tie, place.kindergarten.zone).map(stateLine)}
      ${tie.restricted ? html`<p class="soft">${t("people.order", { reference: tie.reference ?? "" })}</p>` : nothing}
      ${
        place.mayChange
          ? html`
              <div class="buttons">
                ${button(t("people.days"), changeDays)} ${tie.restricted ? button(t("people.lift"), lift) : button(t("people.restrict"), restrict)}
                ${button(t("people.end"), endTie)}
              </div>
            `
          : nothing
      }
    </article>
  `;
}
