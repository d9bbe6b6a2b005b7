// A parent's home: the picture first, then the day's hours and who else is watching.

/** @import { Camera, Child, Me } from "../types.js" */

import { choice } from "../components/choice.js";
import { company } from "../components/company.js";
import "../components/countdown.js";
import { hours } from "../components/hours.js";
import { news } from "../components/news.js";
import "../components/player.js";
import { reporting } from "../components/reporting.js";
import { scene } from "../components/scene.js";
import { stateLine } from "../components/state-line.js";
import { tabs } from "../components/tabs.js";
import { viewers } from "../components/viewers.js";
import { t } from "../i18n.js";
import { quality, wantQuality, wantsSmall } from "../quality.js";
import { choose, chosen } from "../router.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { stateWords } from "../words.js";

/** @param {Me} me */
export function home(me) {
  const child = me.children.find(({ id }) => id === chosen("child")) ?? me.children[0];
  if (!child) return empty();
  if (me.children.length === 1) return html`<div class="home">${childsDay(child, me)}</div>`;
  const panel = childsDay(child, me);
  return html`
    <div class="home">
      ${tabs({
        id: "child",
        label: t("parent.children"),
        chosen: child.id,
        options: me.children.map(({ id, name }) => ({ id, text: name })),
        onchoose: (id) => choose({ child: id, camera: null }),
        panel,
      })}
    </div>
  `;
}

/**
 * @param {Child} child
 * @param {Me} me
 */
function childsDay(child, me) {
  const cameras = camerasOf(child, me);
  const camera = cameras.find(({ id }) => id === chosen("camera")) ?? cameras[0];
  const group = me.groups.find(({ id }) => id === child.group);
  const asked = child.consent ? consent(child, me) : nothing;
  // The way to open it stands before what is closed.
  const shutByConsent = camera?.state.code === "consent_missing";
  return html`
    <div class="home-head">
      <h1>${child.name}</h1>
      <p class="home-group">${groupWords(group?.name, child.home)}</p>
    </div>
    ${shutByConsent ? asked : nothing}
    ${camera ? watching(camera, cameras, child, me) : shut(without(child), reporting(child, cameras, camera, me))}
    ${shutByConsent ? nothing : asked}
    ${child.restricted ? nothing : html`<p class="home-guests"><a href="/guests">${t("guests.title")}</a></p>`}
  `;
}

/**
 * What the kindergarten asks about the camera: a card while an answer is wanted, and a way to it ever after.
 * @param {Child} child
 * @param {Me} me
 */
function consent(child, me) {
  const { zone = "UTC" } = me.kindergartens.find(({ id }) => id === child.kindergarten) ?? {};
  const open = () => import("./consent.js").then(({ openConsent }) => openConsent(child, zone), () => {});
  if (!child.consent?.asked) return html`<p class="home-guests"><button type="button" class="home-consent" @click=${open}>${t("own_consent.open")}</button></p>`;
  return html`
    <section class="card home-asked" aria-labelledby="consent-asked">
      <h2 id="consent-asked">${t(child.consent.standing === "missing" ? "own_consent.asks" : "own_consent.asks_again")}</h2>
      <button type="button" class="primary" @click=${open}>${t("own_consent.read")}</button>
    </section>
  `;
}

/**
 * Where a child is today: its group, or another that its own is with.
 * @param {string | undefined} group
 * @param {string | null} home
 */
const groupWords = (group, home) => (group && home ? t("parent.with", { group, home }) : (group ?? t("parent.no_group")));

/**
 * The cameras of a child: its group's, then the kindergarten's common ones.
 * @param {Child} child
 * @param {Me} me
 */
function camerasOf(child, me) {
  if (child.restricted || !child.group) return [];
  const cameras = me.cameras.filter(({ kindergarten }) => kindergarten === child.kindergarten);
  return [...cameras.filter(({ group }) => group === child.group), ...cameras.filter(({ group }) => group === null)];
}

/**
 * @param {Camera} camera
 * @param {Camera[]} cameras
 * @param {Child} child
 * @param {Me} me
 */
function watching(camera, cameras, child, me) {
  const { zone = "UTC", watermark: viewer = null } = me.kindergartens.find(({ id }) => id === camera.kindergarten) ?? {};
  const shows = { camera, zone, viewer, small: false, light: wantsSmall() };
  const { opens_at } = camera.state;
  return html`
    <div class="home-state">
      ${stateLine(stateWords(camera.state, zone))}
      ${opens_at ? html`<tereze-countdown class="state-detail" .until=${opens_at}></tereze-countdown>` : nothing}
    </div>
    <div class="home-picture"><tereze-player .shows=${shows}></tereze-player>${reporting(child, cameras, camera, me)}</div>
    <div class="home-side">
      ${cameras.length > 1 ? cameraChoice(camera, cameras, zone) : nothing}
      <div>${viewers(camera)} ${child.group ? company(child.group) : nothing}</div>
      ${hours(camera.today, zone)} ${news(child.news, zone)} ${qualityChoice()}
    </div>
  `;
}

/**
 * @param {Camera} camera
 * @param {Camera[]} cameras
 * @param {string} zone
 */
const cameraChoice = (camera, cameras, zone) =>
  choice({
    label: t("cameras.title"),
    chosen: camera.id,
    options: cameras.map(({ id, name, state }) => {
      const { tone, title } = stateWords(state, zone);
      return { id, text: html`<span class="state-dot" data-tone=${tone}></span>${name}<span class="unseen">, ${title}</span>` };
    }),
    onchoose: (id) => choose({ camera: id }),
  });

const qualityChoice = () => html`
  <section class="home-quality">
    <h2>${t("quality.title")}</h2>
    ${choice({
      label: t("quality.title"),
      chosen: quality(),
      options: [
        { id: "auto", text: t("quality.auto") },
        { id: "low", text: t("quality.low") },
      ],
      onchoose: (wanted) => {
        wantQuality(/** @type {import("../quality.js").Quality} */ (wanted));
        // The address stays as it is; what is drawn anew is the choice and the picture.
        choose({});
      },
    })}
  </section>
`;

/**
 * @param {import("../words.js").StateWords} words
 * @param {unknown} below
 */
const shut = (words, below) => html`
  <div class="home-state">${stateLine(words)}</div>
  <div class="home-picture"><div class="player">${scene(words.tone)}</div>${below}</div>
`;

/**
 * Why a child has no camera to look through.
 * @param {Child} child
 * @returns {import("../words.js").StateWords}
 */
function without(child) {
  if (child.restricted) return { tone: "restricted", title: t("state.restricted"), detail: t("state.restricted_detail") };
  return { tone: "closed", title: t(child.group ? "parent.no_cameras" : "parent.no_group"), detail: "" };
}

const empty = () => html`
  <div class="page">
    <h1>${t("parent.no_children")}</h1>
    <p>${t("parent.no_children_detail")}</p>
  </div>
`;
