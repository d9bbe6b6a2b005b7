// How long until something opens, by the second in the last hour.

import { t } from "../i18n.js";
import { now } from "../time.js";
import { minutes } from "../when.js";

const HOUR_S = 3_600;
/** What is farther away is said by its time alone. */
const FAR_S = 12 * HOUR_S;

class Countdown extends HTMLElement {
  #until = 0;
  #timer = 0;

  /** @param {string} moment RFC 3339. */
  set until(moment) {
    this.#until = Date.parse(moment);
    this.#tick();
  }

  connectedCallback() {
    this.role = "timer";
    this.#timer = setInterval(() => this.#tick(), 1_000);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  #tick() {
    const left = (this.#until - now()) / 1_000;
    this.textContent = left > 0 && left < FAR_S ? t("countdown.left", { left: left < HOUR_S ? minutes(left) : hours(left) }) : "";
  }
}

/** @param {number} seconds */
function hours(seconds) {
  const whole = Math.ceil(seconds / 60);
  return t("countdown.hours", { hours: Math.trunc(whole / 60), minutes: whole % 60 });
}

customElements.define("tereze-countdown", Countdown);
