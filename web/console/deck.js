// Plays what one camera recorded. It is told which moment to show, and tells which one it shows.

/** @import { Area } from "../types.js" */
/** @import { Entry } from "./moments.js" */

import * as api from "../api.js";
import { Frame } from "../components/frame.js";
import { fullIcon, fullLeaveIcon, mutedIcon, soundIcon } from "../components/icons.js";
import { cover } from "../components/masks.js";
import "../components/watermark.js";
import { t } from "../i18n.js";
import Hls from "../vendor/hls.js/hls.light.min.mjs";
import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { keyFrame, mediaTime, momentOf, SEAM_MS } from "./moments.js";

/**
 * @typedef {object} Recording One camera's, opened by this page.
 * @property {string} camera
 * @property {string} name
 * @property {string} playback
 * @property {Area[]} masks
 * @property {{start: number, end: number}} span
 */

/** A playlist reaches so far. */
const HOUR_MS = 3_600_000;
/** Who is further away than this from where it should be jumps; who is nearer plays a little faster or slower. */
const FAR_S = 0.7;
/** How much of the difference is made good in a second. */
const CATCH_UP = 0.5;
/** At the end of what there is, as far as media times are exact. */
const END_S = 0.1;

/** What the library says of a codec that the browser has not, with or without an end to everything. */
const UNKNOWN_CODEC = /** @type {Set<string>} */ (new Set([Hls.ErrorDetails.BUFFER_ADD_CODEC_ERROR, Hls.ErrorDetails.BUFFER_INCOMPATIBLE_CODECS_ERROR]));

/** Whether this browser plays recordings at all: an iPhone does from iOS 17.1 on. */
export const canPlay = () => Hls.isSupported();

export class Deck extends HTMLElement {
  /** @type {Recording | null} */
  #recording = null;
  #viewer = "";
  #zone = "UTC";
  /** @type {Hls | null} */
  #hls = null;
  /** The first moment of the playlist that is loaded or on its way. */
  #from = NaN;
  #loaded = false;
  /** Whether there is sound in what is loaded, and whether it is to be heard. */
  #audible = false;
  #sound = false;
  /** The first moment of a playlist of which there is nothing. */
  #gone = NaN;
  /** Whether what is loaded is in a codec that this browser has not; somebody who goes elsewhere may find another. */
  #foreign = false;
  /** What is to be shown as soon as its playlist is here. */
  #wanted = NaN;
  /** @type {string | null} */
  #word = null;
  /** @type {api.Problem | null} */
  #problem = null;
  #frame = new Frame(this, () => this.#draw());
  #abort = new AbortController();

  /** @param {{recording: Recording, viewer: string | null, zone: string}} shows */
  set shows({ recording, viewer, zone }) {
    const other = this.#recording?.playback !== recording.playback;
    this.#recording = recording;
    this.#viewer = viewer ?? "";
    this.#zone = zone;
    this.#draw();
    if (other) this.#unload();
  }

  connectedCallback() {
    this.#abort = new AbortController();
    this.#frame.connect(this.#abort.signal);
  }

  disconnectedCallback() {
    this.#abort.abort();
    this.#unload();
  }

  /** Why nothing more comes; null as long as it does. */
  get problem() {
    return this.#problem;
  }

  /** The moment that is shown; null while none is. */
  get at() {
    return this.#loaded && this.#video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? momentOf(this.#entries, this.#video.currentTime) : null;
  }

  /** Whether it has what comes next. */
  get ready() {
    return this.#loaded && !this.#video.seeking && this.#video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;
  }

  /** Whether this browser cannot play what it has. */
  get foreign() {
    return this.#foreign;
  }

  /** Whether there is nothing more in what was loaded. */
  get ended() {
    const last = this.#entries.at(-1);
    return this.#loaded && Boolean(last) && this.#video.currentTime >= (last?.start ?? 0) + (last?.duration ?? 0) - END_S;
  }

  /** Media times move a little while pieces arrive: they are asked for each time. @returns {Entry[]} */
  get #entries() {
    return entriesOf(this.#hls?.latestLevelDetails?.fragments ?? []);
  }

  get #video() {
    return /** @type {HTMLVideoElement} */ (this.querySelector("video"));
  }

  /**
   * Shows the moment `at`, whatever is shown now.
   * @param {number} at
   */
  jump(at) {
    if (this.#isGone(at)) return;
    if (this.#foreign) this.refresh();
    this.#say(null);
    const time = this.#loaded && this.#covers(at) ? mediaTime(this.#entries, at) : null;
    if (time === null) return this.#load(at);
    if (Math.abs(this.#video.currentTime - time) > 0.001) this.#video.currentTime = time;
  }

  /**
   * Plays on, at `rate`, or waits. Whoever follows another is brought near to the moment `at` of that one.
   * @param {{at: number, rate: number, playing: boolean, leads: boolean}} wanted
   */
  follow({ at, rate, playing, leads }) {
    if (this.#isGone(at)) return;
    if (this.#foreign && this.#covers(at)) return this.rest(t("recordings.codec"));
    this.#say(null);
    if (!this.#covers(at)) return this.#load(at);
    if (!this.#loaded) return;
    const video = this.#video;
    const off = video.currentTime - (mediaTime(this.#entries, at) ?? video.currentTime);
    // Whoever leads is where it is, unless it has not arrived there yet.
    const ahead = leads && off > -SEAM_MS / 1_000 ? 0 : off;
    if (Math.abs(ahead) > FAR_S * Math.max(1, rate)) video.currentTime -= ahead;
    video.playbackRate = rate * Math.min(1.25, Math.max(0.75, 1 - ahead * CATCH_UP));
    if (playing === video.paused) playing ? void video.play().catch(() => {}) : video.pause();
  }

  /**
   * There is nothing to show.
   * @param {string} word Why.
   */
  rest(word) {
    if (!this.#video.paused) this.#video.pause();
    this.#say(word);
  }

  /**
   * The key frame before or after `at`.
   * @param {number} at
   * @param {-1 | 1} direction
   */
  keyFrame(at, direction) {
    return keyFrame(this.#entries, at, direction);
  }

  /** Forgets what is loaded: more may have been recorded by now. */
  refresh() {
    this.#from = NaN;
    this.#gone = NaN;
    this.#loaded = false;
    this.#foreign = false;
  }

  /**
   * Says so where the gateway has nothing of `at`: asking again at once would not help.
   * @param {number} at
   */
  #isGone(at) {
    const gone = this.#gone === this.#block(at);
    if (gone) this.rest(t("recordings.gone"));
    return gone;
  }

  /** @param {number} at */
  #covers(at) {
    return this.#from === this.#block(at);
  }

  /**
   * The first moment of the playlist that has `at`.
   * @param {number} at
   */
  #block(at) {
    const { start } = /** @type {Recording} */ (this.#recording).span;
    return start + Math.floor((at - start) / HOUR_MS) * HOUR_MS;
  }

  /** @param {number} at */
  #load(at) {
    this.#wanted = at;
    if (this.#covers(at)) return;
    this.#from = this.#block(at);
    this.#loaded = false;
    this.#foreign = false;
    this.#hls ??= this.#player();
    const from = new Date(this.#from).toISOString();
    this.#hls.loadSource(`/api/v1/playbacks/${this.#recording?.playback}/playlist.m3u8?${new URLSearchParams({ from })}`);
  }

  #player() {
    // A worker would need an address that the content security policy does not have; the pieces are MP4 already, and cost nothing.
    const hls = new Hls({ enableWorker: false, autoStartLoad: false, maxBufferLength: 20, backBufferLength: 20, maxMaxBufferLength: 60 });
    hls.on(Hls.Events.LEVEL_LOADED, (_, { details }) => {
      this.#loaded = true;
      hls.startLoad(mediaTime(entriesOf(details.fragments), this.#wanted) ?? 0, true);
    });
    hls.on(Hls.Events.BUFFER_CODECS, (_, { audio, audiovideo }) => {
      this.#audible = Boolean(audio ?? audiovideo);
      this.#draw();
    });
    hls.on(Hls.Events.ERROR, (_, { details, fatal, response, type }) => {
      if (UNKNOWN_CODEC.has(details)) return this.#refuse();
      if (!fatal) return;
      if (type === Hls.ErrorTypes.MEDIA_ERROR) return hls.recoverMediaError();
      void this.#failed(response?.code ?? 0);
    });
    hls.attachMedia(this.#video);
    return hls;
  }

  /** What is loaded cannot be played here: the library, which would try again and again, is let go of. */
  #refuse() {
    const hls = this.#hls;
    // It is in the middle of telling.
    queueMicrotask(() => hls?.destroy());
    this.#hls = null;
    this.#loaded = false;
    this.#foreign = true;
    this.rest(t("recordings.codec"));
  }

  /** @param {number} status */
  async #failed(status) {
    const from = this.#from;
    this.refresh();
    this.#hls?.stopLoad();
    // Until it is known what is wrong, nothing is asked for again.
    this.#gone = from;
    // What the gateway says of it is in the problem document, which the library does not hand on.
    const url = this.#hls?.url;
    const problem = url && status ? await api.request(url).then(() => null, api.asProblem) : new api.Problem("no_connection");
    if (problem?.code === "recording_gone") return;
    this.#problem = problem;
    this.dispatchEvent(new Event("deckfailed", { bubbles: true }));
  }

  #unload() {
    this.#hls?.destroy();
    this.#hls = null;
    this.#problem = null;
    this.refresh();
  }

  /** @param {string | null} word */
  #say(word) {
    if (word === this.#word) return;
    this.#word = word;
    this.#draw();
  }

  #toggleSound() {
    this.#sound = !this.#sound;
    this.#draw();
  }

  /** The picture's own shape, which is that of what lies over it. */
  #shape() {
    const { videoWidth, videoHeight } = this.#video;
    const frame = /** @type {HTMLElement} */ (this.firstElementChild);
    if (videoHeight) frame.style.setProperty("--ratio", String(videoWidth / videoHeight));
  }

  #draw() {
    if (!this.#recording) return;
    const { name, masks } = this.#recording;
    const sound = this.#sound ? t("player.sound_off") : t("player.sound_on");
    const full = this.#frame.fills ? t("player.full_leave") : t("player.full");
    render(
      html`
        <div class="player" data-phase=${this.#word === null ? "playing" : "resting"} data-fills=${this.#frame.fills}>
          <div class="player-picture">
            <video
              playsinline
              .muted=${!this.#sound}
              disableremoteplayback
              disablepictureinpicture
              aria-label=${t("recordings.label", { name })}
              @resize=${() => this.#shape()}
              @loadeddata=${() => (this.dataset.shows = "true")}
              @enterpictureinpicture=${() => this.#frame.dock()}
              @webkitbeginfullscreen=${Frame.dockPhone}
            ></video>
            ${cover(masks)}
          </div>
          ${this.#viewer ? html`<tereze-watermark .viewer=${{ name: this.#viewer, zone: this.#zone }}></tereze-watermark>` : nothing}
          <div class="player-word" aria-live="polite">${this.#word === null ? nothing : html`<p class="player-end">${this.#word}</p>`}</div>
          <div class="player-controls">
            <span class="deck-name">${name}</span>
            <span class="player-gap"></span>
            ${this.#audible ? control(sound, this.#sound ? soundIcon : mutedIcon, () => this.#toggleSound()) : nothing}
            ${control(full, this.#frame.fills ? fullLeaveIcon : fullIcon, () => this.#frame.toggle())}
          </div>
        </div>
      `,
      this,
    );
  }
}

/**
 * @param {{start: number, duration: number, programDateTime: number | null}[]} fragments Of a playlist.
 * @returns {Entry[]}
 */
const entriesOf = (fragments) => fragments.map(({ start, duration, programDateTime }) => ({ start, duration, at: programDateTime ?? NaN }));

/**
 * @param {string} label
 * @param {unknown} icon
 * @param {() => void} onclick
 */
const control = (label, icon, onclick) =>
  html`<button type="button" class="player-control" aria-label=${label} title=${label} @click=${onclick}>${icon}</button>`;

customElements.define("tereze-deck", Deck);
