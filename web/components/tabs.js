// Tabs: one of several panels is shown. The arrow keys go from tab to tab, and so does a finger that wipes over the panel.

import { html } from "../vendor/lit-html/lit-html.js";

/** How far a finger has to go to mean it, in CSS pixels; and how much farther along than across. */
const FAR = 60;
const ALONG = 2;

/**
 * @typedef {object} Tabs
 * @property {string} id Of the panel.
 * @property {string} label What is chosen, for those who do not see it.
 * @property {string} chosen
 * @property {{id: string, text: string}[]} options
 * @property {(id: string) => void} onchoose
 * @property {unknown} panel
 */

/** @param {Tabs} tabs */
export function tabs({ id, label, chosen, options, onchoose, panel }) {
  const at = options.findIndex((option) => option.id === chosen);
  /** @param {number} to */
  const go = (to) => to !== at && options[to] && onchoose(options[to].id);
  const onkeydown = (/** @type {KeyboardEvent & {currentTarget: HTMLElement}} */ event) => {
    const last = options.length - 1;
    const to = new Map([["ArrowRight", at < last ? at + 1 : 0], ["ArrowLeft", at > 0 ? at - 1 : last], ["Home", 0], ["End", last]]).get(event.key);
    if (to === undefined) return;
    event.preventDefault();
    const tablist = event.currentTarget;
    go(to);
    /** @type {HTMLElement | undefined} */ (tablist.children[to])?.focus();
  };
  return html`
    <div class="choice" role="tablist" aria-label=${label} @keydown=${onkeydown}>
      ${options.map(
        (option) => html`
          <button
            type="button" role="tab" id=${`${id}-${option.id}`} aria-controls=${id} aria-selected=${option.id === chosen} tabindex=${option.id === chosen ? 0 : -1}
            @click=${() => onchoose(option.id)}
          >${option.text}</button>
        `,
      )}
    </div>
    <div class="panel" role="tabpanel" id=${id} aria-labelledby=${`${id}-${chosen}`} @touchstart=${touch} @touchend=${(/** @type {TouchEvent} */ event) => go(at + wiped(event))}>
      ${panel}
    </div>
  `;
}

/** Where the finger came down; none when there are several. @type {{x: number, y: number} | null} */
let from = null;

/** @param {TouchEvent} event */
function touch({ touches }) {
  from = touches.length === 1 ? { x: touches[0].clientX, y: touches[0].clientY } : null;
}

/**
 * Where a finger has wiped to: 1 for the next, -1 for the one before, 0 when it meant something else.
 * @param {TouchEvent} event
 */
function wiped({ changedTouches: [touch] }) {
  const [x, y] = from ? [touch.clientX - from.x, touch.clientY - from.y] : [0, 0];
  from = null;
  return Math.abs(x) >= FAR && Math.abs(x) >= ALONG * Math.abs(y) ? -Math.sign(x) : 0;
}
