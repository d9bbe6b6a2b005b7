// Kazakh says 'at', 'until' and 'since' by endings that follow the last number spoken: 14:30 is «отыз», so 14:30-да,
// 14:30-ға дейін, 14:30-дан бері; 09:05 is «бес», so 09:05-те. Browsers do not know this.

/** @typedef {"locative" | "dative" | "ablative"} Case */

/** The endings of each case, by the vowels of the word before (front or back) and its end (unvoiced is hard, он nasal). */
const ENDINGS = {
  locative: { front: "де", frontHard: "те", back: "да", backHard: "та", backNasal: "да" },
  dative: { front: "ге", frontHard: "ке", back: "ға", backHard: "қа", backNasal: "ға" },
  ablative: { front: "ден", frontHard: "тен", back: "дан", backHard: "тан", backNasal: "нан" },
};

/** @typedef {keyof typeof ENDINGS.locative} Harmony */

/** How a number's last word sounds: нөл бір екі үш төрт бес алты жеті сегіз тоғыз. @type {Harmony[]} */
const UNITS = ["front", "front", "front", "frontHard", "frontHard", "frontHard", "back", "front", "front", "back"];

/** Likewise for нөл он жиырма отыз қырық елу. @type {Harmony[]} */
const TENS = ["front", "backNasal", "back", "back", "backHard", "front"];

/**
 * Puts a text that ends with a clock time into a case: `inCase("ертең 09:00", "dative")` is «ертең 09:00-ге».
 * @param {string} text
 * @param {string} wanted
 */
export function inCase(text, wanted) {
  const minutes = Number(text.slice(-2));
  if (!(wanted in ENDINGS) || Number.isNaN(minutes)) return text;
  const unit = minutes % 10;
  const harmony = unit === 0 ? TENS[Math.trunc(minutes / 10)] : UNITS[unit];
  return `${text}-${ENDINGS[/** @type {Case} */ (wanted)][harmony]}`;
}
