import { existsSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vite";

const source = "src/wuyou";
const icons = "node_modules/@tabler/icons/icons/outline";
// {% icon "x" %}, {% button … icon="x" %}, Item(…, icon="x"), icon: "x" — every way a page names an icon
const named = /\bicon["']?(?:=|:\s*|\s+)["']([a-z][a-z0-9-]*)["']/g;

// Item("tasks", _("Tasks"), "checklist", …): the navigation's own way
const offered = /\bItem\(\s*"[^"]*",\s*\w*\("[^"]*"\),\s*"([a-z][a-z0-9-]*)"/g;

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ["dist", "locale", "migrations", "__pycache__"].includes(entry.name) ? [] : files(path);
    return /\.(html|py|js)$/.test(entry.name) ? [path] : [];
  });
}

function used() {
  // names that pages reach through a variable: taken when they stand in quotes anywhere
  const known = readFileSync(`${source}/ui/assets/icons.txt`, "utf8").split(/\s+/).filter(Boolean);
  const names = new Set();
  for (const path of files(source)) {
    const text = readFileSync(path, "utf8");
    for (const pattern of [named, offered]) for (const match of text.matchAll(pattern)) names.add(match[1]);
    for (const name of known) if (text.includes(`"${name}"`) || text.includes(`'${name}'`)) names.add(name);
  }
  return [...names].sort();
}

function symbol(name, warn) {
  let svg;
  try {
    svg = readFileSync(join(icons, `${name}.svg`), "utf8");
  } catch {
    warn(`there is no icon "${name}"`);
    return "";
  }
  const body = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/<path stroke="none"[^>]*\/>/, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s+/g, " ").trim()}</symbol>`;
}

const sprite = {
  name: "wuyou-sprite",
  generateBundle() {
    const body = used().map((name) => symbol(name, (text) => this.warn(text))).join("");
    this.emitFile({
      type: "asset",
      name: "icons.svg",
      originalFileName: "icons.svg",
      source: `<svg xmlns="http://www.w3.org/2000/svg">${body}</svg>`,
    });
    this.emitFile({ type: "asset", name: "mark.svg", originalFileName: "mark.svg", source: readFileSync(`${source}/ui/assets/mark.svg`, "utf8") });
  },
};

// A server that was started before this build still names the files of the last one: they go after a day.
const prune = {
  name: "wuyou-prune",
  writeBundle(options, bundle) {
    const folder = join(options.dir, "assets");
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (!(`assets/${name}` in bundle) && Date.now() - statSync(path).mtimeMs > 24 * 3600 * 1000) rmSync(path);
    }
  },
};

export default defineConfig({
  root: join(source, "ui/assets"),
  base: "/static/",
  publicDir: false,
  plugins: [sprite, prune],
  css: { preprocessorOptions: { scss: { quietDeps: true, silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"], loadPaths: ["node_modules"] } } },
  build: {
    outDir: "../dist",
    emptyOutDir: false,
    manifest: "manifest.json",
    target: ["es2022", "chrome100", "safari15.4", "firefox100"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rollupOptions: { input: { main: join(source, "ui/assets/main.js"), theme: join(source, "ui/assets/theme.js") } },
  },
});
