// The gateway tells the page what changed (server-sent events); the page never asks twice.

/** @import { Ended, Me } from "./types.js" */

import * as api from "./api.js";

/** A short hole is not worth a word. */
const GRACE_MS = 3_000;
const REOPEN_MS = 2_000;
/** A page that slept longer than this does not trust its connection. */
const SLEEP_MS = 20_000;

/**
 * @typedef {object} Listener
 * @property {(me: Me) => void} me
 * @property {(code: string) => void} loggedOut
 * @property {(up: boolean) => void} link
 */

/** @type {Set<(ended: Ended) => void>} */
const endedListeners = new Set();

/**
 * Calls `listener` whenever the gateway ends a stream of this account.
 * @param {(ended: Ended) => void} listener
 * @returns {() => void} Stops that.
 */
export function onEnded(listener) {
  endedListeners.add(listener);
  return () => endedListeners.delete(listener);
}

/**
 * Listens until told to stop, through every loss of the network.
 * @param {Listener} listener
 * @returns {() => void} Stops that.
 */
export function listen(listener) {
  /** @type {EventSource | null} */
  let source = null;
  let grace = 0;
  let reopening = 0;
  let hiddenAt = 0;

  const open = () => {
    close();
    source = new EventSource("/api/v1/events");
    source.addEventListener("open", up);
    source.addEventListener("error", down);
    source.addEventListener("me", ({ data }) => listener.me(api.remember(JSON.parse(data))));
    source.addEventListener("ended", ({ data }) => {
      const ended = JSON.parse(data);
      for (const tell of endedListeners) tell(ended);
    });
    source.addEventListener("logged_out", () => listener.loggedOut("logged_out"));
  };

  const close = () => {
    source?.close();
    clearTimeout(reopening);
  };

  const up = () => {
    clearTimeout(grace);
    grace = 0;
    listener.link(true);
  };

  const down = () => {
    grace ||= setTimeout(() => listener.link(false), GRACE_MS);
    // The browser tries again by itself after a network error, but not after an answer that is no event stream.
    if (source?.readyState === EventSource.CLOSED) reopening = setTimeout(askWhy, REOPEN_MS);
  };

  const askWhy = async () => {
    try {
      await api.me();
    } catch (error) {
      if (error instanceof api.Problem && error.status === 401) return listener.loggedOut(error.code);
    }
    open();
  };

  // Without TLS a browser has six connections to a host for all its tabs together, and pages that were left for another hold on to
  // theirs. Whoever is not looked at and plays nothing lets go of it.
  const letGo = () => {
    close();
    source = null;
  };

  const wake = () => {
    if (document.hidden) {
      hiddenAt = Date.now();
      if (endedListeners.size === 0) letGo();
    } else if (!source || Date.now() - hiddenAt > SLEEP_MS) open();
  };

  const comeBack = () => source || open();
  const again = () => source && open();

  addEventListener("online", again);
  addEventListener("offline", down);
  addEventListener("pagehide", letGo);
  addEventListener("pageshow", comeBack);
  document.addEventListener("visibilitychange", wake);
  open();
  return () => {
    close();
    clearTimeout(grace);
    removeEventListener("online", again);
    removeEventListener("offline", down);
    removeEventListener("pagehide", letGo);
    removeEventListener("pageshow", comeBack);
    document.removeEventListener("visibilitychange", wake);
  };
}
