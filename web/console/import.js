// A list of children from a file: chosen, looked at, and brought in whole or not at all.

/** @import { Key } from "../i18n.js" */
/** @import { Place } from "./sections.js" */
/** @typedef {{groups: string[], children: number, guardians: number, known: number}} Made */
/** @typedef {{row: number, column: string, code: string, value: string, other: number | null}} Flaw */
/** @typedef {{rows: number, flaws: Flaw[], flaws_count: number, makes: Made}} Preview */

import * as api from "../api.js";
import { count, t } from "../i18n.js";
import { drawAnew } from "../resource.js";
import { choose } from "../router.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { sentence } from "../words.js";
import { upload } from "./upload.js";

/** In bytes, as the gateway takes. */
const LARGEST = 8 * 1024 * 1024;

/**
 * @typedef {object} State
 * @property {"choose" | "check" | "checked" | "import" | "done"} step
 * @property {string} name The file's.
 * @property {ArrayBuffer | null} file What is checked and what is imported are the same bytes, whatever becomes of the file meanwhile.
 * @property {number} sent From 0 to 1.
 * @property {Preview | null} preview
 * @property {Made | null} made
 * @property {api.Problem | null} problem
 */

/** @type {State} */
const NOTHING = { step: "choose", name: "", file: null, sent: 0, preview: null, made: null, problem: null };

let state = NOTHING;
/** Whose list it is. */
let of = "";

/** @param {Partial<State>} change */
function become(change) {
  state = { ...state, ...change };
  drawAnew();
}

/** @param {Place} place */
export function importing({ kindergarten: { id, zone } }) {
  if (of !== id) state = NOTHING;
  of = id;
  return html`
    <div class="page import">
      <button type="button" class="quiet import-back" @click=${leave}>${t("import.back")}</button>
      <h1>${t("import.title")}</h1>
      ${state.step === "done" && state.made ? done(state.made) : form(id, zone)}
    </div>
  `;
}

function leave() {
  state = NOTHING;
  choose({ list: null });
}

/**
 * @param {string} kindergarten
 * @param {string} zone
 */
function form(kindergarten, zone) {
  const busy = state.step === "check" || state.step === "import";
  return html`
    <p>${t("import.text")}</p>
    ${example()}
    <p><a href=${`/api/v1/children/template?kindergarten=${kindergarten}`} download>${t("import.template")}</a></p>
    <div class="import-file">
      <label for="import-file">${t("import.file")}</label>
      <input id="import-file" type="file" accept=".csv,.tsv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" ?disabled=${busy} @change=${(/** @type {Event} */ event) => picked(event, kindergarten)} />
    </div>
    <div role="status">${busy ? progress() : nothing}</div>
    <div role="alert">${state.problem ? html`<p class="console-problem">${problemWords(state.problem, zone)}</p>` : nothing}</div>
    ${state.step === "checked" && state.preview ? checked(state.preview, kindergarten) : nothing}
  `;
}

/** What a list looks like. */
const example = () => html`
  <div class="import-example" role="region" tabindex="0" aria-label=${t("import.example")}>
    <table>
      <caption class="soft">${t("import.example")}</caption>
      <thead>
        <tr>${COLUMNS.map((column) => html`<th scope="col">${columnName(column)}</th>`)}</tr>
      </thead>
      <tbody>
        <tr><td>Әмина Қасымова</td><td>Күншуақ</td><td>01.09.2026</td><td>Әсел Қасымова</td><td>+7 701 000 00 01</td></tr>
      </tbody>
    </table>
  </div>
`;

const COLUMNS = ["child", "group", "first_day", "guardian", "phone"];

/** @param {string} column */
const columnName = (column) => t(/** @type {Key} */ (`column.${column}`));

/**
 * @param {api.Problem} problem
 * @param {string} zone
 */
function problemWords({ code, facts }, zone) {
  if (code === "column_missing") return t("code.column_missing", { field: columnName(facts.field ?? "child") });
  return sentence(code, facts, zone);
}

function progress() {
  const sending = state.sent < 1;
  const text = sending ? t("import.sending", { percent: Math.floor(state.sent * 100) }) : t(state.step === "check" ? "import.checking" : "import.busy");
  return html`
    <p>${text}</p>
    ${sending ? html`<progress aria-label=${t("import.title")} value=${state.sent}></progress>` : html`<progress aria-label=${t("import.title")}></progress>`}
  `;
}

/**
 * @param {Event} event
 * @param {string} kindergarten
 */
async function picked({ target }, kindergarten) {
  const chosen = target instanceof HTMLInputElement ? target.files?.[0] : null;
  if (!chosen || !(target instanceof HTMLInputElement)) return;
  if (chosen.size > LARGEST) return become({ ...NOTHING, problem: new api.Problem("too_large") });
  become({ ...NOTHING, step: "check" });
  try {
    const file = await chosen.arrayBuffer();
    const preview = await send(`children/import/preview?kindergarten=${kindergarten}`, file);
    become({ step: "checked", name: chosen.name, file, preview });
  } catch (error) {
    become({ step: "choose", problem: api.asProblem(error) });
  }
  // The same file, corrected, can be chosen again.
  target.value = "";
}

/**
 * @param {string} path
 * @param {ArrayBuffer} file
 */
const send = (path, file) => upload(path, file, (sent) => become({ sent }));

/**
 * @param {Preview} preview
 * @param {string} kindergarten
 */
function checked(preview, kindergarten) {
  const { flaws_count, makes, rows } = preview;
  if (flaws_count) return flaws(preview);
  const nothingNew = !makes.groups.length && !makes.children && !makes.guardians;
  return html`
    <section aria-labelledby="import-preview" class="card">
      <h2 id="import-preview">${count("import.rows", rows)}</h2>
      <p class="soft">${state.name}</p>
      ${nothingNew ? html`<p role="status">${t("import.nothing")}</p>` : html`<div role="status">${makesWords(makes)}</div>`}
      ${nothingNew ? nothing : html`<div class="buttons"><button type="button" class="primary" @click=${() => bringIn(kindergarten)}>${t("import.confirm")}</button></div>`}
    </section>
  `;
}

/** @param {Made} makes */
const makesWords = ({ groups, children, guardians, known }) => html`
  <ul class="import-makes">
    <li>${t("import.children", { n: children })}</li>
    ${groups.length ? html`<li>${t("import.groups", { names: groups.join(", ") })}</li>` : nothing}
    ${guardians ? html`<li>${t("import.guardians", { n: guardians })}</li>` : nothing}
    ${known ? html`<li>${t("import.known", { n: known })}</li>` : nothing}
  </ul>
`;

/** @param {Preview} preview */
const flaws = ({ flaws, flaws_count }) => html`
  <section aria-labelledby="import-flaws" class="card" role="alert">
    <h2 id="import-flaws">${count("import.flaws", flaws_count)}</h2>
    <p>${t("import.flaws_text")}</p>
    <ul class="lines import-flaws">${flaws.map((flaw) => html`<li class="line"><p>${flawWords(flaw)}</p></li>`)}</ul>
    ${flaws_count > flaws.length ? html`<p class="soft">${t("import.flaws_more", { n: flaws_count - flaws.length })}</p>` : nothing}
  </section>
`;

/** @param {Flaw} flaw */
function flawWords({ row, column, code, value, other }) {
  const why = t(/** @type {Key} */ (`code.${code}`), { other: other ?? "" });
  return html`<strong>${t("import.place", { row, column: columnName(column) })}</strong> ${value ? html`<q>${value}</q> ` : nothing}${why}`;
}

/** @param {string} kindergarten */
async function bringIn(kindergarten) {
  const { file } = state;
  if (!file || state.step !== "checked") return;
  become({ step: "import", sent: 0, problem: null });
  try {
    const made = await send(`children/import?kindergarten=${kindergarten}`, file);
    become({ ...NOTHING, step: "done", made });
  } catch (error) {
    become({ step: "checked", problem: api.asProblem(error) });
  }
}

/** @param {Made} made */
const done = (made) => html`
  <section class="card" role="status">
    <h2>${t("import.done")}</h2>
    ${makesWords(made)} ${made.guardians ? html`<p>${t("import.invite")}</p>` : nothing}
    <div class="buttons">
      <button type="button" class="primary" @click=${leave}>${t("import.back")}</button>
      <button type="button" class="quiet" @click=${() => become(NOTHING)}>${t("import.another")}</button>
    </div>
  </section>
`;
