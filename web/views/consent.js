// A guardian reads what the camera in the group room shows, agrees or not, and takes it back. Loaded when somebody wants to.

/** @import { Child, ConsentStanding, ConsentText, Language } from "../types.js" */

import * as api from "../api.js";
import { choice } from "../components/choice.js";
import { ask } from "../components/sheet.js";
import { currentLanguage, LANGUAGE_NAMES, LANGUAGES, t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { calendarDay } from "../when.js";
import { sentence } from "../words.js";

/**
 * @typedef {object} Answer
 * @property {"agreed" | "declined" | "withdrawn"} answer
 * @property {number} version
 * @property {Language} language
 * @property {string} day YYYY-MM-DD.
 * @property {string | null} by The guardian who answered on the page; null for paper.
 *
 * @typedef {object} OwnConsent
 * @property {"recorded" | "own" | "group"} rule
 * @property {ConsentText[]} texts The newest, and the one that was answered to.
 * @property {ConsentStanding} standing
 * @property {string | null} good_before
 * @property {Answer | null} answer
 * @property {boolean} refused_by_other
 */

/**
 * Asks for the consent for a child, or shows it with the way to take it back.
 * @param {Child} child
 * @param {string} zone
 */
export async function openConsent(child, zone) {
  const title = t("own_consent.name", { name: child.name });
  try {
    show(child, zone, title, await api.get(`children/${child.id}/consent`));
  } catch (error) {
    const { code, facts } = api.asProblem(error);
    ask({ title, body: () => html`<p>${sentence(code, facts, zone)}</p>` });
  }
}

/**
 * @param {Child} child
 * @param {string} zone
 * @param {string} title
 * @param {OwnConsent} own
 */
function show({ id }, zone, title, own) {
  const [newest] = own.texts;
  const earlier = own.texts.find(({ version }) => version !== newest.version);
  const holds = own.standing === "given" && own.good_before === null;
  let language = speaks(newest, currentLanguage()) ? currentLanguage() : "ru";
  const send = (/** @type {boolean} */ agrees) => api.send("PUT", `children/${id}/consent`, { agrees, version: newest.version, language });
  ask({
    title,
    zone,
    confirm: holds ? t("own_consent.withdraw") : own.refused_by_other ? undefined : t("own_consent.send"),
    danger: holds,
    cancel: t("sheet.close"),
    body: (redraw) => html`
      ${standing(own)}
      ${choice({
        label: t("own_consent.language"),
        chosen: language,
        options: LANGUAGES.filter((id) => speaks(newest, id)).map((id) => ({ id, text: LANGUAGE_NAMES[id], lang: id })),
        onchoose: (id) => {
          language = id;
          redraw();
        },
      })}
      <div class="consent-text" lang=${language} tabindex="0" role="region" aria-label=${t("consents.number", { n: newest.version })}>${newest[language]}</div>
      ${
        earlier
          ? html`<details>
              <summary>${t("own_consent.earlier", { n: earlier.version })}</summary>
              <div class="consent-text">${earlier[speaks(earlier, language) ? language : "ru"]}</div>
            </details>`
          : nothing
      }
      <p class="sheet-note">${t(`consent_then.${own.rule}`)}</p>
      ${own.refused_by_other ? html`<p>${t("own_consent.refused")}</p>` : holds ? nothing : answers(own.standing)}
    `,
    onsend: (fields) => send(!holds && fields.get("answer") === "yes"),
  });
}

/**
 * What was answered so far.
 * @param {OwnConsent} own
 */
function standing({ standing, answer, good_before }) {
  if (!answer) return nothing;
  const facts = { day: calendarDay(answer.day), n: answer.version };
  return html`
    <p>
      <strong>${t("consents.fact", { standing: t(`consent.${standing}`) })}</strong>
      <span class="soft">${answer.by ? t("own_consent.by", { name: answer.by, ...facts }) : t("own_consent.on_paper", facts)}</span>
    </p>
    ${good_before ? html`<p>${t("own_consent.good_before", { day: calendarDay(good_before) })}</p>` : nothing}
  `;
}

/**
 * Yes or no; neither is proposed.
 * @param {ConsentStanding} standing
 */
const answers = (standing) => html`
  <fieldset class="consent-answers">
    <legend>${t("own_consent.answer")}</legend>
    <label class="check"><input type="radio" name="answer" value="yes" required /><span>${t("own_consent.agree")}</span></label>
    <label class="check"><input type="radio" name="answer" value="no" required ?checked=${standing === "declined" || standing === "withdrawn"} /><span>${t("own_consent.decline")}</span></label>
  </fieldset>
`;

/**
 * Whether a text can be read in a language.
 * @param {ConsentText} text
 * @param {Language} language
 */
const speaks = (text, language) => text[language] !== null;
