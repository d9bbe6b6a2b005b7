// A problem that a parent reported, as everybody shows it who may see it: what it is about, how it stands, what was said.

/** @import { AppealAct, AppealKind, AppealState } from "../types.js" */

import { t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";

/** How a state looks. @type {Record<AppealState, string>} */
const TONES = { waiting: "paused", answered: "closed", fixed: "live", closed: "closed" };

/** @param {AppealState} state */
export const stateMark = (state) => html`<p class="guest-state" data-tone=${TONES[state]}>${t(`appeal_state.${state}`)}</p>`;

/**
 * 'The picture is bad · Playroom · 10:25'.
 * @param {{kind: AppealKind, camera_name: string | null, minute: string}} appeal
 * @param {string} zone
 */
export const aboutWords = ({ kind, camera_name, minute }, zone) =>
  [t(`appeal_kind.${kind}`), camera_name, moment(minute, zone)].filter(Boolean).join(" · ");

/**
 * What was said and done, in order.
 * @param {{act: AppealAct, by?: string, words: string, at: string}[]} steps `by` where names are told.
 * @param {string} zone
 */
export const thread = (steps, zone) => html`
  <ol class="thread">
    ${steps.map(
      ({ act, by, words, at }) => html`
        <li data-act=${act}>
          <p class="soft"><strong>${t(`appeal_act.${act}`)}</strong>${by ? html` · ${by}` : nothing} · ${moment(at, zone)}</p>
          <p>${words}</p>
        </li>
      `,
    )}
  </ol>
`;

/**
 * A field for words.
 * @param {string} label
 */
export const wordsField = (label) => html`
  <label for="appeal-words">${label}</label>
  <textarea id="appeal-words" name="words" rows="4" maxlength="1000" required></textarea>
`;

/**
 * What was typed there, on one line as the gateway takes it.
 * @param {FormData} fields
 */
export const typedWords = (fields) => String(fields.get("words") ?? "").replace(/\s+/g, " ").trim();
