// What parents reported and waits for the director, on the first page: the oldest first, with the way to answer.

/** @import { Kindergarten, TodayAppeal, TodayAppeals } from "../types.js" */

import { count, t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";
import { askAnswer } from "./answering.js";
import { aboutWords } from "./appeal.js";

/**
 * @param {TodayAppeals} appeals
 * @param {Kindergarten} kindergarten
 */
export const waitingAppeals = ({ waiting, oldest }, { zone }) =>
  waiting
    ? html`
        <section class="requests" aria-labelledby="appeals-title">
          <h3 id="appeals-title">${t("appeals.title")}</h3>
          <p class="soft" role="status">${count("appeals.waiting", waiting)} <a href="/appeals">${t("appeals.all")}</a></p>
          <ul class="lines">${oldest.map((appeal) => html`<li class="line">${line(appeal, zone)}</li>`)}</ul>
        </section>
      `
    : nothing;

/**
 * @param {TodayAppeal} appeal
 * @param {string} zone
 */
function line(appeal, zone) {
  const about = aboutWords(appeal, zone);
  return html`
    <div class="line-text">
      <strong>${appeal.name}</strong>
      <p class="soft">${[appeal.child_name, appeal.group_name].filter(Boolean).join(" · ")}</p>
      <p class="soft">${about}</p>
      ${appeal.act === "reported" ? nothing : html`<p class="mark">${t(`appeal_act.${appeal.act}`)}</p>`}
      <p>${appeal.words}</p>
      <p class="soft">${t("appeals.waits", { since: moment(appeal.since, zone) })}</p>
    </div>
    <div class="buttons">
      <button type="button" class="quiet" aria-label="${t("appeals.answer")}: ${appeal.name}" @click=${() => askAnswer(appeal, about, appeal.words, zone)}>${t("appeals.answer")}</button>
      ${viewingsLink(appeal)}
    </div>
  `;
}

/**
 * The way to who watched that camera in that minute.
 * @param {{camera: string | null, minute: string}} appeal
 */
export const viewingsLink = ({ camera, minute }) =>
  camera ? html`<a class="quiet" href="/viewings?${new URLSearchParams({ camera, minute })}">${t("appeals.viewings")}</a>` : nothing;
