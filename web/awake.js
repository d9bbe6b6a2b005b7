// A telephone does not go dark while somebody watches.

/** @type {WakeLockSentinel | null} */
let lock = null;

/** @param {boolean} watching */
export async function keepAwake(watching) {
  const awake = lock !== null && !lock.released;
  if (watching === awake || document.hidden) return;
  if (!watching) return lock?.release();
  // A browser may say no, with a low battery for instance.
  lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
}
