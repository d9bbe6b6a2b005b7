// What nobody is to see of a camera's picture: a director draws it on the picture with a finger, a mouse or the keyboard, or writes it in
// numbers; an inspector looks at it.

/** @import { Area, Camera } from "../types.js" */
/** @import { Key } from "../i18n.js" */
/** @import { ListedCamera } from "./cameras.js" */
/** @import { Place } from "./sections.js" */

import * as api from "../api.js";
import { Player } from "../components/player.js";
import { ask } from "../components/sheet.js";
import { currentLanguage, t } from "../i18n.js";
import { html, nothing, svg } from "../vendor/lit-html/lit-html.js";
import { between, Draft, moved, resized, WHOLE, withNumber } from "./areas.js";

/** A new area, until it is moved. @type {Area} */
const NEW = [350, 350, 300, 300];

/** How far an arrow key goes. */
const STEP = 10;

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

/** The four numbers of an area, in their order. @type {Key[]} */
const NUMBERS = ["masks.left", "masks.top", "masks.width", "masks.height"];

/**
 * @param {ListedCamera} camera
 * @param {Camera | undefined} watched The same, as it can be watched.
 * @param {Place} place
 */
export function showMasks(camera, watched, { kindergarten, mayChange }) {
  const editor = new Editor(camera, watched, kindergarten, mayChange);
  ask({
    title: t("masks.title", { name: camera.name }),
    zone: kindergarten.zone,
    body: (redraw) => editor.draw(redraw),
    confirm: mayChange ? t("masks.save") : undefined,
    onsend: () => api.send("PUT", `cameras/${camera.id}/masks`, { masks: editor.areas }),
  });
  // The director is here to see the picture; an inspector's look is on record, and is the inspector's own press.
  if (mayChange) editor.start();
}

class Editor {
  #watched;
  #kindergarten;
  #mayChange;
  #draft;
  #redraw = () => {};
  /** What was done last, for those who do not see it. */
  #said = "";
  /** What a finger or the mouse holds. @type {((at: [number, number]) => void) | null} */
  #drag = null;
  /** The area that is being drawn. @type {Area | null} */
  #drawn = null;

  /**
   * @param {ListedCamera} camera
   * @param {Camera | undefined} watched
   * @param {import("../types.js").Kindergarten} kindergarten
   * @param {boolean} mayChange
   */
  constructor(camera, watched, kindergarten, mayChange) {
    this.#watched = watched;
    this.#kindergarten = kindergarten;
    this.#mayChange = mayChange;
    this.#draft = new Draft(camera.masks);
  }

  get areas() {
    return this.#draft.areas;
  }

  start() {
    const player = document.querySelector(".masks tereze-player");
    if (player instanceof Player) player.start();
  }

  /** @param {() => void} redraw */
  draw(redraw) {
    this.#redraw = redraw;
    return html`
      <div class="masks">
        ${this.#watched ? this.#picture(this.#watched) : nothing}
        ${this.#mayChange ? this.#tools() : nothing}
        ${this.areas.length ? this.#list() : html`<p>${t(this.#mayChange ? "masks.empty" : "masks.none")}</p>`}
        <p class="unseen" role="status">${this.#said}</p>
        <p class="sheet-note">${t("masks.honest")}</p>
      </div>
    `;
  }

  /** @param {Camera} watched */
  #picture(watched) {
    const { zone, watermark: viewer } = this.#kindergarten;
    const masks = this.#drawn ? [...this.areas, this.#drawn] : this.areas;
    const shows = { camera: { ...watched, masks }, zone, viewer, small: true, over: this.#over(masks) };
    return html`<tereze-player .shows=${shows}></tereze-player>`;
  }

  /**
   * The areas, over the picture or over what stands for it.
   * @param {Area[]} areas
   */
  #over(areas) {
    if (!this.#mayChange) return html`<svg class="masks-areas" viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">${areas.map((area, place) => shape(area, place))}</svg>`;
    return html`
      <svg
        class="masks-areas"
        data-changes
        viewBox="0 0 1000 1000"
        preserveAspectRatio="none"
        role="group"
        aria-label=${t("masks.picture")}
        @pointerdown=${(/** @type {PointerEvent} */ event) => this.#hold(event)}
        @pointermove=${(/** @type {PointerEvent} */ event) => this.#drag?.(point(event))}
        @pointerup=${() => this.#drop()}
        @pointercancel=${() => this.#drop()}
      >
        <rect class="masks-ground" width="1000" height="1000" />
        ${areas.map((area, place) => this.#handle(area, place))}
      </svg>
    `;
  }

  /**
   * @param {Area} area
   * @param {number} place
   */
  #handle(area, place) {
    const [x, y, width, height] = area;
    // As large as a finger wants, and never all of the area: the rest moves it.
    const [wide, high] = [Math.min(72, width / 2), Math.min(128, height / 2)];
    return svg`
      <g
        class="masks-area"
        role="button"
        tabindex="0"
        data-place=${place}
        aria-label=${words(area, place)}
        aria-describedby="masks-keys"
        @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event, place)}
      >
        ${shape(area, place)}
        <rect class="masks-corner" data-corner x=${x + width - wide} y=${y + height - high} width=${wide} height=${high} />
      </g>
    `;
  }

  #tools() {
    const { full, mayUndo } = this.#draft;
    return html`
      <p class="sheet-note" id="masks-keys">${t("masks.keys")}</p>
      <div class="buttons">
        <button type="button" class="quiet" aria-disabled=${full} @click=${() => this.#add()}>${t("masks.add")}</button>
        <button type="button" class="quiet" aria-disabled=${!mayUndo} @click=${() => this.#undo()}>${t("masks.undo")}</button>
      </div>
      ${full ? html`<p class="sheet-note">${t("masks.full")}</p>` : nothing}
    `;
  }

  #list() {
    if (!this.#mayChange) return html`<ol class="masks-list">${this.areas.map((area, place) => html`<li>${words(area, place)}</li>`)}</ol>`;
    return html`<ol class="masks-list">${this.areas.map((area, place) => html`<li>${this.#numbers(area, place)}</li>`)}</ol>`;
  }

  /**
   * @param {Area} area
   * @param {number} place
   */
  #numbers(area, place) {
    const onchange = (/** @type {Event} */ { currentTarget }, /** @type {number} */ which) => {
      if (!(currentTarget instanceof HTMLInputElement)) return;
      const number = currentTarget.valueAsNumber;
      if (Number.isFinite(number)) this.#put(place, withNumber(area, which, number * 10));
      // What was written may be more than fits.
      currentTarget.value = String(this.areas[place][which] / 10);
    };
    return html`
      <fieldset class="masks-numbers">
        <legend>${t("masks.area", { n: place + 1 })}</legend>
        ${NUMBERS.map(
          (name, which) => html`
            <label>
              ${t(name)}
              <input type="number" inputmode="decimal" min="0" max="100" step="0.1" .value=${String(area[which] / 10)} @change=${(/** @type {Event} */ event) => onchange(event, which)} />
            </label>
          `,
        )}
        <button type="button" class="quiet" aria-label=${`${t("masks.remove")}: ${t("masks.area", { n: place + 1 })}`} @click=${() => this.#remove(place)}>${t("masks.remove")}</button>
      </fieldset>
    `;
  }

  /**
   * @param {number} place
   * @param {Area} area
   * @param {unknown} [grip]
   */
  #put(place, area, grip) {
    this.#draft.put(place, area, grip);
    this.#say(words(area, place));
  }

  #add() {
    if (this.#draft.full) return;
    const place = this.areas.length;
    // One beside the other, so that no new one hides the last.
    const area = moved(NEW, 30 * place, 30 * place);
    this.#draft.change([...this.areas, area]);
    this.#say(words(area, place));
    this.#focus(place);
  }

  /** @param {number} place */
  #remove(place) {
    this.#draft.remove(place);
    this.#say(t("masks.removed", { n: place + 1 }));
    if (this.areas.length) this.#focus(Math.min(place, this.areas.length - 1));
    else /** @type {HTMLElement | null} */ (document.querySelector(".masks .buttons button"))?.focus();
  }

  #undo() {
    if (!this.#draft.mayUndo) return;
    this.#draft.undo();
    this.#say(t("masks.undone"));
  }

  /** @param {string} text */
  #say(text) {
    this.#said = text;
    this.#redraw();
  }

  /** @param {number} place */
  #focus(place) {
    /** @type {SVGElement | null} */ (document.querySelector(`.masks [data-place="${place}"]`))?.focus();
  }

  /**
   * @param {KeyboardEvent} event
   * @param {number} place
   */
  #key(event, place) {
    const { key, shiftKey } = event;
    const by = ARROWS[key];
    if (!by && key !== "Delete" && key !== "Backspace") return;
    event.preventDefault();
    if (!by) return this.#remove(place);
    const area = this.areas[place];
    // Whoever holds a key down takes one step back for all of it.
    this.#put(place, shiftKey ? resized(area, ...by) : moved(area, ...by), `keys ${place}`);
  }

  /** @param {PointerEvent} event */
  #hold(event) {
    const { target, currentTarget, pointerId, button } = event;
    if (button !== 0 || !(target instanceof Element) || !(currentTarget instanceof Element)) return;
    const from = point(event);
    const place = Number(target.closest("[data-place]")?.getAttribute("data-place") ?? NaN);
    currentTarget.setPointerCapture(pointerId);
    if (!Number.isNaN(place)) {
      const area = this.areas[place];
      const turn = target.hasAttribute("data-corner") ? resized : moved;
      this.#drag = (to) => this.#put(place, turn(area, to[0] - from[0], to[1] - from[1]), this.#drag);
    } else if (!this.#draft.full) {
      this.#drag = (to) => {
        this.#drawn = between(from, to);
        this.#redraw();
      };
    }
  }

  #drop() {
    const drawn = this.#drawn;
    this.#drag = null;
    this.#drawn = null;
    if (!drawn) return;
    this.#draft.change([...this.areas, drawn]);
    this.#say(words(drawn, this.areas.length - 1));
  }
}

/**
 * An area with its number on it.
 * @param {Area} area
 * @param {number} place
 */
const shape = ([x, y, width, height], place) => svg`
  <rect class="masks-shape" x=${x} y=${y} width=${width} height=${height} />
  <g transform="translate(${x + 14} ${y + 70}) scale(0.5625 1)"><text class="masks-number" aria-hidden="true">${place + 1}</text></g>
`;

/**
 * @param {Area} area
 * @param {number} place
 */
function words([x, y, width, height], place) {
  const percent = new Intl.NumberFormat(currentLanguage(), { style: "percent", maximumFractionDigits: 1 });
  const [left, top, wide, high] = [x, y, width, height].map((number) => percent.format(number / WHOLE));
  return t("masks.words", { n: place + 1, left, top, wide, high });
}

/**
 * Where in the picture a pointer is, in thousandths.
 * @param {PointerEvent} event
 * @returns {[number, number]}
 */
function point({ clientX, clientY, currentTarget }) {
  const { left, top, width, height } = /** @type {Element} */ (currentTarget).getBoundingClientRect();
  return [((clientX - left) / width) * WHOLE, ((clientY - top) / height) * WHOLE];
}
