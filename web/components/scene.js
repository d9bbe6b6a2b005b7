// What one sees before the picture: a window onto the Alatau, in the light of the state. Colours come from the style sheet.

/** @import { Tone } from "../words.js" */

import { html, nothing, svg } from "../vendor/lit-html/lit-html.js";

const stars = svg`
  <g class="scene-stars">
    <circle cx="250" cy="150" r="5" /><circle cx="470" cy="90" r="4" /><circle cx="640" cy="220" r="4" />
    <circle cx="980" cy="120" r="5" /><circle cx="1180" cy="250" r="4" /><circle cx="1420" cy="110" r="5" />
  </g>`;

const clouds = svg`
  <g class="scene-clouds">
    <rect x="180" y="190" width="460" height="90" rx="45" /><rect x="320" y="130" width="250" height="110" rx="55" />
    <rect x="930" y="250" width="520" height="100" rx="50" /><rect x="1080" y="180" width="260" height="120" rx="60" />
    <rect x="-60" y="420" width="560" height="80" rx="40" /><rect x="1080" y="450" width="620" height="80" rx="40" />
  </g>`;

const swallows = svg`
  <g class="scene-swallows">
    <path d="M300 150q38-34 62 4q24-38 62-4q-40-12-62 24q-22-36-62-24z" />
    <path d="M520 92q26-24 43 3q17-27 43-3q-28-8-43 16q-15-24-43-16z" />
  </g>`;

const curtains = svg`
  <g class="scene-curtains">
    <path d="M0 0H660Q640 470 560 900H0z" /><path d="M1600 0H940Q960 470 1040 900H1600z" />
    <path class="scene-folds" d="M130 0Q150 480 110 900M300 0Q320 480 270 900M480 0Q480 480 420 900M1470 0Q1450 480 1490 900M1300 0Q1280 480 1330 900M1120 0Q1120 480 1180 900" />
  </g>`;

/** @type {Record<Tone, unknown>} */
const WEATHER = {
  live: swallows,
  closed: stars,
  paused: curtains,
  offline: clouds,
  restricted: nothing,
};

/** @param {Tone} tone */
export const scene = (tone) => html`
  <svg class="scene" data-tone=${tone} viewBox="0 0 1600 900" preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false">
    <circle class="scene-halo" cx="1180" cy="300" r="210" />
    <circle class="scene-sun" cx="1180" cy="300" r="120" />
    <path class="scene-far" d="M0 600 170 500 270 560 430 380 540 480 660 330 800 490 910 400 1050 530 1190 430 1330 550 1460 470 1600 560V900H0z" />
    <path class="scene-snow" d="M430 380 378 440 410 432 436 456 462 430 488 433zM660 330 596 410 632 400 664 430 700 402 724 404zM910 400 858 448 890 442 914 462 944 440 956 438z" />
    <path class="scene-near" d="M0 690Q260 600 520 690T1040 680T1600 660V900H0z" />
    <path class="scene-meadow" d="M0 790Q400 720 800 785T1600 770V900H0z" />
    ${WEATHER[tone]}
    <path class="scene-bars" d="M800 0V900M0 250H1600" />
  </svg>
`;
