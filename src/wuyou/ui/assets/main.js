import "./styles/main.scss";
import htmx from "htmx.org";
import "./scripts/clocks.js";
import "./scripts/dialogs.js";
import "./scripts/drafts.js";
import "./scripts/forms.js";
import "./scripts/lists.js";
import "./scripts/menus.js";
import "./scripts/palette.js";
import "./scripts/photos.js";
import "./scripts/proof.js";
import "./scripts/toasts.js";
import "./scripts/uploads.js";
import { whenPresent } from "./scripts/page.js";

window.htmx = htmx;

// what few pages need is fetched only there
whenPresent("[data-chart]", () => import("./scripts/charts.js"));
whenPresent("[data-inspect]", () => import("./scripts/inspect.js"));
whenPresent("[data-plan]", () => import("./scripts/plan.js"));
whenPresent("[data-wall]", () => import("./scripts/wall.js"));
