// Plays what the cameras of a room recorded, in step: one leads, the others follow it; where none has anything, it goes on where one has.

/** @import { Recording } from "./deck.js" */
/** @import { Stretch } from "./moments.js" */

import { t } from "../i18n.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import { html, render } from "../vendor/lit-html/lit-html.js";
import { Deck } from "./deck.js";
import { around, lastRecorded, nextRecorded, SEAM_MS } from "./moments.js";

/** @typedef {Recording & {recorded: Stretch[], why: (at: number) => string}} Played `why` says why there is nothing at a moment. */
/** @typedef {{cameras: Played[], viewer: string | null, zone: string, at: number, onleave: () => void}} Shows */

const TICK_MS = 100;

export class Replay extends HTMLElement {
  /** @type {Shows | null} */
  #shows = null;
  #at = NaN;
  #playing = false;
  #rate = 1;
  #timer = 0;
  #ticked = 0;

  /** @param {Shows} shows */
  set shows(shows) {
    const first = this.#shows === null;
    this.#shows = shows;
    this.#draw();
    // More may have been recorded since.
    for (const [, deck] of this.#decks) if (deck.ended) deck.refresh();
    if (first) this.seek(shows.at);
  }

  connectedCallback() {
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
    this.#playing = false;
    this.#shows?.onleave();
  }

  /** The moment that is shown. */
  get at() {
    return this.#at;
  }

  get playing() {
    return this.#playing;
  }

  get rate() {
    return this.#rate;
  }

  /** @param {number} rate */
  set rate(rate) {
    this.#rate = rate;
    this.#changed();
  }

  play() {
    this.#playing = true;
    this.#ticked = performance.now();
    this.#changed();
  }

  pause() {
    this.#playing = false;
    this.#changed();
  }

  /**
   * Shows the moment `at`, or the one next to it that was recorded.
   * @param {number} at
   */
  seek(at) {
    const stretches = this.#stretches;
    this.#at = nextRecorded(stretches, at) ?? lastRecorded(stretches, at) ?? at;
    for (const [played, deck] of this.#decks) if (around(played.recorded, this.#at)) deck.jump(this.#at);
    this.#changed();
  }

  /**
   * Goes to the key frame before or after.
   * @param {-1 | 1} direction
   */
  step(direction) {
    this.#playing = false;
    const [, leader] = this.#covering[0] ?? [];
    const at = leader?.keyFrame(this.#at, direction) ?? this.#at + direction * SEAM_MS;
    if (direction > 0 || lastRecorded(this.#stretches, at) === at) return this.seek(at);
    this.seek(lastRecorded(this.#stretches, at) ?? this.#at);
  }

  get #stretches() {
    return this.#shows?.cameras.map(({ recorded }) => recorded) ?? [];
  }

  /** @returns {[Played, Deck][]} */
  get #decks() {
    const decks = /** @type {Deck[]} */ ([...this.querySelectorAll("tereze-deck")]);
    return (this.#shows?.cameras ?? []).flatMap((played, place) => (decks[place] ? [[played, decks[place]]] : []));
  }

  /** Those that have something at the moment that is shown. */
  get #covering() {
    return this.#decks.filter(([{ recorded }]) => around(recorded, this.#at));
  }

  #tick() {
    if (!this.#shows || Number.isNaN(this.#at)) return;
    const now = performance.now();
    const passed = (now - this.#ticked) * this.#rate;
    this.#ticked = now;
    const before = this.#at;
    const [lead] = this.#covering.filter(([, deck]) => !deck.foreign);
    if (lead && this.#playing) this.#goOn(...lead, passed);
    for (const [played, deck] of this.#decks) {
      const { at } = this;
      if (around(played.recorded, at)) deck.follow({ at, rate: this.#rate, playing: this.#playing, leads: deck === lead?.[1] });
      else deck.rest(played.why(at));
    }
    if (this.#at !== before) this.#changed();
  }

  /**
   * The moment moves on with the picture that leads; where its stretch ends, another camera leads, or nobody has anything until later.
   * @param {Played} played
   * @param {Deck} deck
   * @param {number} passed In ms, as long as nothing is waited for.
   */
  #goOn(played, deck, passed) {
    const end = around(played.recorded, this.#at)?.end ?? this.#at;
    const shown = deck.at;
    if (deck.ended) {
      // What its playlist ends with is not quite where the next one begins.
      this.#at = Math.max(this.#at, shown ?? 0) + TICK_MS;
      if (this.#at >= end - SEAM_MS - passed) this.#skip(end);
      return;
    }
    if (shown === null || !deck.ready || shown < this.#at - SEAM_MS) return;
    if (shown >= end) this.#skip(end);
    else this.#at = shown;
  }

  /** @param {number} end Where the one that led has no more. */
  #skip(end) {
    const next = nextRecorded(this.#stretches, end);
    if (next !== null) {
      this.#at = next;
      for (const [played, deck] of this.#decks) if (next > end && around(played.recorded, next)) deck.jump(next);
      return;
    }
    this.#at = end - 1;
    this.#playing = false;
    this.dispatchEvent(new Event("replayended", { bubbles: true }));
  }

  #changed() {
    this.dispatchEvent(new Event("replaymoved", { bubbles: true }));
  }

  #draw() {
    if (!this.#shows) return;
    const { cameras, viewer, zone } = this.#shows;
    render(
      html`
        <div class="decks" data-many=${cameras.length > 1} role="group" aria-label=${t("recordings.pictures")}>
          ${repeat(
            cameras,
            ({ camera }) => camera,
            (recording) => html`<tereze-deck .shows=${{ recording, viewer, zone }}></tereze-deck>`,
          )}
        </div>
      `,
      this,
    );
  }
}

customElements.define("tereze-replay", Replay);
