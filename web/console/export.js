// Asks which span of a camera's recording is taken out and why, has that written down, and hands the file over.

/** @import { Span } from "./span.js" */

import * as api from "../api.js";
import { ask } from "../components/sheet.js";
import { t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { reasonField, spanFields, spanOf } from "./span.js";

/**
 * @param {Span & {camera: {id: string, name: string, masked: boolean}, reason?: string}} what
 * @param {string} zone
 */
export function askToExport({ camera, from, to, reason }, zone) {
  ask({
    title: t("export.title", { camera: camera.name }),
    zone,
    body: () => html`
      <p class="sheet-note">${t("export.text")}</p>
      ${spanFields({ from, to }, zone)} ${camera.masked ? maskedField() : nothing} ${reasonField(t("export.reason"), reason)}
      <p class="sheet-note">${t("export.note")}</p>
    `,
    confirm: t("export.confirm"),
    onsend: async (fields) => {
      const span = spanOf(fields, zone);
      const made = await api.send("POST", "exports", { camera: camera.id, ...span, reason: String(fields.get("reason")), masked: fields.has("masked") });
      save(`/api/v1/exports/${made.id}`);
    },
  });
}

/** Whether the areas that pages cover are covered in the file, too. It is not chosen before: only what is as it was recorded proves itself to the last byte. */
const maskedField = () => html`
  <label class="check"><input type="checkbox" name="masked" aria-describedby="export-masked-note" /> ${t("export.masked")}</label>
  <p class="sheet-note" id="export-masked-note">${t("export.masked_note")}</p>
`;

/**
 * A file of any size goes to the disk as it comes, and not through the page.
 * @param {string} url
 */
function save(url) {
  const link = document.createElement("a");
  link.href = url;
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}
