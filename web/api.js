// The gateway's API: JSON in and out, errors as problem documents (RFC 9457) with a stable code.

/** @import { Account, Facts, Language, Me } from "./types.js" */

/** A refusal or failure: `code` is stable, `facts` is what a sentence about it needs. */
export class Problem extends Error {
  /**
   * @param {string} code
   * @param {number} [status] 0 where no answer came.
   * @param {Facts} [facts]
   */
  constructor(code, status = 0, facts = {}) {
    super(code);
    this.code = code;
    this.status = status;
    this.facts = facts;
  }
}

/** Guards every unsafe request that carries the cookie; learnt from `me` and from logging in. */
let csrf = "";

/** For what is not sent by `send`. */
export const csrfToken = () => csrf;

/**
 * Fetches, and throws a `Problem` for everything that is not a success.
 * @param {string} url
 * @param {RequestInit} [init]
 * @returns {Promise<Response>}
 */
export async function request(url, init) {
  let response;
  try {
    response = await fetch(url, { cache: "no-store", ...init });
  } catch {
    throw new Problem("no_connection");
  }
  if (response.ok) return response;
  throw await problemOf(response);
}

/** @param {Response} response */
async function problemOf(response) {
  const retryAfter = Number(response.headers.get("Retry-After")) || null;
  const isProblem = response.headers.get("Content-Type")?.startsWith("application/problem+json");
  const { code = "unknown", ...facts } = isProblem ? await response.json().catch(() => ({})) : {};
  return new Problem(code, response.status, { retry_after: retryAfter, ...facts });
}

/**
 * @param {string} method
 * @param {string} path Below /api/v1/.
 * @param {object} [body]
 */
function call(method, path, body) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (body) headers["Content-Type"] = "application/json";
  if (method !== "GET" && csrf) headers["X-CSRF-Token"] = csrf;
  return request(`/api/v1/${path}`, { method, headers, body: body && JSON.stringify(body) });
}

/**
 * What went wrong, as a problem: whatever is none is a fault of the page.
 * @param {unknown} error
 */
export const asProblem = (error) => (error instanceof Problem ? error : new Problem("unknown"));

/**
 * @param {string} path Below /api/v1/.
 * @returns {Promise<any>}
 */
export async function get(path) {
  const response = await call("GET", path);
  return response.json();
}

/**
 * Changes something; resolves with what the gateway answers, null where that is nothing.
 * @param {"POST" | "PUT" | "DELETE"} method
 * @param {string} path Below /api/v1/.
 * @param {object} [body]
 * @returns {Promise<any>}
 */
export async function send(method, path, body) {
  const response = await call(method, path, body);
  return response.status === 204 ? null : response.json();
}

/** @returns {Promise<Me>} */
export async function me() {
  const response = await call("GET", "me");
  return remember(await response.json());
}

/**
 * Keeps what later requests need of a `me` document.
 * @param {Me} me
 */
export function remember(me) {
  csrf = me.csrf;
  return me;
}

/**
 * @param {string} login Phone number or e-mail address.
 * @param {string} password
 * @returns {Promise<Account>}
 */
export const logIn = (login, password) => enter("login", { login, password });

/**
 * The second step, after the password was right.
 * @param {string} code Of the authenticator app, or a recovery code.
 * @returns {Promise<Account>}
 */
export const secondStep = (code) => enter("login/second-factor", { code });

/**
 * @param {string} path
 * @param {object} body
 * @returns {Promise<Account>}
 */
async function enter(path, body) {
  const response = await call("POST", path, body);
  const answer = await response.json();
  csrf = answer.csrf;
  return answer.account;
}

export async function logOut() {
  await call("POST", "logout");
  csrf = "";
}

/** @param {Language} language */
export async function setLanguage(language) {
  await call("PUT", "me/language", { language });
}

/**
 * Closes a group or a camera, or everything where none is named, from now on.
 * @param {{kindergarten: string, group?: string, camera?: string, until: string, reason: string}} closing
 */
export async function closeViewing(closing) {
  await call("POST", "pauses", closing);
}

/** @param {string} pause */
export async function openAgain(pause) {
  await call("DELETE", `pauses/${pause}`);
}

/**
 * @param {string} kindergarten
 * @returns {Promise<{token: string, expires_at: string}>}
 */
export async function viewToken(kindergarten) {
  const response = await call("POST", `view-token?${new URLSearchParams({ kindergarten })}`);
  return response.json();
}
