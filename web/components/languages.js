// The language switch.

/** @import { Language, Me } from "../types.js" */

import { currentLanguage, LANGUAGE_NAMES, LANGUAGES, t, useLanguage } from "../i18n.js";
import { choice } from "./choice.js";

/**
 * The languages of the kindergartens that somebody has to do with, and the one in use; all of them for everybody else.
 * @param {Me} me
 */
export function offered({ kindergartens }) {
  const spoken = new Set(kindergartens.flatMap(({ languages }) => languages));
  return LANGUAGES.filter((id) => !spoken.size || spoken.has(id) || id === currentLanguage());
}

/**
 * @param {() => void} changed Called when the texts are there.
 * @param {readonly Language[]} [among]
 */
export const languages = (changed, among = LANGUAGES) =>
  choice({
    label: t("menu.language"),
    chosen: currentLanguage(),
    options: among.map((id) => ({ id, text: LANGUAGE_NAMES[id], lang: id })),
    onchoose: async (language) => {
      // Without a network, the language stays as it was.
      await useLanguage(language).catch(() => {});
      changed();
    },
  });
