// A WHEP viewer (draft-ietf-wish-whep): one peer connection, one session URL.

/** @import { Facts } from "./types.js" */

import { request } from "./api.js";

/** @typedef {{camera: string, kindergarten: string, sound: boolean, small: boolean}} Wanted A camera and what of it. */
/** @typedef {Facts & {code: string}} End Why a session is over. */

/** For so long the next session waits for the goodbye of the one before. */
const GOODBYE_MS = 800;

/** The goodbyes that are on their way. @type {Promise<unknown>} */
let goodbyes = Promise.resolve();

/** A path through the network may come back by itself; after this it is given up. */
const PATIENCE_MS = 1_500;

/** For so long nothing may arrive before a connection that is in doubt is given up: the browser and the gateway speak more often. */
const SILENCE_MS = 3_000;
const LOOK_MS = 250;

/** When the gateway ends a session, the connection may close a moment before the reason arrives. */
const WORD_MS = 800;

export class WhepSession {
  #peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  /** Where to offer; then the session's own. */
  #url;
  #open = false;
  #leaving = false;
  #etag = "";
  /** @type {(end: End) => void} */
  #over = () => {};
  #timer = 0;

  /** What arrives; its tracks are there before the first packet is. */
  stream = new MediaStream();

  /** Settles once, when the session is over. @type {Promise<End>} */
  ended = new Promise((resolve) => (this.#over = resolve));

  /** @param {Wanted} wanted */
  constructor({ camera, sound, small }) {
    this.#url = `/whep/${camera}${small ? "?quality=sub" : ""}`;
    for (const kind of sound ? ["video", "audio"] : ["video"]) {
      const { receiver } = this.#peer.addTransceiver(kind, { direction: "recvonly" });
      this.stream.addTrack(receiver.track);
    }
    this.#peer.addEventListener("connectionstatechange", () => this.#watch());
  }

  /**
   * Offers, and takes the gateway's answer. The gateway's candidates are all in the answer and it learns ours from the
   * first check, so nothing is trickled.
   * @param {Promise<{text: string}>} token Fetched while the offer is made.
   * @param {AbortSignal} signal
   */
  async open(token, signal) {
    // A session that is being closed would else be ended by this one, and its goodbye find nothing.
    const [{ text }] = await Promise.all([token, this.#peer.setLocalDescription(), goodbyes]);
    const response = await request(this.#url, {
      method: "POST",
      headers: { "Content-Type": "application/sdp", Authorization: `Bearer ${text}` },
      body: this.#peer.localDescription?.sdp,
      signal,
    });
    this.#url = new URL(response.headers.get("Location") ?? "", response.url).href;
    this.#etag = response.headers.get("ETag") ?? "";
    this.#open = true;
    await this.#peer.setRemoteDescription({ type: "answer", sdp: await response.text() });
  }

  /**
   * Whether `url` names this session.
   * @param {string} url Absolute, or a path.
   */
  is(url) {
    return this.#open && new URL(url, location.href).pathname === new URL(this.#url).pathname;
  }

  /**
   * Shows a newer token, so that the stream may run until that one ends.
   * @param {string} token
   */
  async renew(token) {
    const response = await request(this.#url, {
      method: "PATCH",
      headers: {
        "Content-Type": "application/trickle-ice-sdpfrag",
        Authorization: `Bearer ${token}`,
        ...(this.#etag && { "If-Match": this.#etag }),
      },
    });
    this.#etag = response.headers.get("ETag") ?? this.#etag;
  }

  /** Looks whether anything still arrives, and ends the session when nothing does: after sleep, in a tunnel, in another network. */
  async doubt() {
    const before = await this.#arrived();
    for (let waited = 0; waited < SILENCE_MS; waited += LOOK_MS) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      if ((await this.#arrived()) > before) return;
    }
    if (this.#open) this.#over({ code: "connection_lost" });
  }

  /** How much has arrived by now: bytes of the picture, and answers to the checks of the path. */
  async #arrived() {
    let arrived = 0;
    const stats = await this.#peer.getStats().catch(() => new Map());
    stats.forEach((/** @type {any} */ { type, bytesReceived = 0, responsesReceived = 0 }) => {
      if (type === "candidate-pair") arrived += bytesReceived + responsesReceived;
    });
    return arrived;
  }

  /**
   * Ends this side. The gateway is told where there still is a session to close there.
   * @param {End} end
   * @param {string} [token] To tell the gateway with; none when it knows.
   */
  close(end, token) {
    clearTimeout(this.#timer);
    this.#over(end);
    // Whoever waited for the end tidies up after it; the goodbye that is on its way closes the peer.
    if (this.#leaving) return;
    if (!token || !this.#open) {
      this.#peer.close();
      return;
    }
    this.#leaving = true;
    const headers = { Authorization: `Bearer ${token}` };
    const signal = AbortSignal.timeout(GOODBYE_MS);
    const goodbye = request(this.#url, { method: "DELETE", headers, signal, keepalive: true });
    // The peer's own goodbye would end the session first, and this one would then find nothing.
    goodbyes = goodbye.then(
      () => this.#peer.close(),
      () => this.#peer.close(),
    );
  }

  #watch() {
    clearTimeout(this.#timer);
    const wait = { disconnected: PATIENCE_MS, failed: WORD_MS, closed: WORD_MS };
    const state = this.#peer.connectionState;
    if (!(state in wait)) return;
    const lose = () => this.#over({ code: "connection_lost" });
    this.#timer = setTimeout(lose, wait[/** @type {keyof typeof wait} */ (state)]);
  }
}
