// Inviting everybody who has not come in yet: a link for each, sent where it can be, and the others as letters to print at once.

/** @import { Made } from "./invitation.js" */
/** @import { Everybody, Person } from "./people.js" */
/** @import { Place } from "./sections.js" */

import * as api from "../api.js";
import { choice } from "../components/choice.js";
import { ask } from "../components/sheet.js";
import { count, t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { sentence } from "../words.js";
import { letterOf, printLetters } from "./letter.js";
import { dayOf } from "./standing.js";
import { now } from "../time.js";

/** @typedef {{person: Person, made: Made | null, code: string | null}} Outcome What became of one: a link, or why there is none. */

/**
 * Those who were not invited yet, or whose link has had its time; and those whose link still works.
 * @param {Everybody} everybody
 * @param {string} zone
 */
export function uninvited({ people, children }, zone) {
  const today = dayOf(now(), zone);
  const groupOf = new Map(children.map(({ id, group }) => [id, group]));
  const outside = people.flatMap((person) => {
    const ties = person.guardianships.filter(({ restricted, to }) => !restricted && (!to || to >= today));
    if (person.role !== "parent" || person.has_password || person.block || !ties.length) return [];
    const waits = person.invitation !== null && Date.parse(person.invitation.expires_at) > now();
    return [{ person, waits, groups: ties.map(({ child }) => groupOf.get(child)) }];
  });
  return { outside, fresh: outside.filter(({ waits }) => !waits).length };
}

/**
 * Asks whom, makes the links one after another, and shows what became of them.
 * @param {Everybody} everybody
 * @param {Place} place
 */
export function inviteAll(everybody, place) {
  const { kindergarten } = place;
  const { outside, fresh } = uninvited(everybody, kindergarten.zone);
  const reachable = outside.some(({ person }) => person.ways.length > 1);
  let [group, send, again] = ["", reachable, fresh === 0];
  let stopped = false;
  let inviting = 0;
  /** @type {Outcome[]} */
  const outcomes = [];
  const wanted = () => outside.filter(({ waits, groups }) => (again || !waits) && (!group || groups.includes(group)));

  /** @param {() => void} redraw */
  const body = (redraw) => html`
    <p>${t("people.invite_all_text")}</p>
    <label for="invite-group">${t("people.invite_group")}</label>
    <select id="invite-group" ?disabled=${inviting > 0} @change=${(/** @type {Event & {target: HTMLSelectElement}} */ { target }) => { group = target.value; redraw(); }}>
      <option value="">${t("people.invite_everybody")}</option>
      ${everybody.groups.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}
    </select>
    ${
      reachable
        ? choice({
            label: t("field.way"),
            chosen: send ? "send" : "print",
            options: [
              { id: "send", text: t("people.invite_message") },
              { id: "print", text: t("people.invite_letters") },
            ],
            onchoose: (id) => { send = id === "send"; redraw(); },
          })
        : nothing
    }
    ${
      fresh < outside.length
        ? html`<label class="check"><input type="checkbox" .checked=${again} ?disabled=${inviting > 0} @change=${(/** @type {Event & {target: HTMLInputElement}} */ { target }) => { again = target.checked; redraw(); }} /> ${t("people.invite_waiting")}</label>`
        : nothing
    }
    <p role="status">${inviting ? t("people.inviting", { n: outcomes.length, all: inviting }) : count("people.invite_count", wanted().length)}</p>
    ${inviting ? html`<progress aria-label=${t("people.invite_all")} max=${inviting} value=${outcomes.length}></progress>` : nothing}
  `;

  /** @type {() => void} */
  let redraw = () => {};
  ask({
    title: t("people.invite_all"),
    confirm: t("people.make_links"),
    zone: kindergarten.zone,
    body: (draw) => body((redraw = draw)),
    onsend: async () => {
      const people = wanted();
      if (!people.length) throw new api.Problem("nobody_to_invite");
      inviting = people.length;
      for (const { person } of people) {
        if (stopped) break;
        outcomes.push(await invited(person, send, () => stopped));
        redraw();
      }
    },
    // Whoever closes it meanwhile stops it; what was made until then is there all the same.
    onclosed: () => {
      stopped = true;
      if (outcomes.length) show(outcomes, everybody, place);
    },
  });
}

/**
 * Makes the link of one person. A gateway that has had enough for the moment is given the time that it asks for.
 * @param {Person} person
 * @param {boolean} send Whether it is to be sent, if there is a way.
 * @param {() => boolean} stopped
 * @returns {Promise<Outcome>}
 */
async function invited(person, send, stopped) {
  const way = (send && person.ways.at(-1)) || "print";
  for (;;) {
    try {
      return { person, made: await api.send("POST", `people/${person.account}/invitation`, { way }), code: null };
    } catch (error) {
      const { code, facts } = api.asProblem(error);
      if (code !== "too_many_requests" || stopped()) return { person, made: null, code };
      await new Promise((resolve) => setTimeout(resolve, 1000 * Number(facts.retry_after ?? 1)));
    }
  }
}

/**
 * @param {Outcome[]} outcomes
 * @param {Everybody} everybody
 * @param {Place} place
 */
function show(outcomes, everybody, { kindergarten }) {
  const sent = outcomes.filter(({ made }) => made?.sent).length;
  const letters = outcomes.flatMap(({ person, made }) => (made?.link ? [letterOf(made, person, everybody, kindergarten)] : []));
  // A link that could not be sent is among the letters, so that only those are named who have none at all.
  const failed = outcomes.flatMap(({ person, made, code }) => {
    const why = code ?? (made?.link || made?.sent ? null : (made?.not_sent ?? "unknown"));
    return why ? [`${person.name}: ${sentence(why, {}, kindergarten.zone)}`] : [];
  });
  ask({
    title: t("people.invited_all"),
    body: () => html`
      ${sent ? html`<p role="status">${t("people.sent_count", { n: sent })}</p>` : nothing}
      ${
        letters.length
          ? html`
              <p>${t("people.letters_text")}</p>
              <div class="buttons"><button type="button" class="primary" @click=${() => printLetters(letters)}>${t("people.letters", { n: letters.length })}</button></div>
            `
          : nothing
      }
      ${failed.length ? html`<ul role="alert" class="invite-failed">${failed.map((words) => html`<li>${words}</li>`)}</ul>` : nothing}
    `,
    cancel: t("people.link_done"),
  });
}
