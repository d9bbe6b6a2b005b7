// 'Unchanged since your last visit': holds the shown records, and a checkpoint that somebody kept, against the signed log.

/** @import { Place } from "./sections.js" */
/** @import { Checked, Finding } from "./check.js" */
/** @import { AuditRecord } from "./records.js" */

import * as api from "../api.js";
import { count, t } from "../i18n.js";
import { drawAnew } from "../resource.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { sentence } from "../words.js";
import { checkKept, checkRecords, newest } from "./check.js";
import { open } from "./note.js";

/** What was checked last; another kindergarten's is forgotten. */
const state = {
  kindergarten: "",
  busy: false,
  /** @type {Checked | null} */
  checked: null,
  /** @type {Awaited<ReturnType<typeof checkKept>> | null} */
  kept: null,
  /** @type {api.Problem | null} */
  problem: null,
};

/** Findings that mean that something is wrong. @type {Finding[]} */
const WRONG = ["text", "shown", "emptied", "tree"];

/**
 * @param {Place} place
 * @param {AuditRecord[]} records Those that are shown.
 */
export function verification({ kindergarten: { id, zone } }, records) {
  if (state.kindergarten !== id) Object.assign(state, { kindergarten: id, checked: null, kept: null, problem: null });
  const check = () =>
    work(async () => {
      state.checked = await checkRecords(id, records);
    });
  const keep = () =>
    work(async () => {
      const { note, key } = await newest(id);
      const checkpoint = await open(note, key);
      if (!checkpoint) throw new api.Problem("unknown");
      save(`tereze-checkpoint-${checkpoint.size}.txt`, note);
      save("tereze-checkpoint.key", `${key}\n`);
    });
  return html`
    <section class="card" aria-labelledby="verify-title">
      <h2 id="verify-title">${t("verify.title")}</h2>
      <p class="soft">${t("verify.text")}</p>
      ${
        // The browser's SHA-256 is there for secure addresses only.
        crypto.subtle
          ? html`
              <div class="buttons">
                <button type="button" class="primary" aria-disabled=${state.busy} @click=${check}>${t(state.busy ? "sheet.busy" : "verify.check")}</button>
                <button type="button" class="quiet" @click=${keep}>${t("verify.keep")}</button>
              </div>
              <div role="status">${state.checked ? outcome(state.checked) : nothing}</div>
              <p class="console-problem" role="alert">${state.problem ? sentence(state.problem.code, state.problem.facts, zone) : nothing}</p>
              ${keptForm(id)}
            `
          : html`<p class="console-problem">${t("verify.insecure")}</p>`
      }
    </section>
  `;
}

/** @param {Checked} checked */
function outcome({ checkpoint, findings }) {
  const all = [...findings.entries()];
  const good = all.filter(([, finding]) => finding === "good" || finding === "erased").length;
  const wrong = all.filter(([, finding]) => WRONG.includes(finding));
  const fresh = all.filter(([, finding]) => finding === "new").length;
  const lost = good === 0 && wrong.length > 1 && wrong.every(([, finding]) => finding === "tree");
  return html`
    ${signatureWords(checkpoint.signature)}
    ${good ? html`<p class="verify-good">${count("verify.good", good)} ${t("verify.against", { size: checkpoint.size })}</p>` : nothing}
    ${
      lost
        ? html`<p class="verify-wrong">${t("verify.lost", { size: checkpoint.size })}</p>`
        : wrong.map(([position, finding]) => html`<p class="verify-wrong">${t("verify.wrong", { n: position, what: t(`checked.${finding}`) })}</p>`)
    }
    ${fresh ? html`<p class="soft">${count("verify.new", fresh)}</p>` : nothing}
  `;
}

/** @param {"good" | "bad" | "unknown"} signature */
function signatureWords(signature) {
  if (signature === "good") return nothing;
  return html`<p class=${signature === "bad" ? "verify-wrong" : "soft"}>${t(`signature.${signature}`)}</p>`;
}

/**
 * What was found of one record.
 * @param {number} position
 */
export function findingWords(position) {
  const finding = state.checked?.findings.get(position);
  if (!finding) return nothing;
  const wrong = WRONG.includes(finding);
  return html`<p class=${wrong ? "verify-wrong" : "verify-good"}>${wrong ? "✕" : "✓"} ${t(`checked.${finding}`)}</p>`;
}

/** @param {string} kindergarten */
function keptForm(kindergarten) {
  const onsubmit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (!(event.target instanceof HTMLFormElement)) return;
    const fields = new FormData(event.target);
    void work(async () => {
      state.kept = await checkKept(kindergarten, String(fields.get("note")), String(fields.get("key")));
    });
  };
  const onfile = async (/** @type {Event & {target: HTMLInputElement}} */ { target }) => {
    const field = document.getElementById("verify-note");
    const text = await target.files?.[0]?.text();
    if (text && field instanceof HTMLTextAreaElement) field.value = text;
  };
  return html`
    <form class="verify-kept" method="post" @submit=${onsubmit}>
      <h3>${t("verify.kept")}</h3>
      <p class="soft">${t("verify.kept_text")}</p>
      <div class="filter">
        <label for="verify-note">${t("verify.note")}</label>
        <textarea id="verify-note" name="note" rows="5" required spellcheck="false" autocomplete="off"></textarea>
      </div>
      <div class="filter">
        <label for="verify-file">${t("verify.file")}</label>
        <input id="verify-file" type="file" accept=".txt,text/plain" @change=${onfile} />
      </div>
      <div class="filter">
        <label for="verify-key">${t("verify.key")}</label>
        <input id="verify-key" name="key" type="text" autocomplete="off" spellcheck="false" />
      </div>
      <div class="buttons"><button type="submit" class="quiet">${t("verify.check_kept")}</button></div>
      <div role="status">${state.kept ? keptWords(state.kept) : nothing}</div>
    </form>
  `;
}

/** @param {NonNullable<typeof state.kept>} checked */
function keptWords({ verdict, kept, now }) {
  const values = { kept: kept?.size ?? 0, now: now?.size ?? 0 };
  const unsure = verdict === "unchanged" && (kept?.signature === "unknown" || now?.signature === "unknown");
  return html`
    <p class=${verdict === "unchanged" ? "verify-good" : "verify-wrong"}>${t(`kept.${verdict}`, values)}</p>
    ${unsure ? signatureWords("unknown") : nothing}
  `;
}

/** @param {() => Promise<void>} task */
async function work(task) {
  if (state.busy) return;
  state.busy = true;
  state.problem = null;
  drawAnew();
  try {
    await task();
  } catch (error) {
    state.problem = api.asProblem(error);
  }
  state.busy = false;
  drawAnew();
}

/**
 * Hands a file to the person.
 * @param {string} name
 * @param {string} text
 */
function save(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
