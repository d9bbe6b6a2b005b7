// Has the browser keep the page that is shown without a network (sw.js).

/** @typedef {{createScriptURL: (url: string) => any}} Policy */
/** @typedef {{createPolicy: (name: string, rules: Policy) => Policy}} TrustedTypes */

const WORKER = "/sw.js";

export function keepOfflinePage() {
  /** @type {TrustedTypes | undefined} */
  const types = /** @type {any} */ (self).trustedTypes;
  // Where Trusted Types are known, an address has to be vouched for before a worker is made of it.
  const policy = types?.createPolicy("tereze-worker", { createScriptURL: () => WORKER });
  // The pages work without it: a private window may say no.
  navigator.serviceWorker?.register(policy?.createScriptURL(WORKER) ?? WORKER, { updateViaCache: "none" }).catch(() => {});
}
