// Starts the app. Everything else is Rust; these lines are what only JavaScript can say:
// `import`, and what to do in a browser without WebAssembly.

const show = (id) => {
  document.getElementById("app")?.replaceChildren();
  document.getElementById(id)?.removeAttribute("hidden");
};

const works = () => {
  try {
    // The smallest module there is.
    return new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)) instanceof WebAssembly.Module;
  } catch {
    return false;
  }
};

// A trap inside the app ends it for good: nothing that was on the screen can be trusted to work.
const trapped = (error) => {
  if (error instanceof WebAssembly.RuntimeError) show("broken");
};
addEventListener("error", (event) => trapped(event.error));
addEventListener("unhandledrejection", (event) => trapped(event.reason));

// The memories of both modules, so that panic can reach what no language rule can.
const memories = [];

// What keeps the app on this device, in browsers that let a page do so.
const service = isSecureContext ? navigator.serviceWorker : undefined;

let script = "/service.js";
const keep = async () => {
  try {
    if (typeof script === "string" && globalThis.trustedTypes) {
      script = trustedTypes.createPolicy("roomkey-service", { createScriptURL: (url) => url }).createScriptURL(script);
    }
    await service.register(script, { updateViaCache: "none" });
    (await service.ready).active.postMessage("keep");
    return true;
  } catch (error) {
    console.warn(error);
    return false;
  }
};

// Whoever installs the app wants it there.
if (service) {
  addEventListener("appinstalled", keep);
  if (matchMedia("(display-mode: standalone)").matches) keep();
}

const forget = () => service?.controller?.postMessage("forget");

// What another app has shared. It stays here until a room is open.
const shared = new Promise((resolve) => {
  if (!service?.controller) return resolve(null);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => resolve(data);
  service.controller.postMessage("shared", [port2]);
});

// Empties what the browser keeps for this site, then what is on the screen, then the app's memory: the app does not run again.
const panic = () => {
  for (const storage of ["sessionStorage", "localStorage"]) {
    try {
      globalThis[storage].clear();
    } catch {
      // A browser that forbids storage has kept nothing in it.
    }
  }
  forget();
  document.title = "";
  document.documentElement.replaceChildren();
  for (const memory of memories) new Uint8Array(memory.buffer).fill(0);
  location.replace("about:blank");
};

// The names carry a hash of the content; the build writes them into this very script tag.
const tag = document.querySelector("script[data-wasm]");
// The exports of the app, once it runs.
let running;

// The second module is loaded by the app when a message needs it. Some browsers remember that an import failed, so
// the next attempt asks by another address.
globalThis.roomkey = Object.freeze({
  sanitizer: async (attempt) => {
    const module = await import(attempt ? `/sanitizer.js?${attempt}` : "/sanitizer.js");
    memories.push((await module.default({ module_or_path: "/sanitizer_bg.wasm" })).memory);
    return module;
  },
  // Brings the second part of the app into the memory of the first, and tells the first how that went.
  later: async (done, data) => {
    const app = await running;
    const { later, laterIntegrity: integrity } = tag.dataset;
    let arrived = 1;
    try {
      await WebAssembly.instantiateStreaming(fetch(later, { integrity }), { __wasm_split: app });
    } catch (error) {
      console.warn(error);
      arrived = 0;
    }
    app.__indirect_function_table.get(done)(data, arrived);
  },
  // Whether this browser could keep the app, and whether it does.
  keeps: async () => {
    if (!service) return undefined;
    return (await caches.keys()).some((name) => name.startsWith("roomkey-"));
  },
  keep,
  forget,
  // The text or the files that were shared, once.
  shared: async (what) => {
    const all = await shared;
    const part = all?.[what];
    if (all) delete all[what];
    return part;
  },
  // Not at once: the app that asks for it must have returned before its memory goes.
  panic: () => setTimeout(panic),
});

for (const button of document.querySelectorAll("[data-reload]")) {
  button.addEventListener("click", () => location.reload());
}

if (!works()) {
  show("no-wasm");
} else if (typeof WebSocket === "undefined") {
  show("no-socket");
} else {
  const { js, wasm } = tag.dataset;
  const integrity = document.querySelector(`link[href="${wasm}"]`)?.integrity ?? "";
  try {
    const app = await import(js);
    running = app.default({ module_or_path: fetch(wasm, { integrity }) });
    memories.push((await running).memory);
  } catch (error) {
    console.error(error);
    show("broken");
  }
}
