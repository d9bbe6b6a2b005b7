// What nobody is to see of a picture: opaque areas that lie on it from its first frame on, wherever it goes.

/** @import { Area } from "../types.js" */

import { t } from "../i18n.js";
import { html, nothing, svg } from "../vendor/lit-html/lit-html.js";

/**
 * The areas over a picture. Whatever holds both gives them the same edges (`.player-picture` in the style sheet), so nothing is reckoned
 * here, and no frame is ever shown before they lie where they belong.
 * @param {Area[]} masks
 */
export const cover = (masks) =>
  masks.length
    ? html`
        <svg class="player-masks" viewBox="0 0 1000 1000" preserveAspectRatio="none" role="img" aria-label=${t("player.masks")}>
          ${masks.map(rectangle)}
        </svg>
      `
    : nothing;

/** @param {Area} area */
const rectangle = ([x, y, width, height]) => svg`<rect x=${x} y=${y} width=${width} height=${height} />`;
