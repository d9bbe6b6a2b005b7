// The gateway's clock and the kindergarten's: a phone's own may be wrong, or in another country.

/** How far the gateway's clock is ahead of this device's, in ms. */
let ahead = 0;

/** @param {string} serverNow */
export function setNow(serverNow) {
  ahead = Date.parse(serverNow) - Date.now();
}

/** The moment now by the gateway's clock, in ms since the epoch. */
export function now() {
  return Date.now() + ahead;
}

/** This device's own zone, for who has to do with no kindergarten, or with several. */
export const deviceZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * @typedef {object} Local A moment as a wall clock and a calendar show it.
 * @property {number} year
 * @property {number} month 1 to 12.
 * @property {number} day
 * @property {number} weekday 0 (Sunday) to 6.
 * @property {number} minutes Since midnight.
 * @property {string} time HH:MM.
 * @property {string} seconds SS.
 * @property {number} date Days since 1970-01-01, to compare days by.
 */

const DAY_MS = 86_400_000;

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * @param {string | number} moment RFC 3339, or ms since the epoch.
 * @param {string} zone IANA name.
 * @returns {Local}
 */
export function local(moment, zone) {
  const instant = typeof moment === "string" ? Date.parse(moment) : moment;
  /** @type {Record<string, string>} */
  const part = {};
  for (const { type, value } of format(currentZone(zone, instant)).formatToParts(instant)) part[type] = value;
  const [year, month, day] = [Number(part.year), Number(part.month), Number(part.day)];
  const date = Date.UTC(year, month - 1, day) / DAY_MS;
  return {
    year,
    month,
    day,
    date,
    weekday: (date + 4) % 7,
    minutes: Number(part.hour) * 60 + Number(part.minute),
    time: `${part.hour}:${part.minute}`,
    seconds: part.second,
  };
}

/**
 * The moment at which the clock of `zone` shows `text`, in ms since the epoch; NaN when it is no time.
 * @param {string} text YYYY-MM-DDTHH:MM.
 * @param {string} zone IANA name.
 */
export function instant(text, zone) {
  const wanted = Date.parse(`${text}Z`);
  if (Number.isNaN(wanted)) return NaN;
  let moment = wanted;
  // The second look is for a first one that fell on the other side of a change of the clock.
  for (let look = 0; look < 2; look++) moment += wanted - wall(moment, zone);
  return moment;
}

/**
 * What the clock of `zone` shows, YYYY-MM-DDTHH:MM.
 * @param {number} moment In ms since the epoch.
 * @param {string} zone IANA name.
 */
export const wallText = (moment, zone) => asText(wall(moment, zone));

/**
 * The calendar day of a moment in UTC, YYYY-MM-DD: for reckoning with days.
 * @param {number} moment In ms since the epoch.
 */
export const dayText = (moment) => asText(moment).slice(0, 10);

/**
 * The midnight that ends the day of `moment`, in ms since the epoch.
 * @param {number} moment In ms since the epoch.
 * @param {string} zone IANA name.
 */
export const endOfDay = (moment, zone) => instant(asText((local(moment, zone).date + 1) * DAY_MS), zone);

/**
 * What the clock of `zone` shows, to the minute, as if it were UTC.
 * @param {number} moment
 * @param {string} zone
 */
function wall(moment, zone) {
  const { date, minutes } = local(moment, zone);
  return date * DAY_MS + minutes * 60_000;
}

/** @param {number} wall */
const asText = (wall) => new Date(wall).toISOString().slice(0, 16);

/** @param {string} zone */
function format(zone) {
  let found = formats.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formats.set(zone, found);
  }
  return found;
}

const KAZAKHSTAN = /^Asia\/(Almaty|Aqtau|Aqtobe|Atyrau|Oral|Qostanay|Qyzylorda)$/;
const ONE_ZONE_SINCE = Date.UTC(2024, 1, 29, 19);

/**
 * Kazakhstan is UTC+5 as a whole since 2024-03-01. Phones that have had no update since would show Almaty's hours one off.
 * @param {string} zone
 * @param {number} instant
 */
function currentZone(zone, instant) {
  return instant >= ONE_ZONE_SINCE && KAZAKHSTAN.test(zone) ? "Etc/GMT-5" : zone;
}
