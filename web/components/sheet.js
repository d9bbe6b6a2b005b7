// A dialog that asks something and does it: one form, its busy state, and what went wrong in words.

import * as api from "../api.js";
import { t } from "../i18n.js";
import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { sentence } from "../words.js";

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {(redraw: () => void) => unknown} body The fields; each with a `name`. It may be drawn anew while it is open.
 * @property {string} [confirm] What the button that sends says; without it there is only one to close.
 * @property {string} [cancel] What the other button says.
 * @property {string} [zone] By whose clock a refusal names its times.
 * @property {boolean} [danger] Whether what it does cannot be taken back.
 * @property {(fields: FormData) => unknown} [onsend] Does it. A `Problem` that it throws is said, and the dialog stays.
 * @property {(sent: boolean) => void} [onclosed]
 */

let sheets = 0;

/**
 * Asks `question` in a dialog over the page.
 * @param {Question} question
 */
export function ask(question) {
  const sheet = new Sheet(question);
  document.body.append(sheet);
  sheet.open();
}

class Sheet extends HTMLElement {
  #question;
  #id = `sheet-${++sheets}`;
  #busy = false;
  #sent = false;
  /** @type {api.Problem | null} */
  #problem = null;

  /** @param {Question} [question] */
  constructor(question = { title: "", body: () => nothing }) {
    super();
    this.#question = question;
  }

  open() {
    this.#draw();
    this.#dialog.showModal();
  }

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.querySelector("dialog"));
  }

  #draw() {
    const { title, body, confirm, cancel, danger } = this.#question;
    const word = this.#problem ? sentence(this.#problem.code, this.#problem.facts, this.#question.zone ?? "UTC") : nothing;
    render(
      html`
        <dialog class="sheet" aria-labelledby=${this.#id} @close=${() => this.#closed()}>
          <form method="post" @submit=${(/** @type {SubmitEvent} */ event) => this.#send(event)}>
            <h2 id=${this.#id}>${title}</h2>
            ${body(() => this.#draw())}
            <div class="sheet-buttons">
              <p class="sheet-word" role="alert">${word}</p>
              ${
                confirm
                  ? html`<button type="submit" class=${danger ? "primary danger" : "primary"} aria-disabled=${this.#busy}>${this.#busy ? t("sheet.busy") : confirm}</button>`
                  : nothing
              }
              <button type="button" class="quiet" @click=${() => this.#dialog.close()}>${cancel ?? t(confirm ? "sheet.cancel" : "sheet.close")}</button>
            </div>
          </form>
        </dialog>
      `,
      this,
    );
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    if (this.#busy || !(event.target instanceof HTMLFormElement)) return;
    const fields = new FormData(event.target);
    this.#busy = true;
    this.#problem = null;
    this.#draw();
    try {
      await this.#question.onsend?.(fields);
      this.#sent = true;
    } catch (error) {
      this.#problem = api.asProblem(error);
      this.#problem.facts.label = labelOf(event.target, this.#problem.facts.field);
    }
    this.#busy = false;
    this.#draw();
    if (this.#sent) this.#dialog.close();
  }

  #closed() {
    this.remove();
    this.#question.onclosed?.(this.#sent);
  }
}

/**
 * What the form calls a field: the same name means a person in one form and a camera in another.
 * @param {HTMLFormElement} form
 * @param {string | null} [name]
 */
function labelOf(form, name) {
  const field = name && form.elements.namedItem(name);
  const labelled = field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement;
  return labelled ? field.labels?.[0]?.innerText.trim() : undefined;
}

customElements.define("tereze-sheet", Sheet);
