"use strict";
/* The one file that holds all others: writes the page its address asks for. A page's own choices
   stay behind the #, its name stands behind the ?, so that every address still leads somewhere. */
(() => {
const files = JSON.parse(document.getElementById("files").textContent);
const KINDS = { css: "text/css", csv: "text/csv", js: "text/javascript", json: "application/json", md: "text/markdown", svg: "image/svg+xml" };
const HOME = "index.html", ROOT = "https://site.invalid/";
const made = {};

/* A file as an address that a link, a style sheet or a script may have. */
window.addressOf = (path) => {
  if (!(path in files)) return path;
  const type = `${KINDS[path.split(".").pop()] || "text/plain"};charset=utf-8`;
  return made[path] = made[path] || URL.createObjectURL(new Blob([files[path]], { type }));
};
const asked = decodeURIComponent(location.search.slice(1));
const path = asked in files && asked.endsWith(".html") ? asked : HOME;
const page = new DOMParser().parseFromString(files[path], "text/html");

[...page.querySelectorAll("[href], [src]")].forEach((one) => {
  const name = one.hasAttribute("src") ? "src" : "href", value = one.getAttribute(name);
  if (value.startsWith("#")) return;
  const target = new URL(value, ROOT + path), found = target.pathname.slice(1);
  if (target.origin !== new URL(ROOT).origin || !(found in files)) return;
  if (found.endsWith(".html")) one.setAttribute(name, `?${found}${target.hash}`);
  else {
    one.setAttribute(name, window.addressOf(found));
    if (one.tagName === "A") one.download = found.split("/").pop();
  }
});
/* while this file itself is being read, what is written would only be added to it */
addEventListener("load", () => setTimeout(() => {
  document.open();
  document.write("<!doctype html>" + page.documentElement.outerHTML);
  document.close();
}));
})();
