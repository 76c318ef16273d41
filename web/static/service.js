// The app on a device whose person asked for that, by installing it or in the settings: it opens while the relay is out of
// reach, and takes what other apps share. See docs/adr/0024-an-app-that-stays.md.
//
// It keeps files of the app, all of one version or none, under names that the relay lists. It keeps nothing that a page
// asks for, no address that a page was opened with, and nothing that is shared.

const MINE = "roomkey-";
// What a page needs to say that the relay is out of reach; the rest comes with the relay.
const isShell = (name) => !/^(later-|sanitizer|service\.js$)/.test(name);

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const digest = async (bytes) => hex(await crypto.subtle.digest("SHA-256", bytes));
const kept = async () => (await caches.keys()).filter((name) => name.startsWith(MINE));

// Fetches the app that the relay serves now, and once all of it is here and is what the relay lists, lets go of the one
// before.
const keep = async () => {
  const { assets } = await (await fetch("/build.json", { cache: "no-store" })).json();
  const shell = Object.entries(assets).filter(([name]) => isShell(name));
  const version = MINE + (await digest(new TextEncoder().encode(JSON.stringify(shell))));
  const before = await kept();
  if (before.includes(version)) return;
  const files = await Promise.all(shell.map(async ([name, hash]) => {
    const path = name === "index.html" ? "/" : `/${name}`;
    const file = await fetch(path, { cache: "no-cache" });
    if (!file.ok || (await digest(await file.clone().arrayBuffer())) !== hash) throw new Error(path);
    return [path, file];
  }));
  const cache = await caches.open(version);
  try {
    await Promise.all(files.map(([path, file]) => cache.put(path, file)));
  } catch (error) {
    await caches.delete(version);
    throw error;
  }
  await Promise.all(before.map((name) => caches.delete(name)));
};

const forget = async () => Promise.all((await kept()).map((name) => caches.delete(name)));

// The relay's answer wherever there is one, so that no old app is ever shown beside a relay that has a new one.
const answer = async (request, path) => {
  const isAway = (status) => status >= 502 && status <= 504;
  let found;
  try {
    found = await fetch(request);
    if (!isAway(found.status)) return found;
  } catch {
    // Nobody answered.
  }
  return (await caches.match(path)) ?? found ?? Response.error();
};

// What another app shared, until the page that is opened for it asks: in memory alone.
let shared = null;

const receive = async (request) => {
  const form = await request.formData();
  const words = ["title", "text", "url"].map((name) => form.get(name));
  const isSaid = (word) => typeof word === "string" && word.trim();
  shared = {
    text: [...new Set(words.filter(isSaid))].join("\n"),
    files: form.getAll("files").filter((file) => file instanceof File && file.size > 0),
  };
  return Response.redirect("/", 303);
};

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("message", (event) => {
  if (event.data === "keep") event.waitUntil(keep());
  if (event.data === "forget") event.waitUntil(forget());
  if (event.data === "shared") {
    event.ports[0].postMessage(shared);
    shared = null;
  }
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === "POST" && pathname === "/share") {
    event.respondWith(receive(request));
  } else if (request.method === "GET") {
    event.respondWith(answer(request, pathname));
    // With every visit, where anything is kept: the newest.
    if (request.mode === "navigate") {
      event.waitUntil(kept().then((all) => (all.length > 0 ? keep() : null)).catch(() => null));
    }
  }
});
