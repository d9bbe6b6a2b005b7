// What a director changes about who is whose guardian: each question in a dialog of its own.

/** @import { Child, Everybody, Person, Tie } from "./people.js" */
/** @import { Place } from "./sections.js" */

import * as api from "../api.js";
import { ask } from "../components/sheet.js";
import { currentLanguage, LANGUAGE_NAMES, LANGUAGES, t } from "../i18n.js";
import { now } from "../time.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { choose } from "../router.js";
import { dayOf } from "./standing.js";

/**
 * Asks who is to be a guardian of `child`, and leads to that person's page, where the link is made.
 * @param {Child} child
 * @param {Everybody} everybody
 * @param {Place} place
 */
export function addGuardian(child, everybody, { kindergarten }) {
  const others = everybody.people.filter(
    ({ role, guardianships }) => role === "parent" && !guardianships.some((tie) => tie.child === child.id),
  );
  let known = "";
  let added = "";
  ask({
    title: t("people.add_to", { child: child.name }),
    zone: kindergarten.zone,
    confirm: t("people.add_confirm"),
    body: (redraw) => html`
      ${
        others.length
          ? html`
              <label for="guardian-known">${t("people.who")}</label>
              <select id="guardian-known" @change=${(/** @type {Event & {target: HTMLSelectElement}} */ { target }) => { known = target.value; redraw(); }}>
                <option value="">${t("people.somebody_new")}</option>
                ${others.map(({ account, name, login }) => html`<option value=${account}>${name} · ${login}</option>`)}
              </select>
            `
          : nothing
      }
      ${known ? nothing : newcomer("guardian", t("people.login_hint"))} ${days(kindergarten.zone, null, null)}
    `,
    onsend: async (fields) => {
      const who = known ? { account: known } : { name: text(fields, "name"), login: text(fields, "login"), language: text(fields, "language") };
      const tie = await api.send("POST", "guardianships", { child: child.id, ...who, from: day(fields, "from"), to: day(fields, "to") });
      added = tie.account;
    },
    onclosed: (sent) => sent && choose({ person: added }),
  });
}

/**
 * Ties somebody who is known to another child.
 * @param {Person} person
 * @param {Everybody} everybody
 * @param {Place} place
 */
export function addChild(person, everybody, { kindergarten }) {
  const others = everybody.children.filter(({ id }) => !person.guardianships.some(({ child }) => child === id));
  const group = (/** @type {string | null} */ id) => everybody.groups.find((group) => group.id === id)?.name ?? t("people.no_group");
  ask({
    title: t("people.add_child"),
    zone: kindergarten.zone,
    confirm: t("people.add_confirm"),
    body: () => html`
      <p class="sheet-note">${person.name}</p>
      <label for="guardian-child">${t("field.child")}</label>
      <select id="guardian-child" name="child" required>
        ${others.map((child) => html`<option value=${child.id}>${child.name} · ${group(child.group)}</option>`)}
      </select>
      ${days(kindergarten.zone, null, null)}
    `,
    onsend: (fields) =>
      api.send("POST", "guardianships", { child: text(fields, "child"), account: person.account, from: day(fields, "from"), to: day(fields, "to") }),
  });
}

/**
 * @param {Tie} tie
 * @param {string} who The guardian and the child.
 * @param {Place} place
 */
export const changeDays = (tie, who, { kindergarten }) =>
  ask({
    title: t("people.days"),
    zone: kindergarten.zone,
    confirm: t("people.save"),
    body: () => html`<p class="sheet-note">${who}</p>${days(kindergarten.zone, tie.from, tie.to)}`,
    onsend: (fields) => api.send("PUT", `guardianships/${tie.id}/days`, { from: day(fields, "from"), to: day(fields, "to") }),
  });

/**
 * @param {Tie} tie
 * @param {string} who
 * @param {Place} place
 */
export const restrict = (tie, who, { kindergarten }) =>
  ask({
    title: t("people.restrict"),
    zone: kindergarten.zone,
    confirm: t("people.restrict_confirm"),
    danger: true,
    body: () => html`
      <p class="sheet-note">${who}</p>
      <p>${t("people.restrict_text")}</p>
      <label for="tie-reference">${t("field.reference")}</label>
      <input id="tie-reference" name="reference" type="text" maxlength="200" autocomplete="off" required .value=${tie.reference ?? ""} />
      <p class="sheet-note">${t("people.reference_hint")}</p>
    `,
    onsend: (fields) => api.send("PUT", `guardianships/${tie.id}/restriction`, { reference: text(fields, "reference") }),
  });

/**
 * @param {Tie} tie
 * @param {string} who
 * @param {Place} place
 */
export const lift = (tie, who, { kindergarten }) =>
  ask({
    title: t("people.lift"),
    zone: kindergarten.zone,
    confirm: t("people.lift_confirm"),
    body: () => html`<p class="sheet-note">${who}</p><p>${t("people.lift_text")}</p>`,
    onsend: () => api.send("DELETE", `guardianships/${tie.id}/restriction`),
  });

/**
 * @param {Tie} tie
 * @param {string} who
 * @param {Place} place
 */
export const endTie = (tie, who, { kindergarten }) =>
  ask({
    title: t("people.end"),
    zone: kindergarten.zone,
    confirm: t("people.end_confirm"),
    danger: true,
    body: () => html`<p class="sheet-note">${who}</p><p>${t("people.end_text")}</p>`,
    onsend: () => api.send("DELETE", `guardianships/${tie.id}`),
  });

/**
 * The fields for somebody who may be new.
 * @param {string} prefix Of the ids.
 * @param {string} hint What becomes of a login that is known.
 */
export const newcomer = (prefix, hint) => html`
  <label for="${prefix}-name">${t("people.name")}</label>
  <input id="${prefix}-name" name="name" type="text" maxlength="100" autocomplete="off" required />
  <label for="${prefix}-login">${t("field.login")}</label>
  <input id="${prefix}-login" name="login" type="text" inputmode="email" autocapitalize="none" autocomplete="off" spellcheck="false" required />
  ${hint ? html`<p class="sheet-note">${hint}</p>` : nothing}
  <label for="${prefix}-language">${t("field.language")}</label>
  <select id="${prefix}-language" name="language">
    ${LANGUAGES.map((id) => html`<option value=${id} lang=${id} ?selected=${id === currentLanguage()}>${LANGUAGE_NAMES[id]}</option>`)}
  </select>
`;

/**
 * The fields for the first and the last day.
 * @param {string} zone
 * @param {string | null} from
 * @param {string | null} to
 */
const days = (zone, from, to) => html`
  <div class="sheet-pair">
    <div>
      <label for="tie-from">${t("field.from")}</label>
      <input id="tie-from" name="from" type="date" .value=${from ?? ""} />
    </div>
    <div>
      <label for="tie-to">${t("field.to")}</label>
      <input id="tie-to" name="to" type="date" min=${dayOf(now(), zone)} .value=${to ?? ""} />
    </div>
  </div>
  <p class="sheet-note">${t("people.days_hint")}</p>
`;

/**
 * @param {FormData} fields
 * @param {string} name
 */
export const text = (fields, name) => String(fields.get(name) ?? "");

/**
 * A day, or null where none is chosen.
 * @param {FormData} fields
 * @param {string} name
 */
const day = (fields, name) => text(fields, name) || null;
