// Keeps one camera playing: opens sessions, renews the right to watch, comes back after a lost network, and knows why it ended.

/** @import { Ended } from "./types.js" */

import { Problem } from "./api.js";
import { onEnded } from "./events.js";
import { connection } from "./quality.js";
import { now } from "./time.js";
import { dropViewTokens, viewToken } from "./token.js";
import { WhepSession } from "./whep.js";

/** @import { End, Wanted } from "./whep.js" */
/** @typedef {"idle" | "connecting" | "playing" | "reconnecting" | "ended"} Phase */

/** Ends after which it is tried again at once and by itself; a refusal then is the last word. */
const TRY_AGAIN = new Set([
  "camera_offline",
  "codec_changed",
  "connection_lost",
  "no_connection",
  "overloaded",
  "server_stopping",
  "sound_off",
  "timed_out",
  "token_expired",
  "too_many_requests",
]);

/** Refusals that a new token may lift, once. */
const STALE_TOKEN = new Set(["token_expired", "token_invalid", "token_does_not_cover"]);

const RENEW_BEFORE_MS = 60_000;
const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 8_000;

/** The cameras that play in this page. @type {Set<string>} */
const playing = new Set();

/** @param {string} camera */
export const isPlaying = (camera) => playing.has(camera);

export const isAnyPlaying = () => playing.size > 0;

export class Playback extends EventTarget {
  /** @type {Phase} */
  phase = "idle";
  /** Why it ended, or why it is tried again. @type {End | null} */
  end = null;
  /** What arrives. @type {MediaStream | null} */
  stream = null;

  /** @type {Wanted} */
  #wanted;
  /** @type {WhepSession | null} */
  #session = null;
  #attempts = 0;
  #abort = new AbortController();
  /** The token that the session runs on. */
  #token = "";

  /** @param {Wanted} wanted */
  constructor(wanted) {
    super();
    this.#wanted = wanted;
  }

  /** Whether it is playing or trying to. */
  get running() {
    return this.phase !== "idle" && this.phase !== "ended";
  }

  start() {
    if (!this.running) this.#run();
  }

  /** The viewer has had enough. */
  stop() {
    if (!this.running) return;
    this.#abort.abort();
    this.#session?.close({ code: "closed" }, this.#token);
    this.#to("idle");
  }

  /** The first frame is on the screen. */
  shown() {
    this.#attempts = 0;
    if (this.running && this.phase !== "playing") this.#to("playing");
  }

  async #run() {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const stopListening = onEnded((ended) => this.#told(ended));
    this.#watchTheLine(signal);
    this.#attempts = 0;
    let freshToken = false;
    this.#to("connecting");
    while (!signal.aborted) {
      const end = await this.#once(signal);
      if (signal.aborted) break;
      const stale = STALE_TOKEN.has(end.code);
      if (stale) dropViewTokens();
      if (!TRY_AGAIN.has(end.code) && (!stale || freshToken)) {
        this.#to("ended", end);
        break;
      }
      freshToken = stale;
      this.#to("reconnecting", end);
      await pause(this.#attempts++, end.retry_after, signal);
    }
    stopListening();
  }

  /**
   * A telephone that was locked, a tunnel, another network: the browser may take half a minute to see that nothing arrives any more.
   * @param {AbortSignal} signal
   */
  #watchTheLine(signal) {
    const doubt = () => document.hidden || void this.#session?.doubt();
    document.addEventListener("visibilitychange", doubt, { signal });
    for (const name of ["online", "offline"]) addEventListener(name, doubt, { signal });
    connection()?.addEventListener("change", doubt, { signal });
  }

  /**
   * One session, from the offer to its end.
   * @param {AbortSignal} signal
   * @returns {Promise<End>}
   */
  async #once(signal) {
    const session = new WhepSession(this.#wanted);
    this.#session = session;
    try {
      const token = viewToken(this.#wanted.kindergarten);
      await session.open(token, signal);
      this.#hold(session, await token);
      this.stream = session.stream;
      this.#to(this.phase, this.end);
      return await session.ended;
    } catch (error) {
      return error instanceof Problem ? { ...error.facts, code: error.code } : { code: "bad_offer" };
    } finally {
      session.close({ code: "closed" });
    }
  }

  /**
   * Runs `session` on `token`, and fetches the next one before that ends.
   * @param {WhepSession} session
   * @param {{text: string, expiresAt: number}} token
   */
  #hold(session, token) {
    this.#token = token.text;
    const left = token.expiresAt - now();
    const timer = setTimeout(async () => {
      const next = await viewToken(this.#wanted.kindergarten).catch(() => null);
      if (!next || next.expiresAt <= token.expiresAt || this.#session !== session) return;
      await session.renew(next.text).catch(() => {});
      this.#hold(session, next);
    }, Math.max(left / 2, left - RENEW_BEFORE_MS));
    session.ended.then(() => clearTimeout(timer));
  }

  /** @param {Ended} ended */
  #told(ended) {
    if (this.#session?.is(ended.session)) this.#session.close(ended);
  }

  /**
   * @param {Phase} phase
   * @param {End | null} [end]
   */
  #to(phase, end = null) {
    this.phase = phase;
    this.end = end;
    if (!this.running) this.stream = null;
    if (phase === "playing") playing.add(this.#wanted.camera);
    else playing.delete(this.#wanted.camera);
    this.dispatchEvent(new Event("change"));
  }
}

/**
 * Waits longer each time, not in step with others, and no longer once the network or the viewer is back.
 * @param {number} attempt
 * @param {number | null | undefined} retryAfter Seconds that the gateway asks for.
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function pause(attempt, retryAfter, signal) {
  const growing = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * (0.75 + Math.random() / 2);
  const wait = Math.max(growing, (retryAfter ?? 0) * 1000);
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      document.removeEventListener("visibilitychange", wake);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const wake = () => document.hidden || done();
    const timer = setTimeout(done, attempt === 0 && !retryAfter ? 0 : wait);
    addEventListener("online", done);
    document.addEventListener("visibilitychange", wake);
    signal.addEventListener("abort", done);
  });
}
