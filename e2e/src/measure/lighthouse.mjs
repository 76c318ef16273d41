// Lighthouse, with its preset for desktops, on the page that a running Chromium shows: what it thinks of it, from 0 to 1, as JSON.
// Arguments: the folder with Lighthouse, and the port of the browser's tools.

import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, port] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(folder, path)).href);
const { default: lighthouse, desktopConfig } = await load("lighthouse/core/index.js");
const { default: puppeteer } = await load("puppeteer-core/lib/esm/puppeteer/puppeteer-core.js");

const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${port}`, defaultViewport: null });
const page = (await browser.pages()).find((one) => one.url().startsWith("http"));
const { lhr } = await lighthouse(
  page.url(),
  {
    logLevel: "silent",
    onlyCategories: ["performance", "accessibility", "best-practices"],
    // A room comes back after the page was loaded anew, from what its tab has kept.
    disableStorageReset: true,
  },
  desktopConfig,
  page,
);
await browser.disconnect();
const scores = Object.fromEntries(Object.values(lhr.categories).map((it) => [it.id, it.score]));
const missed = Object.values(lhr.categories).flatMap((it) =>
  it.auditRefs.map((ref) => lhr.audits[ref.id]).filter((audit) => audit.score !== null && audit.score < 0.9).map((audit) => audit.id),
);
console.log(JSON.stringify({ scores, missed: [...new Set(missed)] }));
