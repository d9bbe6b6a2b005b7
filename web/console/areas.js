// Rectangles of a picture, and what is done with them while somebody draws. Pure: thousandths in, thousandths out.

/** @import { Area } from "../types.js" */

/** The width and the height of a picture. */
export const WHOLE = 1000;
export const SMALLEST = 10;
/** How many a camera may have. */
export const MOST = 8;

/**
 * @param {number} number
 * @param {number} least
 * @param {number} most
 */
const within = (number, least, most) => Math.round(Math.min(Math.max(number, least), most));

/**
 * `area`, elsewhere in the picture.
 * @param {Area} area
 * @param {number} right
 * @param {number} down
 * @returns {Area}
 */
export const moved = ([x, y, width, height], right, down) => [
  within(x + right, 0, WHOLE - width),
  within(y + down, 0, WHOLE - height),
  width,
  height,
];

/**
 * `area`, wider and higher.
 * @param {Area} area
 * @param {number} wider
 * @param {number} higher
 * @returns {Area}
 */
export const resized = ([x, y, width, height], wider, higher) => [
  x,
  y,
  within(width + wider, SMALLEST, WHOLE - x),
  within(height + higher, SMALLEST, WHOLE - y),
];

/**
 * `area` with one of its four numbers set, and still within the picture.
 * @param {Area} area
 * @param {number} place
 * @param {number} number
 */
export function withNumber(area, place, number) {
  const [x, y, width, height] = area;
  if (place < 2) return moved(area, place === 0 ? number - x : 0, place === 1 ? number - y : 0);
  return resized(area, place === 2 ? number - width : 0, place === 3 ? number - height : 0);
}

/**
 * The area between two points; null where that is too small to have been meant.
 * @param {[number, number]} from
 * @param {[number, number]} to
 * @returns {Area | null}
 */
export function between(from, to) {
  const [left, top] = [0, 1].map((axis) => within(Math.min(from[axis], to[axis]), 0, WHOLE));
  const [right, bottom] = [0, 1].map((axis) => within(Math.max(from[axis], to[axis]), 0, WHOLE));
  return right - left < SMALLEST || bottom - top < SMALLEST ? null : [left, top, right - left, bottom - top];
}

/** Areas while they are drawn, and as they were before each step. */
export class Draft {
  /** @type {Area[]} */
  areas;
  /** @type {Area[][]} */
  #past = [];
  /** @type {unknown} */
  #grip = null;

  /** @param {Area[]} areas */
  constructor(areas) {
    this.areas = areas;
  }

  get mayUndo() {
    return this.#past.length > 0;
  }

  get full() {
    return this.areas.length >= MOST;
  }

  /**
   * @param {Area[]} areas
   * @param {unknown} [grip] What is held meanwhile: all that is done with one grip is one step.
   */
  change(areas, grip = null) {
    if (grip === null || grip !== this.#grip) this.#past.push(this.areas);
    this.#grip = grip;
    this.areas = areas;
  }

  /**
   * @param {number} place
   * @param {Area} area
   * @param {unknown} [grip]
   */
  put(place, area, grip) {
    this.change(this.areas.map((other, at) => (at === place ? area : other)), grip);
  }

  /** @param {number} place */
  remove(place) {
    this.change(this.areas.filter((_, at) => at !== place));
  }

  undo() {
    this.areas = this.#past.pop() ?? this.areas;
    this.#grip = null;
  }
}
