// Where a moment lies: in what was recorded on a day, and in the media time of a playlist. Moments are ms since the epoch.

/** @typedef {{start: number, end: number}} Stretch Recorded without a gap. */
/** @typedef {{at: number, start: number, duration: number}} Entry Of a playlist: when it was taken; its media time and length in seconds. */

/** Between two pieces there may be as much without anything missing. */
export const SEAM_MS = 2_000;

/**
 * The stretch that has `at`.
 * @param {Stretch[]} stretches In the order of time.
 * @param {number} at
 */
export const around = (stretches, at) => stretches.find(({ start, end }) => start <= at && at < end) ?? null;

/**
 * The first moment at or after `at` of which any of the cameras has something; null where there is none.
 * @param {Stretch[][]} cameras
 * @param {number} at
 */
export function nextRecorded(cameras, at) {
  const moments = cameras.flat().flatMap(({ start, end }) => (end > at ? [Math.max(start, at)] : []));
  return moments.length ? Math.min(...moments) : null;
}

/**
 * The last moment that any of the cameras has before `at`; null where there is none.
 * @param {Stretch[][]} cameras
 * @param {number} at
 */
export function lastRecorded(cameras, at) {
  const moments = cameras.flat().flatMap(({ start, end }) => (start < at ? [Math.min(end - 1, at)] : []));
  return moments.length ? Math.max(...moments) : null;
}

/**
 * The media time of a moment in seconds; of one in a seam, that of what follows. Null where the playlist does not reach to it.
 * @param {Entry[]} entries In the order of time.
 * @param {number} at
 */
export function mediaTime(entries, at) {
  const entry = entries.find((entry) => at < entry.at + entry.duration * 1_000);
  if (!entry || at < entry.at - SEAM_MS) return null;
  return entry.start + Math.max(0, at - entry.at) / 1_000;
}

/**
 * The moment of a media time; null before the first entry. At the end of the last one it is the end of what there is.
 * @param {Entry[]} entries
 * @param {number} time In seconds.
 */
export function momentOf(entries, time) {
  const entry = entries.findLast((entry) => entry.start <= time);
  return entry ? entry.at + Math.min(time - entry.start, entry.duration) * 1_000 : null;
}

/**
 * The key frame before or after `at`, as far as the entries know: each begins with one. Null where the playlist has none.
 * @param {Entry[]} entries
 * @param {number} at
 * @param {-1 | 1} direction
 */
export function keyFrame(entries, at, direction) {
  // Whoever stands on a key frame goes on to the next one, and does not see where a number was rounded.
  const found = direction > 0 ? entries.find((entry) => entry.at > at + 40) : entries.findLast((entry) => entry.at < at - 40);
  return found?.at ?? null;
}
