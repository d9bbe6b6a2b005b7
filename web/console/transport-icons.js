// The faces of the buttons that move about in a recording.

import { html, svg } from "../vendor/lit-html/lit-html.js";

/** @param {import("../vendor/lit-html/lit-html.js").SVGTemplateResult} shapes */
const icon = (shapes) => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${shapes}</svg>`;

export const pauseIcon = icon(svg`<rect class="solid" x="6" y="5" width="4.5" height="14" rx="1.2" /><rect class="solid" x="13.5" y="5" width="4.5" height="14" rx="1.2" />`);
export const stepIcon = icon(svg`<path class="solid" d="M6 5.6v12.8a.7.7 0 0 0 1.1.6l9.4-6.4a.7.7 0 0 0 0-1.2L7.1 5a.7.7 0 0 0-1.1.6z" /><path d="M19 5v14" />`);
export const stepBackIcon = icon(svg`<path class="solid" d="M18 5.6v12.8a.7.7 0 0 1-1.1.6l-9.4-6.4a.7.7 0 0 1 0-1.2L16.9 5a.7.7 0 0 1 1.1.6z" /><path d="M5 5v14" />`);
