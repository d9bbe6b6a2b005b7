// Who has agreed to the camera: in the list of children, child by child, and what came on paper.

/** @import { Child, List } from "./children.js" */

import * as api from "../api.js";
import { ask } from "../components/sheet.js";
import { currentLanguage, LANGUAGE_NAMES, LANGUAGES, t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { calendarDay } from "../when.js";
import { dayField } from "./group.js";

const LONGEST_DOCUMENT = 200;

/**
 * How many of a group have agreed, in a few words; nothing where nobody is asked.
 * @param {Child[]} children
 * @param {List} list
 */
export function consentSummary(children, { consent_version }) {
  if (consent_version === null || !children.length) return "";
  return t("consents.summary", { n: children.filter(({ consent }) => consent.standing === "given").length, all: children.length });
}

/**
 * What a child's line says: that a consent is missing, and nothing where all is well.
 * @param {Child} child
 * @param {List} list
 */
export const consentMissing = ({ consent: { standing } }, { consent_version }) =>
  consent_version !== null && standing !== "given" && t("consents.fact", { standing: t(`consent.${standing}`) });

/**
 * The consent of one child: how it stands, since when, in which language, and where the paper is.
 * @param {Child} child
 * @param {List} list
 */
export function consentOf({ consent: { standing, answer } }, { consent_version }) {
  if (consent_version === null) return nothing;
  return html`
    <h3>${t("consents.title")}</h3>
    <p class=${standing === "given" ? "" : "mark"}>${t(`consent.${standing}`)}</p>
    ${
      answer
        ? html`
            <p class="soft">${t("consents.detail", { day: calendarDay(answer.day), n: answer.version, language: t(`language.${answer.language}`) })}</p>
            <p class="soft">${answer.document === null ? t("consents.said_by", { name: answer.by ?? "" }) : t("consents.paper_by", { document: answer.document, name: answer.by ?? "" })}</p>
          `
        : nothing
    }
  `;
}

/**
 * Writes down what a family signed on paper.
 * @param {Child} child
 * @param {List} list
 */
export function paper({ id, name }, { today, consent_version }) {
  const version = consent_version ?? 1;
  const versions = Array.from({ length: version }, (_, index) => version - index);
  ask({
    title: t("consents.paper_name", { name }),
    confirm: t("children.save"),
    body: () => html`
      <fieldset class="consent-answers">
        <legend>${t("consents.says")}</legend>
        <label class="check"><input type="radio" name="agrees" value="yes" required /><span>${t("consents.says_yes")}</span></label>
        <label class="check"><input type="radio" name="agrees" value="no" required /><span>${t("consents.says_no")}</span></label>
      </fieldset>
      ${dayField("day", t("consents.day"), today)}
      <label for="paper-document">${t("consents.document")}</label>
      <input id="paper-document" name="document" type="text" autocomplete="off" required maxlength=${LONGEST_DOCUMENT} aria-describedby="paper-hint" />
      <p id="paper-hint" class="sheet-note">${t("consents.document_hint")}</p>
      <label for="paper-version">${t("consents.version")}</label>
      <select id="paper-version" name="version">${versions.map((n) => html`<option value=${n}>${n}</option>`)}</select>
      <label for="paper-language">${t("consents.language")}</label>
      <select id="paper-language" name="language">
        ${LANGUAGES.map((id) => html`<option value=${id} ?selected=${id === currentLanguage()}>${LANGUAGE_NAMES[id]}</option>`)}
      </select>
    `,
    onsend: (fields) =>
      api.send("PUT", `children/${id}/consent/paper`, {
        agrees: fields.get("agrees") === "yes",
        day: fields.get("day"),
        document: fields.get("document"),
        version: Number(fields.get("version")),
        language: fields.get("language"),
      }),
  });
}
