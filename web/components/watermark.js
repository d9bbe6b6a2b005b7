// The viewer's masked name and the time, wandering over the picture (the style sheet moves it).

import { local, now } from "../time.js";

class Watermark extends HTMLElement {
  #time = document.createElement("span");
  #name = document.createElement("span");
  #timer = 0;
  #zone = "UTC";

  /** @param {{name: string, zone: string}} viewer */
  set viewer({ name, zone }) {
    this.#name.textContent = name;
    this.#zone = zone;
    this.#tick();
  }

  connectedCallback() {
    this.ariaHidden = "true";
    this.replaceChildren(this.#name, this.#time);
    this.#timer = setInterval(() => this.#tick(), 1_000);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  #tick() {
    const { time, seconds } = local(now(), this.#zone);
    this.#time.textContent = `${time}:${seconds}`;
  }
}

customElements.define("tereze-watermark", Watermark);
