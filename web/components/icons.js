// Drawn here, so that no font or picture has to be loaded. 24 by 24, in the colour of the text around.

import { html, svg } from "../vendor/lit-html/lit-html.js";

/** @param {import("../vendor/lit-html/lit-html.js").SVGTemplateResult} shapes */
const icon = (shapes) => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${shapes}</svg>`;

export const playIcon = icon(svg`<path class="solid" d="M8 5.2v13.6a.8.8 0 0 0 1.2.7l11-6.8a.8.8 0 0 0 0-1.4l-11-6.8A.8.8 0 0 0 8 5.2z" />`);
export const stopIcon = icon(svg`<rect class="solid" x="6" y="6" width="12" height="12" rx="2" />`);
export const soundIcon = icon(svg`<path d="M4 9.5v5h3.5L12 18V6L7.5 9.5z" /><path d="M15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11" />`);
export const mutedIcon = icon(svg`<path d="M4 9.5v5h3.5L12 18V6L7.5 9.5z" /><path d="m16 9.5 5 5m0-5-5 5" />`);
export const pipIcon = icon(svg`<path d="M20 10V6.5A1.5 1.5 0 0 0 18.5 5h-13A1.5 1.5 0 0 0 4 6.5v9A1.5 1.5 0 0 0 5.5 17H9" /><rect class="solid" x="12" y="13" width="9" height="6.5" rx="1.2" />`);
export const fullIcon = icon(svg`<path d="M9 4.5H4.5V9M15 4.5h4.5V9M9 19.5H4.5V15M15 19.5h4.5V15" />`);
export const fullLeaveIcon = icon(svg`<path d="M4.5 9H9V4.5M19.5 9H15V4.5M4.5 15H9v4.5M19.5 15H15v4.5" />`);
export const eyeIcon = icon(svg`<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z" /><circle cx="12" cy="12" r="2.8" />`);
export const eyeOffIcon = icon(svg`<path d="M9.5 5.9A9.8 9.8 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a16 16 0 0 1-2.7 3.4M6.3 7.6A15.5 15.5 0 0 0 2.5 12S6 18.5 12 18.5a9.5 9.5 0 0 0 4.6-1.2M4 4l16 16" />`);
export const menuIcon = icon(svg`<path d="M4 7h16M4 12h16M4 17h16" />`);
