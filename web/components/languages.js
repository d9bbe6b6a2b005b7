// The language switch.

import { currentLanguage, LANGUAGE_NAMES, LANGUAGES, t, useLanguage } from "../i18n.js";
import { choice } from "./choice.js";

/** @param {() => void} changed Called when the texts are there. */
export const languages = (changed) =>
  choice({
    label: t("menu.language"),
    chosen: currentLanguage(),
    options: LANGUAGES.map((id) => ({ id, text: LANGUAGE_NAMES[id], lang: id })),
    onchoose: async (language) => {
      // Without a network, the language stays as it was.
      await useLanguage(language).catch(() => {});
      changed();
    },
  });
