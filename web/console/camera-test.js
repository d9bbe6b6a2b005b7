// Tests a camera's streams one after the other, and says what they are like and what to change on the camera.

/** @import { Key } from "../i18n.js" */
/** @import { ListedCamera } from "./cameras.js" */

import * as api from "../api.js";
import { ask } from "../components/sheet.js";
import { currentLanguage, t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { sentence } from "../words.js";

/**
 * @typedef {object} Tested
 * @property {string | null} codec
 * @property {string | null} profile
 * @property {number | null} width
 * @property {number | null} height
 * @property {number | null} frame_rate
 * @property {number | null} key_frame_interval_ms
 * @property {number | null} bit_rate
 * @property {boolean} b_frames
 * @property {string[]} sound
 * @property {number | null} clock_ahead_ms
 * @property {string | null} picture JPEG in base64.
 * @property {{code: string, value: string | null}[]} findings The worst first.
 *
 * @typedef {"main" | "sub"} Stream
 */

/** What keeps one stream from playing keeps the other too; and a password is not tried twice. */
const SAME_FOR_BOTH = new Set(["unreachable", "no_answer", "wrong_password", "not_understood"]);

export class Test {
  #zone;
  /** @type {{stream: Stream, tested: Tested}[]} */
  #results = [];
  /** @type {api.Problem | null} */
  #problem = null;
  busy = false;

  /** @param {string} zone */
  constructor(zone) {
    this.#zone = zone;
  }

  get done() {
    return this.#results.length > 0 || this.#problem !== null;
  }

  /**
   * @param {{kindergarten: string, camera: string | null}} wish With the fields of a source.
   * @param {boolean} sub Whether there is a sub stream.
   * @param {() => void} redraw
   */
  async run(wish, sub, redraw) {
    if (this.busy) return;
    this.busy = true;
    this.#results = [];
    this.#problem = null;
    redraw();
    try {
      for (const stream of /** @type {Stream[]} */ (sub ? ["main", "sub"] : ["main"])) {
        const tested = await api.send("POST", "cameras/test", { ...wish, stream });
        this.#results.push({ stream, tested });
        redraw();
        if (tested.findings.some((/** @type {{code: string}} */ { code }) => SAME_FOR_BOTH.has(code))) break;
      }
    } catch (error) {
      this.#problem = api.asProblem(error);
    }
    this.busy = false;
    redraw();
  }

  draw() {
    return html`
      ${this.#results.map(({ stream, tested }) => result(stream, tested))}
      ${this.busy ? html`<p class="sheet-note">${t("cameras.testing")}</p>` : nothing}
      ${this.#problem ? html`<p class="sheet-word">${sentence(this.#problem.code, this.#problem.facts, this.#zone)}</p>` : nothing}
    `;
  }
}

/**
 * Tests a camera as it is set.
 * @param {string} kindergarten
 * @param {ListedCamera} camera
 * @param {string} zone
 */
export function testSaved(kindergarten, camera, zone) {
  const test = new Test(zone);
  let redraw = () => {};
  const body = (/** @type {() => void} */ again) => {
    redraw = again;
    return html`<div role="status">${test.draw()}</div>`;
  };
  ask({ title: t("cameras.test_title", { name: camera.name }), body, zone });
  void test.run({ kindergarten, camera: camera.id }, Boolean(camera.source?.sub), () => redraw());
}

/**
 * @param {Stream} stream
 * @param {Tested} tested
 */
const result = (stream, tested) => html`
  <section class="camera-tested">
    <h3>${t(`camera_stream.${stream}`)}</h3>
    ${tested.picture ? shows(stream, tested) : nothing}
    ${tested.codec ? html`<p class="sheet-note">${facts(tested).join(" · ")}</p>` : nothing}
    ${
      tested.findings.length
        ? html`<ul>${tested.findings.map((finding) => html`<li>${said(finding)}</li>`)}</ul>`
        : html`<p class="camera-fine">${t("cameras.fine")}</p>`
    }
  </section>
`;

/**
 * @param {Stream} stream
 * @param {Tested} tested
 */
const shows = (stream, { picture, width, height }) => html`
  <img
    class="camera-still"
    alt=${t("cameras.test_picture", { stream: t(`camera_stream.${stream}`) })}
    src=${`data:image/jpeg;base64,${picture}`}
    width=${width ?? nothing}
    height=${height ?? nothing}
  />
`;

/** @param {{code: string, value: string | null}} finding */
const said = ({ code, value }) => t(/** @type {Key} */ (`finding.${code}`), { value: value ?? "" });

/** @param {Tested} tested */
function facts(tested) {
  const { codec, profile, width, height, frame_rate, key_frame_interval_ms, bit_rate, b_frames, sound, clock_ahead_ms } = tested;
  const all = [
    [codec, profile].filter(Boolean).join(" "),
    width && height && `${width} × ${height}`,
    frame_rate && t("camera_fact.rate", { n: rounded(frame_rate) }),
    key_frame_interval_ms && t("camera_fact.key", { n: rounded(key_frame_interval_ms / 1000) }),
    bit_rate && t("camera_fact.bits", { n: rounded(bit_rate / 1_000_000) }),
    b_frames && t("camera_fact.b_frames"),
    sound.length ? t("camera_fact.sound", { n: sound.join(", ") }) : t("camera_fact.silent"),
    clock_ahead_ms !== null && t("camera_fact.clock", { n: rounded(Math.abs(clock_ahead_ms) / 1000) }),
  ];
  return all.filter(Boolean);
}

/** @param {number} number */
const rounded = (number) => new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: 1 }).format(number);
