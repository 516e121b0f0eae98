// The floor: waits that grow, how old what is shown is, and a figure's explanation that can be closed again.
const OLD_S = 30;
let offset = 0; // our clock less the server's
const sooner = (text) => new Date(text).getTime();
const two = (n) => String(n).padStart(2, "0");

function length(seconds) {
  const s = Math.max(0, Math.floor(seconds)), h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
  return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}
let shownAt = Date.now(), board = null;
function tick() {
  const present = document.getElementById("board");
  if (present && present !== board) {
    board = present;
    shownAt = Date.now();
    offset = shownAt - sooner(board.dataset.at);
  }
  for (const timer of document.querySelectorAll("[data-since]")) {
    timer.textContent = length((Date.now() - offset - sooner(timer.dataset.since)) / 1000);
  }
  const age = document.getElementById("age"), old = (Date.now() - shownAt) / 1000;
  if (!age) return;
  age.textContent = age.dataset.words.replace("{length}", length(old));
  age.parentElement.classList.toggle("old", old >= OLD_S);
}
let asked = null;
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "explained") return tick();
  asked = detail.requestConfig?.elt?.getAttribute("href") ?? null;
  document.getElementById("explained-close")?.focus();
});
document.addEventListener("click", (event) => {
  if (event.target.id !== "explained-close" || !document.getElementById("board")) return;
  event.preventDefault();
  document.getElementById("explained").replaceChildren();
  if (asked) document.querySelector(`#board a[href="${CSS.escape(asked)}"], #board a[href="${asked}"]`)?.focus();
});
setInterval(tick, 1000);
tick();
