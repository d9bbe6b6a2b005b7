// How a kindergarten stands now, for its director: a card a group, who watches, and the way to close and to open again.

/** @import { Kindergarten, Me, Today, TodayCamera, TodayGroup, TodayPause } from "../types.js" */

import { capital, count, t } from "../i18n.js";
import { go } from "../router.js";
import { now } from "../time.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { at, moment } from "../when.js";
import { groupWords, reasonWords, stateWords } from "../words.js";
import { rungAlarms } from "./alarms.js";
import { waitingAppeals } from "./appeals.js";
import { Closing } from "./closing.js";
import { defectLines } from "./defects.js";
import { firstSteps } from "./first-steps.js";
import { eyeIcon } from "./icons.js";
import { requests } from "./requests.js";
import { stateLine } from "./state-line.js";

/**
 * @param {Kindergarten} kindergarten
 * @param {Me} me
 */
export function today(kindergarten, me) {
  const today = me.today.find((today) => today.kindergarten === kindergarten.id);
  if (!today) return nothing;
  const common = today.cameras.filter(({ group }) => group === null);
  return html`
    ${rungAlarms(today.alarms, kindergarten)} ${firstSteps(today)}
    <section class="today" aria-labelledby="today-title">
      ${everything(today, kindergarten)}
      <tereze-closing></tereze-closing>
      ${waitingAppeals(today.appeals, kindergarten)} ${requests(today.requests, kindergarten)}
      <ul class="today-cards">
        ${repeat(
          today.groups,
          ({ id }) => id,
          (group) => html`<li>${groupCard(group, today, kindergarten)}</li>`,
        )}
        ${common.length ? html`<li>${commonCard(common, today, kindergarten)}</li>` : nothing}
      </ul>
    </section>
  `;
}

/**
 * What holds for every group and camera.
 * @param {Today} today
 * @param {Kindergarten} kindergarten
 */
function everything({ pauses, inspecting }, { id, zone }) {
  const all = pauses.filter(closesAll);
  const closed = all.filter(isInForce);
  const last = closed.reduce((last, pause) => (!last || ends(pause) > ends(last) ? pause : last), closed[0]);
  return html`
    <div class="today-all">
      <h2 id="today-title">${t("today.title")}</h2>
      ${inspecting.map(({ name, since }) => html`<p class="today-inspecting" role="status">${t("today.inspecting", { name, since: moment(since, zone) })}</p>`)}
      ${last ? stateLine({ ...pausedWords(last, zone), title: t("today.all_paused", { until: moment(last.until, zone) }) }) : nothing}
      ${closed.map(orderedBy)} ${all.filter((pause) => !isInForce(pause)).map((pause) => line(pause, "", zone))}
      ${
        // One button that changes what it does: whoever pressed it keeps the focus.
        button(
          closed.length ? t("today.open_all") : t("today.close_all"),
          "",
          (closing) => (closed.length ? closing.openAgain(closed) : closing.ask({ kindergarten: id, zone })),
        )
      }
    </div>
  `;
}

/**
 * @param {TodayGroup} group
 * @param {Today} today
 * @param {Kindergarten} kindergarten
 */
function groupCard(group, today, { id, zone }) {
  const cameras = today.cameras.filter((camera) => camera.group === group.id);
  const own = today.pauses.filter((pause) => pause.group === group.id);
  const closed = own.filter(isInForce);
  const host = today.groups.find(({ id }) => id === group.host);
  // The state tells of a pause within the hours; outside of them it tells when it opens next.
  const told = group.state.code === "paused";
  const more = own.filter((pause) => !told || !isInForce(pause));
  const byAll = today.pauses.some((pause) => closesAll(pause) && isInForce(pause));
  return html`
    <article class="today-card">
      <h3>${group.name}</h3>
      ${host ? html`<p class="today-by">${t("today.with", { group: host.name })}</p>` : stateLine(groupWords(group.state, zone))} ${attendance(group)} ${withoutConsent(group, id)} ${more.map((pause) => line(pause, "", zone, isInForce(pause)))}
      ${closed.map(orderedBy)} ${cameraPauses(cameras, today, zone)} ${cameraDefects(cameras, zone)} ${watchers(cameras, zone)}
      ${
        byAll && !closed.length
          ? nothing
          : button(closed.length ? t("today.open_again") : t("today.close_group"), group.name, (closing) =>
              closed.length ? closing.openAgain(closed) : closing.ask({ kindergarten: id, zone, group }),
            )
      }
      ${cameras.length > 1 && !closed.length ? cameras.map((camera) => closeCamera(camera, today, id, zone)) : nothing}
    </article>
  `;
}

/**
 * Who is here today, and who is not.
 * @param {TodayGroup} group
 */
function attendance({ children, absent }) {
  if (!children) return nothing;
  const here = t("today.here", { here: children - absent.length, all: children });
  return html`<p class="today-by">${here}${absent.length ? ` ${t("today.absent", { names: absent.map(({ name }) => name).join(", ") })}` : ""}</p>`;
}

/**
 * How many keep the room closed because their families have not agreed to the camera, and the way to them.
 * @param {TodayGroup} group
 * @param {string} kindergarten
 */
function withoutConsent({ id, without_consent }, kindergarten) {
  if (!without_consent) return nothing;
  const show = () => {
    history.pushState(null, "", `/children?${new URLSearchParams({ kindergarten, group: id })}`);
    go("/children");
  };
  return html`
    <p class="today-pause">${count("consents.closed", without_consent)}</p>
    <button type="button" class="quiet today-consents" @click=${show}>${t("consents.show")}</button>
  `;
}

/**
 * The yard, the hall: they belong to every group.
 * @param {TodayCamera[]} cameras
 * @param {Today} today
 * @param {Kindergarten} kindergarten
 */
const commonCard = (cameras, today, { id, zone }) => html`
  <article class="today-card">
    <h3>${t("today.common")}</h3>
    ${cameraPauses(cameras, today, zone)} ${cameraDefects(cameras, zone)} ${watchers(cameras, zone)}
    ${cameras.map((camera) => closeCamera(camera, today, id, zone))}
  </article>
`;

/**
 * The way to close one camera of several; a closed one stands among the pauses.
 * @param {TodayCamera} camera
 * @param {Today} today
 * @param {string} kindergarten
 * @param {string} zone
 */
function closeCamera({ id, name }, { pauses }, kindergarten, zone) {
  if (pauses.some((pause) => isInForce(pause) && (pause.camera === id || closesAll(pause)))) return nothing;
  return button(t("today.close_camera", { name }), "", (closing) => closing.ask({ kindergarten, zone, camera: { id, name } }));
}

/**
 * @param {TodayCamera[]} cameras
 * @param {Today} today
 * @param {string} zone
 */
const cameraPauses = (cameras, { pauses }, zone) =>
  cameras.flatMap(({ id, name }) => pauses.filter(({ camera }) => camera === id).map((pause) => line(pause, name, zone)));

/**
 * @param {TodayCamera[]} cameras
 * @param {string} zone
 */
const cameraDefects = (cameras, zone) => cameras.map(({ name, defects }) => defectLines(defects, zone, name));

/**
 * A pause that the state does not tell of, with the way to end it.
 * @param {TodayPause} pause
 * @param {string} camera The name of the camera that it closes, if it closes one.
 * @param {string} zone
 * @param {boolean} [ended] Whether the card itself has the way to end it.
 */
function line(pause, camera, zone, ended = false) {
  const { title, detail } = pausedWords(pause, zone);
  const until = moment(pause.until, zone);
  const words = isInForce(pause) ? `${title}.` : capital(t("today.planned", { at: at(pause.from, zone), until }));
  const end = isInForce(pause) ? t("today.open_again") : t("today.call_off");
  return html`
    <p class="today-pause">${camera ? html`<strong>${camera}</strong>` : nothing} ${words} ${detail}</p>
    ${ended ? nothing : button(end, camera || reasonWords(pause.reason), (closing) => closing.openAgain([pause]))}
  `;
}

/** @param {TodayPause} pause */
const orderedBy = ({ by }) => (by ? html`<p class="today-by">${t("today.by", { name: by })}</p>` : nothing);

/**
 * @param {TodayPause} pause
 * @param {string} zone
 */
const pausedWords = ({ until, reason }, zone) => stateWords({ code: "paused", until, reason }, zone);

/** @param {TodayPause} pause */
const closesAll = ({ group, camera }) => group === null && camera === null;

/** @param {TodayPause} pause */
const isInForce = ({ from }) => Date.parse(from) <= now();

/** @param {TodayPause} pause */
const ends = ({ until }) => Date.parse(until);

/**
 * @param {string} text
 * @param {string} what What it is for, for those who hear it without the card around.
 * @param {(closing: Closing) => void} onpress
 */
function button(text, what, onpress) {
  const onclick = (/** @type {Event} */ { currentTarget }) => {
    const section = currentTarget instanceof Element ? currentTarget.closest(".today") : null;
    const closing = section?.querySelector("tereze-closing");
    if (closing instanceof Closing) onpress(closing);
  };
  return html`<button type="button" class="quiet" aria-label=${what ? `${text}: ${what}` : text} @click=${onclick}>${text}</button>`;
}

/**
 * Who watches any of `cameras`, by name.
 * @param {TodayCamera[]} cameras
 * @param {string} zone
 */
function watchers(cameras, zone) {
  const all = cameras.flatMap((camera) => camera.watching.map((watcher) => ({ ...watcher, camera: camera.name })));
  const people = new Set(all.map(({ account }) => account)).size;
  return html`
    <p class="viewers">${eyeIcon}<span>${people ? count("viewers.now", people) : t("viewers.none")}</span></p>
    ${all.length ? html`<ul class="watchers">${all.map((watcher) => html`<li>${watcherLine(watcher, cameras.length > 1, zone)}</li>`)}</ul>` : nothing}
  `;
}

/**
 * @param {import("../types.js").TodayWatcher & {camera: string}} watcher
 * @param {boolean} several Whether the camera has to be told from others.
 * @param {string} zone
 */
function watcherLine({ name, role, since, camera }, several, zone) {
  const more = [t(`role.${role}`), several && camera, t("today.since", { since: moment(since, zone) })];
  return html`<span class="watcher">${name}</span> <span class="watcher-more">${more.filter(Boolean).join(" · ")}</span>`;
}
