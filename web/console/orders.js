// What is kept is told camera by camera; people give one order for several.

/** @import { Role } from "../types.js" */

/**
 * @typedef {object} Hold
 * @property {string} id
 * @property {string} camera
 * @property {string} camera_name
 * @property {string} from
 * @property {string} to
 * @property {"person" | "appeal" | "alarm"} origin
 * @property {string | null} subject
 * @property {string} reason
 * @property {string | null} by
 * @property {Role | null} role
 * @property {string} since
 * @property {string | null} until
 * @property {string | null} released_by
 * @property {string | null} release_reason
 * @property {boolean} may_release
 *
 * @typedef {Hold & {cameras: {hold: string, name: string}[]}} Order Cameras that one order covers.
 */

/**
 * Orders from their holds, one for each camera: what was ordered at one moment, for one cause, and ended alike.
 * @param {Hold[]} holds
 * @returns {Order[]}
 */
export function orders(holds) {
  /** @type {Map<string, Order>} */
  const found = new Map();
  for (const hold of holds) {
    const key = JSON.stringify([hold.since, hold.from, hold.to, hold.origin, hold.subject, hold.reason, hold.until, hold.may_release]);
    const order = found.get(key) ?? { ...hold, cameras: [] };
    order.cameras.push({ hold: hold.id, name: hold.camera_name });
    found.set(key, order);
  }
  return [...found.values()];
}
