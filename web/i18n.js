// What the pages say, in three languages. Keys are checked by the type checker against i18n/en.json.

/** @import { Language } from "./types.js" */
/** @typedef {keyof typeof import("./i18n/en.json")} Key */
/** @typedef {Record<string, string | number>} Values */

import { inCase } from "./kazakh.js";

/** @type {readonly Language[]} */
export const LANGUAGES = ["kk", "ru", "en"];

/** @type {Record<Language, string>} */
export const LANGUAGE_NAMES = { kk: "Қазақша", ru: "Русский", en: "English" };

const REMEMBERED = "tereze.language";

/** @type {Language} */
let language = "kk";
/** @type {Record<string, string>} */
let texts = {};

export const currentLanguage = () => language;

/**
 * The language chosen on this device before, or the browser's, or Kazakh.
 * @returns {Language}
 */
export function preferredLanguage() {
  const wanted = [localStorage.getItem(REMEMBERED), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return LANGUAGES.find((known) => known === wanted.find((word) => LANGUAGES.some((known) => known === word))) ?? "kk";
}

/**
 * Switches the pages to `wanted` and remembers it on this device.
 * @param {Language} wanted
 */
export async function useLanguage(wanted) {
  texts = await textsOf(wanted);
  language = wanted;
  document.documentElement.lang = wanted;
  localStorage.setItem(REMEMBERED, wanted);
}

/**
 * Every text of a language.
 * @param {Language} wanted
 * @returns {Promise<Record<string, string>>}
 */
export async function textsOf(wanted) {
  const response = await fetch(`/i18n/${wanted}.json`);
  return response.json();
}

/** @param {string} key */
export const has = (key) => key in texts;

/**
 * The text of `key` with `{name}` replaced from `values`. `{name|dative}` puts it in a case, where the language has
 * them on a clock time.
 * @param {Key} key
 * @param {Values} [values]
 */
export function t(key, values = {}) {
  return fill(texts[key] ?? key, values);
}

/**
 * The text of `key` for a number: its forms are separated by `|`, as many as the language has.
 * @param {Key} key
 * @param {number} n
 */
export function count(key, n) {
  const forms = (texts[key] ?? key).split("|");
  return fill(forms[pluralForm(n)] ?? forms[forms.length - 1], { n });
}

/**
 * Which form a number takes: Kazakh has one, English two (one, other), Russian three (one, few, many).
 * @param {number} n
 */
function pluralForm(n) {
  if (language === "kk") return 0;
  return ["one", language === "ru" ? "few" : "other", "many"].indexOf(new Intl.PluralRules(language).select(n));
}

/**
 * A text with its `{name}`s replaced.
 * @param {string} text
 * @param {Values} values
 */
export function fill(text, values) {
  return text.replace(/\{(\w+)(?:\|(\w+))?\}/g, (_, name, wanted) => {
    const value = String(values[name] ?? "");
    return wanted ? inCase(value, wanted) : value;
  });
}

/**
 * Begins a sentence.
 * @param {string} text
 */
export const capital = (text) => text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
