// The page without a network: in one language, and gone as soon as there is one.

/** Likewise in i18n.js, which is not kept here. */
const REMEMBERED = "tereze.language";
/** A connection that is back is not always told of. */
const AGAIN_MS = 5_000;

const sections = [...document.querySelectorAll("section")];
const wanted = [localStorage.getItem(REMEMBERED), ...navigator.languages.map((tag) => tag.slice(0, 2))];
const lang = wanted.find((lang) => sections.some((section) => section.lang === lang)) ?? "kk";
document.documentElement.lang = lang;
for (const section of sections) section.hidden = section.lang !== lang;

async function look() {
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
  if (answer) location.reload();
}

addEventListener("online", look);
setInterval(look, AGAIN_MS);
