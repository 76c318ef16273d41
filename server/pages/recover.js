// Puts the link back together. The name travels on behind the "#" and is not sent anywhere again.
const mangled = /^\/%(?:25)?23/i;
let rest = location.pathname.replace(mangled, "");
try {
  rest = decodeURIComponent(rest);
} catch {
  // Not percent-encoded after all: take it as it is.
}
const link = document.getElementById("anyway");
if (link && rest.startsWith("/r/")) {
  // The app is told that the name was seen, so that it can offer a fresh one once inside.
  link.href = "/?seen#" + rest;
  link.hidden = false;
}
