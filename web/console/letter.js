// Letters with links, each for one sheet of paper, in the three languages. They are drawn beside the page and seen on paper only.

/** @import { Kindergarten } from "../types.js" */
/** @import { Everybody, Person } from "./people.js" */
/** @import { Made } from "./invitation.js" */

import { fill, LANGUAGES, textsOf } from "../i18n.js";
import { local } from "../time.js";
import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { pictureOf } from "./invitation.js";

/** @typedef {Record<string, string>} Texts */

/**
 * @typedef {object} Letter
 * @property {Made} made
 * @property {Person} person
 * @property {string[]} children Their names.
 * @property {Kindergarten} kindergarten
 */

/**
 * @param {Made} made
 * @param {Person} person
 * @param {Everybody} everybody
 * @param {Kindergarten} kindergarten
 * @returns {Letter}
 */
export function letterOf(made, person, everybody, kindergarten) {
  const children = person.guardianships.map((tie) => everybody.children.find(({ id }) => id === tie.child)?.name ?? "");
  return { made, person, children, kindergarten };
}

/** @param {Letter[]} letters */
export async function printLetters(letters) {
  const texts = new Map(await Promise.all(LANGUAGES.map(async (language) => /** @type {const} */ ([language, await textsOf(language)]))));
  const sheets = document.createElement("div");
  sheets.className = "letters";
  render(letters.map((letter) => sheet(letter, texts)), sheets);
  document.body.append(sheets);
  await Promise.all([...sheets.querySelectorAll("img")].map((code) => code.decode()));
  addEventListener("afterprint", () => sheets.remove(), { once: true });
  print();
}

/**
 * @param {Letter} letter
 * @param {Map<string, Texts>} texts
 */
function sheet({ made, person, children, kindergarten }, texts) {
  // The person's own language stands first.
  const languages = [person.language, ...LANGUAGES.filter((language) => language !== person.language)];
  return html`
    <section class="letter">
      <header>
        <h1>${kindergarten.name}</h1>
        <p>${person.name}${children.length ? html` · ${children.join(", ")}` : nothing}</p>
      </header>
      ${made.qr ? html`<img class="letter-code" alt="" src=${pictureOf(made.qr)} />` : nothing}
      <p class="letter-link">${made.link ?? nothing}</p>
      ${languages.map((language) => part(language, texts.get(language) ?? {}, { made, person, kindergarten }))}
    </section>
  `;
}

/**
 * @param {string} language
 * @param {Texts} texts
 * @param {{made: Made, person: Person, kindergarten: Kindergarten}} letter
 */
const part = (language, texts, { made, person, kindergarten }) => html`
  <article lang=${language}>
    <h2>${texts[made.reset ? "letter.reset" : "letter.invited"]}</h2>
    <ol>
      <li>${texts["letter.scan"]}</li>
      <li>${texts["letter.choose"]}</li>
      <li>${fill(texts["letter.after"], { login: person.login })}</li>
    </ol>
    <p>${fill(texts["letter.until"], { until: day(made.expires_at, kindergarten.zone, texts) })} ${texts["letter.keep"]}</p>
  </article>
`;

/**
 * '30 November 2026, 10:31', in the words of `texts`.
 * @param {string} moment
 * @param {string} zone
 * @param {Texts} texts
 */
function day(moment, zone, texts) {
  const { day, month, year, time } = local(moment, zone);
  const date = fill(texts["when.day_month"], { day, month: texts[`month.${month}`] });
  return fill(texts["when.date"], { date: fill(texts["when.year"], { date, year }), time });
}
