// Shows a link that lets a person in once, to whoever made it, and never again.

import { ask } from "../components/sheet.js";
import { t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment } from "../when.js";

/**
 * @typedef {object} MadeLink
 * @property {boolean} reset
 * @property {string} expires_at
 * @property {string} link
 * @property {string | null} qr An SVG document.
 */

/**
 * @param {MadeLink} made
 * @param {string} name Whom it lets in.
 * @param {string} zone
 */
export function showLink({ link, qr, expires_at }, name, zone) {
  let copied = false;
  ask({
    title: t("link.title", { name }),
    body: (redraw) => {
      const oncopy = async () => {
        await navigator.clipboard.writeText(link);
        copied = true;
        redraw();
      };
      return html`
        <p class="sheet-note">${t("link.once", { until: moment(expires_at, zone) })}</p>
        ${qr ? html`<img class="link-code" alt=${t("link.qr")} src=${`data:image/svg+xml,${encodeURIComponent(qr)}`} />` : nothing}
        <p class="link-text">${link}</p>
        ${navigator.clipboard ? html`<button type="button" class="quiet" @click=${oncopy}>${t(copied ? "link.copied" : "link.copy")}</button>` : nothing}
      `;
    },
  });
}
