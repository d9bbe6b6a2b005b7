// Why a viewing ended or did not begin, as it is told to those who look after it: the person who watched is told by `sentence`.

/** @import { Key } from "../i18n.js" */

import { has, t } from "../i18n.js";
import { sentence } from "../words.js";

/**
 * @param {string} code
 * @param {string} zone
 */
export function causeWords(code, zone) {
  if (has(`cause.${code}`)) return t(/** @type {Key} */ (`cause.${code}`));
  return has(`code.${code}`) ? sentence(code, {}, zone) : t("cause.unknown");
}
