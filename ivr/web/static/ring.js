// The ring: the page's title and a sound, for as long as a caller is offered.
const RING_EVERY_MS = 2500;
const button = document.getElementById("sound");
const plain = document.title;
let context = null, turn = 0, timer = 0;

import { words } from "./api.js";

function tone(at, frequency) {
  const oscillator = new OscillatorNode(context, { frequency });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.12, at + 0.03);
  gain.gain.exponentialRampToValueAtTime(0.0005, at + 0.55);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.6);
}

function beat() {
  const offer = document.querySelector("[data-offer]");
  document.title = offer && turn++ % 2 === 0 ? offer.dataset.title : plain;
  if (offer && context?.state === "running") { tone(context.currentTime, 660); tone(context.currentTime + 0.28, 880); }
}

/** A notice on the desktop, where it is allowed and this page is not the one that is looked at. */
function notice() {
  if (!("Notification" in globalThis) || Notification.permission !== "granted" || document.hasFocus()) return;
  const shown = new Notification(document.querySelector("[data-offer]").dataset.title, { tag: "dialtree-offer", requireInteraction: true });
  shown.addEventListener("click", () => { focus(); shown.close(); });
}

/** The bar that says what is still silent; it goes when nothing is. */
function bar() {
  const silent = button.getAttribute("aria-pressed") !== "true" || context?.state !== "running";
  document.getElementById("silent").hidden = !silent;
  document.getElementById("notices").hidden = !("Notification" in globalThis) || Notification.permission !== "default";
}
document.getElementById("silent-on").addEventListener("click", () => sound(true));
document.getElementById("notices").addEventListener("click", async () => { await Notification.requestPermission(); bar(); });

/** Ring if there is an offer on the page, be quiet if there is none. */
export function ring() {
  const offered = document.querySelector("[data-offer]") !== null;
  if (offered && !timer) { turn = 0; timer = setInterval(beat, RING_EVERY_MS); beat(); notice(); }
  if (!offered && timer) { clearInterval(timer); timer = 0; document.title = plain; }
}

function sound(on) {
  if (on) { context ??= new AudioContext(); context.resume().then(bar); } else context?.suspend().then(bar);
  localStorage.setItem("dialtree-sound", on ? "on" : "off");
  button.setAttribute("aria-pressed", String(on));
  button.textContent = words[on ? "sound.on" : "sound.off"];
}

button.addEventListener("click", () => sound(button.getAttribute("aria-pressed") !== "true"));
// Browsers let a page sound only after it was touched: whoever wanted the sound last time gets it with the first touch.
if (localStorage.getItem("dialtree-sound") === "on") {
  for (const what of ["pointerdown", "keydown"]) addEventListener(what, ({ target }) => { if (target !== button) sound(true); }, { once: true });
}
bar();
