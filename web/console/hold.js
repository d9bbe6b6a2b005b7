// Asks which span of which cameras is to be kept and why, and keeps it; asks why it is let go of, and lets go.

/** @import { Span } from "./span.js" */
/** @import { Order } from "./orders.js" */

import * as api from "../api.js";
import { ask } from "../components/sheet.js";
import { t } from "../i18n.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { reasonField, spanFields, spanOf } from "./span.js";

/**
 * @param {Span & {kindergarten: string, cameras: {id: string, name: string}[]}} what
 * @param {string} zone
 * @param {() => void} [ondone] Something is kept now.
 */
export function askToHold({ kindergarten, cameras, from, to }, zone, ondone) {
  ask({
    title: t("hold.title"),
    zone,
    body: () => html`
      <p class="sheet-note">${t("hold.text")}</p>
      ${spanFields({ from, to }, zone)}
      <h3>${t("hold.cameras")}</h3>
      ${cameras.map(({ id, name }) => html`<label class="check"><input type="checkbox" name="camera" value=${id} checked /> ${name}</label>`)}
      ${reasonField(t("hold.reason"))}
    `,
    confirm: t("hold.confirm"),
    onsend: (fields) => {
      const chosen = fields.getAll("camera").map(String);
      if (!chosen.length) throw new api.Problem("choose_a_camera");
      return api.send("POST", "holds", { kindergarten, cameras: chosen, ...spanOf(fields, zone), reason: String(fields.get("reason")) });
    },
    onclosed: (sent) => (sent ? ondone?.() : nothing),
  });
}

/**
 * @param {Order} order
 * @param {string} zone
 * @param {() => void} [ondone] It is let go of now.
 */
export function askToRelease(order, zone, ondone) {
  ask({
    title: t("hold.release_title"),
    zone,
    danger: true,
    body: () => html`
      <p class="sheet-note">${order.cameras.map(({ name }) => name).join(", ")}</p>
      <p class="sheet-note">${t("hold.release_text")}</p>
      ${reasonField(t("hold.release_reason"))}
    `,
    confirm: t("hold.release"),
    onsend: async (fields) => {
      for (const { hold } of order.cameras) await api.send("POST", `holds/${hold}/release`, { reason: String(fields.get("reason")) });
    },
    onclosed: (sent) => (sent ? ondone?.() : nothing),
  });
}
