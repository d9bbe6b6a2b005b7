// What a record is about and what else it says, in words: names for ids, the kindergarten's clock for moments.

/** @import { Key } from "../i18n.js" */
/** @import { Place } from "./sections.js" */

import { has, t } from "../i18n.js";
import { moment } from "../when.js";
import { reasonWords } from "../words.js";
import { causeWords } from "./cause.js";
import { known } from "./search.js";

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/**
 * 'Camera: Playroom' for `camera:<id>`.
 * @param {string} subject `kind:id`.
 * @param {Place} place
 */
export function subjectWords(subject, place) {
  const [kind, ...rest] = subject.split(":");
  const what = has(`subject.${kind}`) ? t(/** @type {Key} */ (`subject.${kind}`)) : kind;
  const which = valueWords(rest.join(":"), place);
  return which ? `${what}: ${which}` : what;
}

/**
 * 'Reason: nap time' for a detail of a record; nothing where it says nothing to a person. Its proof has the whole text.
 * @param {string} name
 * @param {unknown} value
 * @param {Place} place
 */
export function detailWords(name, value, place) {
  if (value === 0 || !has(`detail.${name}`)) return "";
  const what = t(/** @type {Key} */ (`detail.${name}`));
  if (name === "answer" && has(`consent_answer.${value}`)) return `${what}: ${t(/** @type {Key} */ (`consent_answer.${value}`))}`;
  if (name === "consent_rule" && has(`consent_rule.${value}`)) return `${what}: ${t(/** @type {Key} */ (`consent_rule.${value}`))}`;
  if (name === "act") return `${what}: ${t(/** @type {Key} */ (`appeal_act.${value}`))}`;
  const which = name === "code" ? causeWords(String(value), place.kindergarten.zone) : valueWords(value, place);
  return which && `${what}: ${which}`;
}

/**
 * A value in words, with what is in it; nothing for an id that no name is known of.
 * @param {unknown} value
 * @param {Place} place
 * @returns {string}
 */
function valueWords(value, place) {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map((item) => valueWords(item, place)).filter(Boolean).join(", ");
  if (typeof value === "object") return Object.entries(value).map(([name, item]) => detailWords(name, item, place)).filter(Boolean).join("; ");
  if (typeof value === "boolean") return t(`value.${value}`);
  if (typeof value !== "string") return String(value);
  if (has(`role.${value}`)) return t(/** @type {Key} */ (`role.${value}`));
  if (ID.test(value)) return nameOf(value, place);
  return MOMENT.test(value) ? moment(value, place.kindergarten.zone) : reasonWords(value);
}

/**
 * @param {string} id
 * @param {Place} place
 */
function nameOf(id, place) {
  const { me } = place;
  const { people = [], cameras = [] } = known(place).value ?? {};
  return [...me.groups, ...me.kindergartens, ...people, ...cameras].find((named) => named.id === id)?.name ?? "";
}
