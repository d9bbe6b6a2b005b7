// The picture of one camera: a window that opens when play is pressed.

/** @import { Camera } from "../types.js" */

import { keepAwake } from "../awake.js";
import { t } from "../i18n.js";
import { isAnyPlaying, Playback } from "../playback.js";
import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { sentence, stateWords } from "../words.js";
import { canFloat, Frame } from "./frame.js";
import { fullIcon, fullLeaveIcon, mutedIcon, pipIcon, playIcon, soundIcon, stopIcon } from "./icons.js";
import { cover } from "./masks.js";
import { scene } from "./scene.js";
import "./watermark.js";

/**
 * @typedef {object} Shows
 * @property {Camera} camera
 * @property {string} zone Of the camera's kindergarten.
 * @property {string | null} viewer What the watermark says of the viewer; null for none.
 * @property {boolean} small One of many on a page: the small stream, and it starts by its own press only.
 * @property {boolean} [light] The small stream for a slow line.
 * @property {unknown} [over] What lies over the picture, edge on edge with it, whether it plays or not.
 */

/** Set while this tab wants a picture: what was pressed once goes on by itself, after a reload or with another camera too. */
const WANTED = "tereze.wanted";

/** States in which a press is worth trying: whether a camera is back, or set otherwise, shows when somebody asks for it. */
const MAY_TRY = new Set(["live", "camera_offline", "wrong_codec"]);

/** Ends of the connection, not of the right to watch. */
const NETWORK = new Set(["connection_lost", "no_connection"]);

/** Ends after which only a press starts again. */
const FINAL = new Set(["taken_over", "closed", "logged_out", "camera_removed", "no_common_codec", "wrong_codec", "ended_by_director"]);

export class Player extends HTMLElement {
  /** @type {Shows | null} */
  #shows = null;
  /** @type {Playback | null} */
  #playback = null;
  #wanted = false;
  #sound = false;
  /** The browser wants a press before it plays. */
  #tap = false;
  #frame = new Frame(this, () => this.#draw());
  #abort = new AbortController();

  /** @param {Shows} shows */
  set shows(shows) {
    const { camera: before, light: wasLight } = this.#shows ?? {};
    const { camera, small, light = false } = shows;
    if (!this.#shows && !small) this.#wanted = sessionStorage.getItem(WANTED) !== null;
    this.#shows = shows;
    if (!this.#bare) this.#frame.dock();
    const other = before?.id !== camera.id || before.sound !== camera.sound || wasLight !== shows.light;
    if (other) this.#replace(camera, small || light);
    if (camera.state.code === "live" && (other || before?.state.code !== "live")) this.#goOn();
    this.#draw();
  }

  connectedCallback() {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    // A browser pauses video in the background and does not start it again.
    document.addEventListener("visibilitychange", () => document.hidden || this.#play(), { signal });
    addEventListener("pagehide", () => this.#playback?.stop(), { signal });
    addEventListener("pageshow", ({ persisted }) => persisted && this.#goOn(), { signal });
    this.#frame.connect(signal);
  }

  disconnectedCallback() {
    this.#abort.abort();
    this.#playback?.stop();
  }

  start() {
    if (!MAY_TRY.has(this.#shows?.camera.state.code ?? "")) return;
    this.#want(true);
    this.#playback?.start();
  }

  stop() {
    this.#want(false);
    this.#playback?.stop();
  }

  #goOn() {
    if (this.#wanted) this.#playback?.start();
  }

  /** @param {boolean} wanted */
  #want(wanted) {
    this.#wanted = wanted;
    if (this.#shows?.small) return;
    if (wanted) sessionStorage.setItem(WANTED, "");
    else sessionStorage.removeItem(WANTED);
  }

  /**
   * @param {Camera} camera
   * @param {boolean} small
   */
  #replace(camera, small) {
    this.#playback?.stop();
    this.#playback = new Playback({ camera: camera.id, kindergarten: camera.kindergarten, sound: camera.sound, small });
    this.#playback.addEventListener("change", () => this.#changed());
  }

  #changed() {
    const playback = /** @type {Playback} */ (this.#playback);
    if (playback.end && FINAL.has(playback.end.code)) this.#want(false);
    this.#draw();
    keepAwake(isAnyPlaying());
    this.dispatchEvent(new Event("playerchange", { bubbles: true }));
    const video = this.#video;
    if (video.srcObject === playback.stream) return;
    video.srcObject = playback.stream;
    this.#tap = false;
    if (!playback.stream) return this.#frame.leave();
    video.requestVideoFrameCallback?.(() => playback.shown());
    this.#play();
  }

  /** Whether nothing lies over the video that would be missing where a browser shows it alone: in a window of its own, for example. */
  get #bare() {
    return this.#shows?.viewer === null && !this.#shows.camera.masks.length;
  }

  get #video() {
    return /** @type {HTMLVideoElement} */ (this.querySelector("video"));
  }

  async #play() {
    if (!this.#playback?.stream) return;
    try {
      await this.#video.play();
      keepAwake(isAnyPlaying());
      this.#tap = false;
    } catch (error) {
      // Low power mode on an iPhone, or a browser that allows nothing without a press.
      this.#tap = error instanceof DOMException && error.name === "NotAllowedError";
    }
    this.#draw();
  }

  #draw() {
    if (this.#shows) render(this.#template(this.#shows), this);
  }

  /** The picture's own shape, which is that of what lies over it. */
  #shape() {
    const { videoWidth, videoHeight } = this.#video;
    const frame = /** @type {HTMLElement} */ (this.firstElementChild);
    if (videoHeight) frame.style.setProperty("--ratio", String(videoWidth / videoHeight));
  }

  /** @param {Shows} shows */
  #template({ camera, zone, viewer, over }) {
    const { phase = "idle" } = this.#playback ?? {};
    const { tone } = stateWords(camera.state, zone);
    return html`
      <div class="player" data-phase=${phase} data-tone=${tone} data-fills=${this.#frame.fills}>
        ${scene(tone)}
        <div class="player-picture">
          <video
            playsinline
            disableremoteplayback
            ?disablepictureinpicture=${!this.#bare}
            .muted=${!this.#sound}
            aria-label=${t("player.label", { name: camera.name })}
            @playing=${() => this.#playback?.shown()}
            @resize=${() => this.#shape()}
            @enterpictureinpicture=${() => this.#bare || this.#frame.dock()}
            @webkitbeginfullscreen=${Frame.dockPhone}
          ></video>
          ${cover(camera.masks)}
        </div>
        ${over ? html`<div class="player-over">${over}</div>` : nothing}
        ${phase === "playing" && viewer !== null ? html`<tereze-watermark .viewer=${{ name: viewer, zone }}></tereze-watermark>` : nothing}
        <div class="player-word" aria-live="polite">${this.#word(camera, zone)}</div>
        ${this.#middle(camera)} ${this.#playback?.running ? this.#controls(camera) : nothing}
      </div>
    `;
  }

  /**
   * @param {Camera} camera
   * @param {string} zone
   */
  #word(camera, zone) {
    const { phase, end } = this.#playback ?? {};
    if (this.#tap) return nothing;
    if (phase === "connecting") return waiting(t("player.connecting"));
    // The gateway keeps the stream while the camera is away, and goes on with it.
    if (phase === "playing" && camera.state.code === "camera_offline") return waiting(sentence("camera_offline", {}, zone));
    if (phase === "idle" || phase === "playing" || !end) return nothing;
    if (phase === "reconnecting") return waiting(NETWORK.has(end.code) ? t("player.reconnecting") : sentence(end.code, end, zone));
    const goesOn = this.#wanted && !MAY_TRY.has(camera.state.code);
    return html`<p class="player-end">${sentence(end.code, end, zone)} ${goesOn ? t("player.resumes") : nothing}</p>`;
  }

  /** @param {Camera} camera */
  #middle(camera) {
    const { phase, end } = this.#playback ?? {};
    if (this.#tap && this.#playback?.running) return this.#button(t("player.tap"), () => this.#play());
    if (!MAY_TRY.has(camera.state.code) || this.#playback?.running) return nothing;
    if (phase !== "ended") return this.#button(t("player.play"), () => this.start(), t("player.play_camera", { name: camera.name }));
    return this.#button(t(end?.code === "taken_over" ? "player.here" : "player.again"), () => this.start());
  }

  /**
   * @param {string} text
   * @param {() => void} onclick
   * @param {string} [label]
   */
  #button(text, onclick, label = text) {
    return html`<button type="button" class="player-play" aria-label=${label} @click=${onclick}>${playIcon}<span>${text}</span></button>`;
  }

  /** @param {Camera} camera */
  #controls(camera) {
    const sound = this.#sound ? t("player.sound_off") : t("player.sound_on");
    const full = this.#frame.fills ? t("player.full_leave") : t("player.full");
    return html`
      <div class="player-controls">
        ${control(t("player.stop"), stopIcon, () => this.stop())}
        <span class="player-gap"></span>
        ${camera.sound ? control(sound, this.#sound ? soundIcon : mutedIcon, () => this.#toggleSound()) : nothing}
        ${this.#bare && canFloat() ? control(t("player.pip"), pipIcon, () => this.#frame.float(this.#video)) : nothing}
        ${control(full, this.#frame.fills ? fullLeaveIcon : fullIcon, () => this.#frame.toggle())}
      </div>
    `;
  }

  #toggleSound() {
    this.#sound = !this.#sound;
    this.#draw();
  }
}

/** @param {string} text */
const waiting = (text) => html`<p class="player-wait"><span class="spinner"></span>${text}</p>`;

/**
 * @param {string} label
 * @param {unknown} icon
 * @param {() => void} onclick
 */
const control = (label, icon, onclick) =>
  html`<button type="button" class="player-control" aria-label=${label} title=${label} @click=${onclick}>${icon}</button>`;

customElements.define("tereze-player", Player);
