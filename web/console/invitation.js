// Making a link that lets a person in once, and handing it over: on the screen, or as a letter.

/** @import { Everybody, Person, Way } from "./people.js" */
/** @import { Place } from "./sections.js" */

import * as api from "../api.js";
import { choice } from "../components/choice.js";
import { ask } from "../components/sheet.js";
import { t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";
import { sentence } from "../words.js";
import { letterOf, printLetters } from "./letter.js";

/**
 * @typedef {object} Made A link that was just made; nobody is told it again.
 * @property {boolean} reset
 * @property {string} expires_at
 * @property {boolean | null} sent Null where it was not to be.
 * @property {string | null} not_sent The code of why it was not.
 * @property {string | null} link Null where it was sent, or may not be seen.
 * @property {string | null} qr An SVG document.
 */

/**
 * Asks, makes the link, and shows it.
 * @param {Person} person
 * @param {Everybody} everybody
 * @param {Place} place
 */
export function invite(person, everybody, place) {
  /** @type {Made | null} */
  let made = null;
  const words = person.has_password ? "people.reset_text" : "people.invite_text";
  // What is sent needs no printer.
  let way = person.ways.at(-1) ?? "print";
  ask({
    title: t(person.has_password ? "people.reset" : "people.invite"),
    zone: place.kindergarten.zone,
    confirm: t("people.make_link"),
    body: (redraw) => html`
      <p class="sheet-note">${person.name} · ${person.login}</p>
      <p>${t(words)}</p>
      ${person.ways.length > 1 ? choice({ label: t("field.way"), chosen: way, options: person.ways.map((id) => ({ id, text: t(`way.${id}`) })), onchoose: (/** @type {Way} */ id) => { way = id; redraw(); } }) : nothing}
      ${person.invitation ? html`<p>${t("people.replaces")}</p>` : nothing}
    `,
    onsend: async () => {
      made = await api.send("POST", `people/${person.account}/invitation`, { way });
    },
    onclosed: () => made && show(made, person, everybody, place),
  });
}

/**
 * @param {Person} person
 * @param {Place} place
 */
export const withdraw = (person, { kindergarten }) =>
  ask({
    title: t("people.withdraw"),
    zone: kindergarten.zone,
    confirm: t("people.withdraw_confirm"),
    danger: true,
    body: () => html`<p class="sheet-note">${person.name}</p><p>${t("people.withdraw_text")}</p>`,
    onsend: () => api.send("DELETE", `people/${person.account}/invitation`),
  });

/**
 * @param {Made} made
 * @param {Person} person
 * @param {Everybody} everybody
 * @param {Place} place
 */
function show(made, person, everybody, { kindergarten }) {
  if (!made.link) return told(made, person);
  const { link } = made;
  let copied = false;
  ask({
    title: t("people.link"),
    body: (redraw) => html`
      ${made.not_sent ? html`<p class="sheet-word" role="alert">${sentence(made.not_sent, {}, kindergarten.zone)} ${t("people.hand_over")}</p>` : nothing}
      <p class="sheet-note">${person.name} · ${t("people.link_until", { until: moment(made.expires_at, kindergarten.zone) })}</p>
      ${made.qr ? html`<img class="link-code" alt=${t("people.code")} src=${pictureOf(made.qr)} />` : nothing}
      <p class="link-text" lang="en"><code>${link}</code></p>
      <p>${t("people.link_text")}</p>
      <div class="buttons">
        <button type="button" class="primary" @click=${() => printLetters([letterOf(made, person, everybody, kindergarten)])}>${t("people.print")}</button>
        <button type="button" class="quiet" @click=${async () => { copied = await copy(link); redraw(); }}>${t("people.copy")}</button>
        <span role="status">${copied ? t("people.copied") : nothing}</span>
      </div>
    `,
    cancel: t("people.link_done"),
  });
}

/**
 * Says whether a link was sent that is not shown here.
 * @param {Made} made
 * @param {Person} person
 */
const told = (made, person) =>
  ask({
    title: t(made.sent ? "people.sent" : "people.not_sent"),
    body: () => html`
      <p class="sheet-note">${person.name} · ${person.login}</p>
      <p role="status">${made.not_sent ? sentence(made.not_sent, {}, "UTC") : t("people.sent_text")}</p>
    `,
  });

/** @param {string} svg */
export const pictureOf = (svg) => `data:image/svg+xml;base64,${btoa(svg)}`;

/** @param {string} text */
const copy = (text) =>
  navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
