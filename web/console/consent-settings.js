// What families are asked about the camera, and what follows where they have not agreed.

/** @import { ConsentText } from "../types.js" */
/** @import { Place } from "./sections.js" */

import * as api from "../api.js";
import { choice } from "../components/choice.js";
import { ask } from "../components/sheet.js";
import { currentLanguage, LANGUAGE_NAMES, LANGUAGES, t } from "../i18n.js";
import { resource } from "../resource.js";
import { choose, chosen } from "../router.js";
import { now, wallText } from "../time.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { calendarDay, moment } from "../when.js";
import { dayField } from "./group.js";
import { shown } from "./shown.js";

/**
 * @typedef {"recorded" | "own" | "group"} Rule
 * @typedef {object} Consents
 * @property {Rule} rule
 * @property {ConsentText[]} texts The newest first.
 * @property {{kk: string, ru: string, en: string} | null} proposal
 */

/** @type {Rule[]} */
const RULES = ["recorded", "own", "group"];
const LONGEST_TEXT = 6000;

/** @param {Place} place */
export function consentSettings({ kindergarten, mayChange, revision }) {
  const { id, zone } = kindergarten;
  return html`
    <section class="consents" aria-labelledby="consents-title">
      <h2 id="consents-title">${t("consents.title")}</h2>
      ${shown(resource(`consents?kindergarten=${id}`, revision), zone, (/** @type {Consents} */ consents) => html`
        <div class="card">
          <h3>${t("consents.rule")}</h3>
          <p>${t(`consent_rule.${consents.rule}`)}</p>
          <p class="soft">${t(`consent_rule.${consents.rule}_note`)}</p>
          ${mayChange ? html`<div class="buttons"><button type="button" class="quiet" @click=${() => changeRule(consents, id)}>${t("consents.change_rule")}</button></div>` : nothing}
        </div>
        <div class="card">
          <h3>${t("consents.texts")}</h3>
          ${consents.texts.length ? texts(consents.texts, zone) : html`<p>${t("consents.none")}</p>`}
          ${
            mayChange
              ? html`<div class="buttons">
                  <button type="button" class="quiet" @click=${() => publish(consents, id, zone)}>${t(consents.texts.length ? "consents.publish_new" : "consents.publish")}</button>
                </div>`
              : nothing
          }
        </div>
      `)}
    </section>
  `;
}

/**
 * Every version, in a language that the reader chooses.
 * @param {ConsentText[]} all
 * @param {string} zone
 */
function texts(all, zone) {
  const language = LANGUAGES.find((id) => id === chosen("text")) ?? currentLanguage();
  return html`
    ${choice({
      label: t("consents.language"),
      chosen: language,
      options: LANGUAGES.map((id) => ({ id, text: LANGUAGE_NAMES[id], lang: id })),
      onchoose: (text) => choose({ text }),
    })}
    ${all.map((text, index) => version(text, language, index === 0, zone))}
  `;
}

/**
 * @param {ConsentText} text
 * @param {import("../types.js").Language} language
 * @param {boolean} newest
 * @param {string} zone
 */
const version = (text, language, newest, zone) => html`
  <details class="consent-version" ?open=${newest}>
    <summary>${t("consents.number", { n: text.version })}</summary>
    <p class="soft">${t("consents.published", { at: moment(text.published_at, zone) })} ${text.version > 1 ? stays(text) : nothing}</p>
    ${text[language] === null ? html`<p>${t("consents.no_text")}</p>` : html`<div class="consent-text" lang=${language}>${text[language]}</div>`}
  </details>
`;

/** @param {ConsentText} text */
const stays = ({ asks_again_from }) =>
  asks_again_from ? t("consents.asked_from", { day: calendarDay(asks_again_from) }) : t("consents.stayed_good");

/**
 * @param {Consents} consents
 * @param {string} kindergarten
 */
function changeRule({ rule, texts }, kindergarten) {
  ask({
    title: t("consents.rule"),
    confirm: t("sheet.save"),
    body: () => html`
      ${texts.length ? nothing : html`<p class="sheet-note">${t("consents.rule_needs_text")}</p>`}
      <fieldset class="consent-answers">
        <legend class="unseen">${t("consents.rule")}</legend>
        ${RULES.map(
          (id) => html`
            <label class="check">
              <input type="radio" name="rule" value=${id} required ?checked=${id === rule} ?disabled=${!texts.length && id !== "recorded"} />
              <span><strong>${t(`consent_rule.${id}`)}</strong><br />${t(`consent_rule.${id}_note`)}</span>
            </label>
          `,
        )}
      </fieldset>
    `,
    onsend: (fields) => api.send("PUT", "consents/rule", { kindergarten, rule: fields.get("rule") }),
  });
}

/**
 * @param {Consents} consents
 * @param {string} kindergarten
 * @param {string} zone
 */
function publish({ texts, proposal }, kindergarten, zone) {
  const first = !texts.length;
  const start = texts[0] ?? proposal;
  let again = false;
  ask({
    title: t(first ? "consents.publish" : "consents.publish_new"),
    zone,
    confirm: t("consents.publish_confirm"),
    body: (redraw) => html`
      <p class="sheet-note">${t("consents.publish_note")}</p>
      ${area("kk", t("consents.kk"), start?.kk, true)} ${area("ru", t("consents.ru"), start?.ru, true)} ${area("en", t("consents.en"), start?.en, false)}
      ${
        first
          ? nothing
          : html`
              <fieldset class="consent-answers">
                <legend>${t("consents.earlier")}</legend>
                ${[false, true].map((asks) => {
                  const onchange = () => {
                    again = asks;
                    redraw();
                  };
                  return html`<label class="check"><input type="radio" name="earlier" .checked=${again === asks} @change=${onchange} /><span>${t(asks ? "consents.ask_again" : "consents.stay_good")}</span></label>`;
                })}
              </fieldset>
              ${again ? dayField("asks_again_from", t("consents.ask_from"), wallText(now(), zone).slice(0, 10)) : nothing}
            `
      }
    `,
    onsend: (fields) =>
      api.send("POST", "consents/texts", {
        kindergarten,
        kk: fields.get("kk"),
        ru: fields.get("ru"),
        en: fields.get("en") || null,
        asks_again_from: fields.get("asks_again_from"),
      }),
  });
}

/**
 * @param {"kk" | "ru" | "en"} language
 * @param {string} label
 * @param {string | null | undefined} value
 * @param {boolean} required
 */
const area = (language, label, value, required) => html`
  <label for=${`consent-${language}`}>${label}</label>
  <textarea id=${`consent-${language}`} name=${language} lang=${language} rows="8" maxlength=${LONGEST_TEXT} ?required=${required} .defaultValue=${value ?? ""}></textarea>
`;
