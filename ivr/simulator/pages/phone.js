// The telephone's page: dial, answer, press, speak, listen. Everything goes to the simulated carrier that served it.
import { Microphone } from "./phone-microphone.js";
import { Sound } from "./phone-sound.js";
import { Talk } from "./phone-talk.js";

const KEPT = "telephone"; // where a reloaded page finds the telephone that it was
const SILENT = "telephone without microphone";
const NOTHING = "nothing yet";
const PROMPTS_SHOWN = 3;
const at = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);

let key = null;
let events = null;
let state = { phase: "idle" };
let presses = []; // keys of this call, one text for each time it was asked for some
let planned = [];
let hasPlace = false;
let placeAsked = null;
let leaving = false;

const sound = new Sound();
const microphone = new Microphone(() => sound.context(), (piece) => post("heard", piece, "audio/l16"));
const talk = new Talk((to, signal) => send("signal", { to, signal }).catch(failed), () => microphone.stream, sound);

async function post(what, body, type) {
  const path = key === null ? "handsets" : `handsets/${key}/${what}`;
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": type }, body });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.error || `the carrier answered ${answer.status}`);
  return told;
}

const send = (what, body) => post(what, JSON.stringify(body || {}), "application/json");
const failed = (error) => write({ text: error.message, manner: "wrong" });

// What is shown.

function write(entry) {
  const line = document.createElement("li");
  const time = document.createElement("time");
  const text = document.createElement("span");
  time.textContent = entry.at || "";
  text.textContent = entry.text;
  if (entry.language) text.lang = entry.language;
  if (entry.be) {
    const link = document.createElement("a");
    Object.assign(link, { target: "_blank", rel: "noopener", textContent: "Answer it in another window" });
    link.href = `?be=${encodeURIComponent(entry.be)}`;
    text.append(" ", link);
  }
  line.className = entry.manner || "";
  line.append(time, text);
  const list = at("heard");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  list.append(line);
  if (atEnd) list.scrollTop = list.scrollHeight;
  if (entry.manner === "said") prompt(entry);
}

function prompt(entry) {
  const words = document.createElement("p");
  words.textContent = entry.text.replace(/^“|”$/g, "");
  if (entry.language) words.lang = entry.language;
  at("now").append(words);
  while (at("now").children.length > PROMPTS_SHOWN) at("now").firstChild.remove();
}

function enable(id, enabled) {
  at(id).setAttribute("aria-disabled", String(!enabled));
}

function show(now) {
  const before = state;
  state = now;
  at("state").textContent = now.phase === "ringing" ? "It rings." : now.text;
  enable("call", now.phase === "idle");
  enable("hang-up", now.phase === "calling" || now.phase === "live");
  at("from").readOnly = now.phase !== "idle";
  if (now.phase === "ringing") at("ringing-who").textContent = now.text;
  at("ringing").hidden = now.phase !== "ringing";
  document.title = now.phase === "ringing" ? "Ringing! Telephone" : "Telephone";
  sound.ringing(now.tone);
  microphone.record(now.recording === true);
  if (now.asked && !before.asked) askedForKeys();
  if (now.phase === "idle") sound.quiet();
}

function askedForKeys() {
  presses.push("");
  const next = planned.shift();
  if (next) pressAll(next);
}

function begin(told) {
  at("heard").replaceChildren();
  at("now").replaceChildren();
  at("done").textContent = "";
  at("pressed").textContent = NOTHING;
  presses = [];
  if (told.number) at("from").value = told.number;
}

async function showPlace() {
  placeAsked = null;
  const { place } = await (await fetch(`handsets/${key}/place`)).json();
  at("tree").hidden = !place;
  at("place").replaceChildren();
  for (const [name, value] of Object.entries(place || {})) {
    const term = document.createElement("dt");
    const meaning = document.createElement("dd");
    term.textContent = name;
    meaning.textContent = value;
    at("place").append(term, meaning);
  }
}

// What the carrier tells.

function listen() {
  if (events) events.close();
  events = new EventSource(`handsets/${key}/events`);
  const on = (name, take) => events.addEventListener(name, (message) => take(JSON.parse(message.data)));
  on("begin", begin);
  on("entry", (entry) => {
    if (entry.text) write(entry);
    if (hasPlace && placeAsked === null) placeAsked = setTimeout(() => showPlace().catch(() => {}), 150);
  });
  on("state", show);
  on("sound", (told) => sound.play(told).catch(failed));
  on("quiet", ({ id }) => sound.quiet(id));
  on("peers", ({ peers }) => talk.update(peers));
  on("signal", (told) => talk.take(told).catch(failed));
  on("replaced", replaced);
  events.addEventListener("error", () => {
    if (leaving || events.readyState !== EventSource.CLOSED) return;
    show({ phase: "idle", text: "The carrier does not know this telephone any more." });
    sessionStorage.removeItem(KEPT);
    open().catch(failed);
  });
}

function replaced() {
  events.close();
  talk.update([]);
  sound.quiet();
  sessionStorage.removeItem(KEPT);
  show({ phase: "idle", text: "This telephone is now in another window. Load the page again to have one more." });
}

async function open() {
  key = null;
  const told = await send("", { number: at("from").value.trim() || asked.get("be") || "" });
  key = told.key;
  hasPlace = told.place;
  at("from").value = told.number;
  at("numbers").replaceChildren(...told.numbers.map((number) => new Option(number, number)));
  if (!at("to").value) at("to").value = asked.get("call") || told.numbers[0] || "";
  remember({ key, numbers: told.numbers, place: told.place, to: at("to").value });
  listen();
}

function remember(telephone) {
  sessionStorage.setItem(KEPT, JSON.stringify({ ...telephone, search: location.search }));
}

function reopen(kept) {
  key = kept.key;
  hasPlace = kept.place;
  at("numbers").replaceChildren(...kept.numbers.map((number) => new Option(number, number)));
  const followed = kept.search !== location.search; // a link, not a reload: what it says goes before what was
  at("to").value = (followed && asked.get("call")) || kept.to;
  if (followed && asked.get("be")) send("number", { number: asked.get("be") }).catch(failed).finally(listen);
  else listen();
  remember(kept);
}

// What the person does.

async function dial(event) {
  event.preventDefault();
  if (state.phase !== "idle") return;
  sound.context();
  wantMicrophone();
  planned = (asked.get("keys") || "").split(".").filter(Boolean);
  try {
    await send("number", { number: at("from").value.trim() });
    await send("call", { to: at("to").value.trim(), withheld: at("withheld").checked });
  } catch (error) {
    failed(error);
  }
}

async function answer() {
  sound.context();
  wantMicrophone();
  at("hang-up").focus();
  await send("answer").catch(failed);
}

async function hangUp() {
  if (state.phase !== "calling" && state.phase !== "live") return;
  await microphone.flush();
  await send("hang-up").catch(failed);
}

async function press(pressed) {
  sound.key(pressed);
  if (state.phase !== "live") return;
  const shown = at("pressed");
  shown.textContent = (shown.textContent === NOTHING ? "" : shown.textContent) + pressed;
  if (!presses.length) presses.push("");
  presses[presses.length - 1] += pressed;
  await microphone.flush();
  await send("press", { keys: pressed }).catch(failed);
}

async function pressAll(keys) {
  for (const each of keys) await press(each);
}

async function say(event) {
  event.preventDefault();
  const text = at("words").value.trim();
  if (!text || state.phase !== "live") return;
  at("words").value = "";
  await send("say", { text }).catch(failed);
}

// The browser's own recogniser, where there is one; what it understood stands in the field and is said.
function dictate() {
  const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
  const recognition = new Recognition();
  const last = [...at("now").querySelectorAll("p[lang]")].pop();
  recognition.lang = last ? last.lang : "en-US";
  recognition.addEventListener("result", ({ results }) => {
    at("words").value = results[0][0].transcript;
    at("say").requestSubmit();
  });
  recognition.addEventListener("error", ({ error }) => failed(new Error(`The browser did not understand: ${error}.`)));
  recognition.addEventListener("end", () => at("dictate").setAttribute("aria-pressed", "false"));
  at("dictate").setAttribute("aria-pressed", "true");
  recognition.start();
}

function wantMicrophone() {
  if (!localStorage.getItem(SILENT)) turnMicrophone(true);
}

async function turnMicrophone(on) {
  try {
    if (on) await microphone.turnOn();
    else microphone.turnOff();
    at("microphone-told").textContent = on ? "On: messages and people hear you." : "Off. Type what you say instead.";
  } catch (error) {
    at("microphone-told").textContent = `Off (${error.name}: ${error.message}). Type what you say instead.`;
  }
  at("microphone").setAttribute("aria-pressed", String(microphone.open));
  talk.refresh();
}

async function keep() {
  const got = await fetch(`handsets/${key}/script`);
  if (!got.ok) throw new Error((await got.json()).error);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await got.blob());
  link.download = "phone.call";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  at("done").textContent = "Saved as phone.call: play it again with ivr test phone.call";
}

async function copyLink() {
  const link = new URL(location.href);
  link.search = "";
  const keys = presses.filter(Boolean).join(".");
  for (const [name, value] of [["be", at("from").value], ["call", at("to").value], ["keys", keys]]) {
    if (value) link.searchParams.set(name, value);
  }
  await navigator.clipboard.writeText(link.href);
  at("done").textContent = `Copied: ${link.href}`;
}

function keyboard(event) {
  if (!at("typing").checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input:not([type=checkbox]):not([type=range]), textarea, select")) return;
  const pad = /^Numpad([0-9])$/.exec(event.code); // the numeric pad, with Num Lock off too
  const pressed = pad ? pad[1] : event.key;
  if (!/^[0-9*#]$/.test(pressed)) return;
  event.preventDefault();
  const button = document.querySelector(`[data-key="${pressed}"]`);
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), 150);
  press(pressed);
}

at("dial").addEventListener("submit", dial);
at("answer").addEventListener("click", answer);
at("reject").addEventListener("click", () => send("reject").catch(failed));
at("hang-up").addEventListener("click", hangUp);
at("say").addEventListener("submit", say);
at("keypad").addEventListener("click", ({ target }) => { if (target.dataset.key) press(target.dataset.key); });
at("from").addEventListener("change", () => send("number", { number: at("from").value.trim() }).catch(failed));
at("volume").addEventListener("input", () => sound.setVolume(at("volume").value / 100));
at("mute").addEventListener("click", () => {
  sound.setVolume(sound.volume, !sound.muted);
  at("mute").setAttribute("aria-pressed", String(sound.muted));
});
at("microphone").addEventListener("click", () => {
  if (microphone.open) localStorage.setItem(SILENT, "yes");
  else localStorage.removeItem(SILENT);
  turnMicrophone(!microphone.open);
});
at("slower").addEventListener("change", () => {
  sound.slower = at("slower").checked;
  send("slower", { slower: sound.slower }).catch(failed);
});
at("wire").addEventListener("change", () => at("heard").classList.toggle("with-wire", at("wire").checked));
at("keep").addEventListener("click", () => keep().catch(failed));
at("link").addEventListener("click", () => copyLink().catch(failed));
at("dictate").hidden = !(window.SpeechRecognition || window.webkitSpeechRecognition);
at("dictate").addEventListener("click", dictate);
document.addEventListener("keydown", keyboard);
for (const touch of ["pointerup", "keyup"]) addEventListener(touch, () => { sound.ringing(state.tone); if (sound.now) sound.context(); });
addEventListener("beforeunload", () => { // or leaving would look like a carrier that has forgotten us
  leaving = true;
  setTimeout(() => { leaving = false; }, 2_000);
});
addEventListener("pagehide", () => { if (events) events.close(); });
addEventListener("pageshow", ({ persisted }) => { if (persisted && key) listen(); });

const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
if (kept) reopen(kept);
else open().catch(failed);
