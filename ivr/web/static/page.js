// Every page: the menu on narrow screens, what to do when the session is over, and staying live.
// A page that lives has an element with data-live (its value: the address of the stream). When something has changed,
// `changed` is sent to it; parts of the page are fetched anew by hx-trigger="changed from:#live".
import "./steady.js";

const GATHER_MS = 250, SPREAD_MS = 250, REOPEN_MS = 4000;
const menu = document.getElementById("menu"), button = document.getElementById("menu-button");
const lost = document.getElementById("lost");

button?.addEventListener("click", () => {
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(open));
  menu.classList.toggle("open", open);
});
document.addEventListener("keydown", ({ key, target }) => {
  if (key !== "Escape") return;
  const open = target.closest?.("details.me-menu[open]");
  if (open) { open.open = false; open.querySelector("summary").focus(); }
});
document.addEventListener("click", ({ target }) => {
  for (const open of document.querySelectorAll("details.me-menu[open]")) if (!open.contains(target)) open.open = false;
});

// Nobody is logged out in the middle of something without being told; what was typed stays where it is.
document.addEventListener("htmx:responseError", ({ detail }) => { if (lost && detail.xhr.status === 401) lost.hidden = false; });
document.addEventListener("htmx:afterRequest", ({ detail }) => { if (lost && detail.successful) lost.hidden = true; });

const live = document.querySelector("[data-live]");
let soon = 0;
function show(on) {
  live.dataset.state = on ? "on" : "off";
  const word = live.querySelector("[data-word]");
  if (word) word.textContent = document.body.dataset[on ? "liveOn" : "liveOff"];
}
function changed() {
  clearTimeout(soon);
  soon = setTimeout(() => live.dispatchEvent(new CustomEvent("changed", { bubbles: true })), GATHER_MS + Math.random() * SPREAD_MS);
}
function listen() {
  const stream = new EventSource(live.dataset.live);
  stream.addEventListener("open", () => show(true));
  stream.addEventListener("change", changed);
  stream.addEventListener("error", () => {
    show(false);
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, REOPEN_MS); // else the browser itself tries again
  });
}
if (live) listen();
