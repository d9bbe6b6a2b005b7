// The mark: a window, and the sun that comes in.

import { html } from "../vendor/lit-html/lit-html.js";

export const logo = html`
  <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path class="logo-sky" d="M5 29V14a11 11 0 0 1 22 0v15z" />
    <circle class="logo-sun" cx="16" cy="21" r="6.2" />
    <path class="logo-hill" d="M5 24.5q6-3.5 11-.5t11-1V29H5z" />
    <path class="logo-frame" d="M5 29V14a11 11 0 0 1 22 0v15zM16 3v26M5 16h22" />
  </svg>
`;
