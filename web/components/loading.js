// What stands where something is on its way.

import { t } from "../i18n.js";
import { html } from "../vendor/lit-html/lit-html.js";

export const loading = () => html`<p class="loading" role="status">${t("app.loading")}</p>`;
