// A try to get in: whether one is under way, why the last one failed, and how long the next has to wait.

import * as api from "../api.js";
import { t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { minutes } from "../when.js";
import { sentence } from "../words.js";

export class Attempt {
  busy = false;
  /** Why it did not work; empty at first. */
  code = "";
  /** By this device's own clock, in ms; no try is taken before. */
  #waitUntil = 0;

  /** Whether the next try may be made. */
  get ready() {
    return !this.busy && this.#wait <= 0;
  }

  /** In seconds. */
  get #wait() {
    return (this.#waitUntil - Date.now()) / 1_000;
  }

  /**
   * Makes one try, and draws the page as it stands before and after.
   * @param {() => Promise<unknown>} work
   * @param {() => void} redraw
   * @returns {Promise<string>} Why it failed; empty when it did not.
   */
  async run(work, redraw) {
    this.busy = true;
    this.code = "";
    redraw();
    try {
      await work();
    } catch (error) {
      const { code, facts } = api.asProblem(error);
      this.code = code;
      if (facts.retry_after && code === "too_many_attempts") this.#countDown(facts.retry_after, redraw);
    }
    this.busy = false;
    redraw();
    return this.code;
  }

  /** What is to be said of the last try. */
  word() {
    const wait = this.#wait;
    if (wait > 0) return html`${sentence(this.code, {}, "UTC")} <span aria-live="off">${t("login.wait", { wait: minutes(wait) })}</span>`;
    return this.code && this.code !== "too_many_attempts" ? sentence(this.code, {}, "UTC") : nothing;
  }

  /**
   * @param {number} seconds
   * @param {() => void} redraw
   */
  #countDown(seconds, redraw) {
    this.#waitUntil = Date.now() + seconds * 1_000;
    const timer = setInterval(() => {
      if (this.#wait <= 0) clearInterval(timer);
      redraw();
    }, 1_000);
  }
}
