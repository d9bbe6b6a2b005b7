// Starts the pages, keeps what they show, and draws them. What changes comes from the gateway by itself.

/** @import { Key } from "./i18n.js" */
/** @import { Me } from "./types.js" */

import * as api from "./api.js";
import { loading } from "./components/loading.js";
import { shell } from "./components/shell.js";
import { isSection, section } from "./console/sections.js";
import { listen } from "./events.js";
import { currentLanguage, preferredLanguage, t, useLanguage } from "./i18n.js";
import { lazy } from "./lazy.js";
import { drawWith, forgetAll } from "./resource.js";
import { page, route } from "./router.js";
import { setNow } from "./time.js";
import { dropViewTokens } from "./token.js";
import { render } from "./vendor/lit-html/lit-html.js";
import { logIn } from "./views/login.js";
import { help, missing } from "./views/plain.js";

/** @typedef {{home: (me: Me) => unknown}} Home */

/** The first page of each role. @type {Record<import("./types.js").Role, () => Promise<Home>>} */
const HOMES = {
  parent: () => import("./views/parent.js"),
  director: () => import("./views/director.js"),
  inspector: () => import("./views/inspector.js"),
  operator: () => import("./views/operator.js"),
  staff: () => import("./views/staff.js"),
};

/** The page for whoever comes by a link, logged in or not. */
const INVITE = () => import("./views/invite.js");
/** The own account, and what comes before every page where the code at log-in is needed and not set up. */
const ACCOUNT = () => import("./account/page.js");
const FACTOR = () => import("./account/factor.js");

/** Where a parent asks for a guest. */
const GUESTS = () => import("./views/guests.js");
/** Where a parent reads what became of the own reports. */
const APPEALS = () => import("./views/appeals.js");

/** Noted on this device while somebody is logged in, so that a stranger's page asks for nothing that it may not have. */
const LOGGED_IN = "tereze.in";

/** Texts and the mark at now move on even if nothing else does. */
const REDRAW_MS = 30_000;

const root = /** @type {HTMLElement} */ (document.getElementById("app"));

/** Who is logged in and what there is to see. @type {Me | null} */
let me = null;
/** Why the last log-in of this tab is over. @type {string | null} */
let endedBy = null;
let link = true;
let stopListening = () => {};

function draw() {
  const shown = page();
  const titled = shown !== "home" && (me || shown === "invite");
  document.title = titled ? `${t(/** @type {Key} */ (`${shown}.title`))} · ${t("app.name")}` : t("app.name");
  if (shown === "invite") return render(lazy(INVITE, draw)?.invite({ me, onin: begin, redraw: draw }) ?? loading(), root);
  if (!me) return render(logIn({ endedBy, onin: begin, redraw: draw }), root);
  return render(shell({ me, shown, link, content: content(shown, me), onlanguage, onlogout }), root);
}

/**
 * @param {string} shown
 * @param {Me} me
 */
function content(shown, me) {
  if (me.second_factor === "needed" && shown !== "help") return lazy(FACTOR, draw)?.needed() ?? loading();
  if (shown === "home") return lazy(HOMES[me.account.role], draw)?.home(me) ?? loading();
  if (shown === "help") return help(me);
  if (shown === "account") return lazy(ACCOUNT, draw)?.account(me, onlanguage) ?? loading();
  if (shown === "guests" && me.account.role === "parent") return lazy(GUESTS, draw)?.guests(me) ?? loading();
  if (shown === "appeals" && me.account.role === "parent") return lazy(APPEALS, draw)?.appeals(me) ?? loading();
  return isSection(shown, me.account.role) ? section(shown, me, draw) : missing();
}

/** @param {Me} newer */
function show(newer) {
  setNow(newer.now);
  me = newer;
  draw();
}

/** After a log-in, or with one from before. */
async function begin() {
  try {
    const first = await api.me();
    if (first.account.language !== currentLanguage()) await useLanguage(first.account.language).catch(() => {});
    endedBy = null;
    show(first);
  } catch (error) {
    if (error instanceof api.Problem && error.status === 401) return end(null);
    // No answer: the page says so, and goes on by itself as soon as there is one.
    setTimeout(begin, 2_000);
    return;
  }
  localStorage.setItem(LOGGED_IN, "");
  stopListening();
  stopListening = listen({ me: show, loggedOut: end, link: onlink });
}

/**
 * The log-in is over.
 * @param {string | null} code Why, where it was not this page's own doing.
 */
function end(code) {
  stopListening();
  dropViewTokens();
  forgetAll();
  localStorage.removeItem(LOGGED_IN);
  me = null;
  link = true;
  endedBy = code;
  draw();
}

async function onlogout() {
  // Whatever the gateway says, this page shows nothing more.
  await api.logOut().catch(() => {});
  end(null);
}

async function onlanguage() {
  draw();
  await api.setLanguage(currentLanguage()).catch(() => {});
}

/** @param {boolean} up */
function onlink(up) {
  if (up === link) return;
  link = up;
  draw();
}

await useLanguage(preferredLanguage());
root.replaceChildren();
route(draw);
// Another link may be typed over the first.
addEventListener("hashchange", draw);
drawWith(draw);
// What stands beside a picture says whether it plays.
root.addEventListener("playerchange", () => queueMicrotask(draw));
if (localStorage.getItem(LOGGED_IN) !== null) await begin();
draw();
setInterval(draw, REDRAW_MS);
// Last: it is for the next time.
void import("./worker.js").then(({ keepOfflinePage }) => keepOfflinePage(), () => {});
