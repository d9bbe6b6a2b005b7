// A letter with a link, for one sheet of paper, in the three languages. It is drawn beside the page and seen on paper only.

/** @import { Kindergarten } from "../types.js" */
/** @import { Person } from "./people.js" */
/** @import { Made } from "./invitation.js" */

import { fill, LANGUAGES, textsOf } from "../i18n.js";
import { local } from "../time.js";
import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { pictureOf } from "./invitation.js";

/** @typedef {Record<string, string>} Texts */

/**
 * @param {object} letter
 * @param {Made} letter.made
 * @param {Person} letter.person
 * @param {string[]} letter.children Their names.
 * @param {Kindergarten} letter.kindergarten
 */
export async function printLetter({ made, person, children, kindergarten }) {
  // The person's own language stands first.
  const languages = [person.language, ...LANGUAGES.filter((language) => language !== person.language)];
  const texts = await Promise.all(languages.map(textsOf));
  const sheet = document.createElement("section");
  sheet.className = "letter";
  render(
    html`
      <header>
        <h1>${kindergarten.name}</h1>
        <p>${person.name}${children.length ? html` · ${children.join(", ")}` : nothing}</p>
      </header>
      ${made.qr ? html`<img class="letter-code" alt="" src=${pictureOf(made.qr)} />` : nothing}
      <p class="letter-link">${made.link ?? nothing}</p>
      ${languages.map((language, place) => part(language, texts[place], { made, person, kindergarten }))}
    `,
    sheet,
  );
  document.body.append(sheet);
  await sheet.querySelector("img")?.decode();
  addEventListener("afterprint", () => sheet.remove(), { once: true });
  print();
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
