// The desk: keeps the page as the server has it, and carries what is pressed to the server.
import { fault, now, parts, post, words } from "./api.js";
import { form, log, put, save, unfinished } from "./form.js";
import { saveAnswer, written } from "./mail.js";
import { ring } from "./ring.js";

const GATHER_MS = 60, REOPEN_MS = 4000;
const find = (selector, where = document) => where.querySelector(selector);
let continued = null, fetching = false, again = false, soon = 0, accepted = false;

// -- the page as it is now ----------------------------------------------------------------------------------------

/** Fetch the parts and replace those that are another version; several wishes at once are one. */
async function refresh() {
  if (fetching) { again = true; return; }
  fetching = true;
  try {
    const fresh = await parts(continued ?? unfinished());
    if (fresh) renew(fresh);
  } catch { /* the stream says when the server is back */ }
  fetching = false;
  if (again) { again = false; refresh(); }
}
const refreshSoon = () => { clearTimeout(soon); soon = setTimeout(refresh, GATHER_MS); };

function renew(fresh) {
  for (const list of fresh.querySelectorAll("[data-list]")) renewList(find(`[data-list="${list.dataset.list}"]`), list);
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const old = find(`[data-part="${part.dataset.part}"]`);
    if (old && old.dataset.version !== part.dataset.version && !inUse(old)) replace(old, document.importNode(part, true));
  }
  show();
}

function renewList(old, list) {
  const have = new Map([...old.children].map((row) => [row.dataset.part, row]));
  [...list.children].forEach((row, place) => {
    const mine = have.get(row.dataset.part) ?? document.importNode(row, true);
    have.delete(row.dataset.part);
    if (old.children[place] !== mine) old.insertBefore(mine, old.children[place] ?? null);
  });
  for (const gone of have.values()) gone.remove();
}

/** A part in which somebody is choosing, or listening, waits until they have done so. */
function inUse(part) {
  if ([...part.querySelectorAll("audio")].some((audio) => !audio.paused)) return true;
  return part.dataset.part !== "form" && part.contains(document.activeElement) && document.activeElement.matches("select, input, textarea");
}

function replace(old, part) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const were = new Map([...old.querySelectorAll("details")].map((each) => [each.id, each.open]));
  old.replaceWith(part);
  for (const each of part.querySelectorAll("details")) each.open = were.get(each.id) ?? each.open;
  if (part.dataset.part === "form" && accepted && form()) {
    accepted = false;
    [...part.querySelectorAll(".fields:not([hidden]) [name]")].find((field) => !field.value)?.focus();
  } else if (focused) {
    const same = focused.id ? `#${CSS.escape(focused.id)}` : `[data-act="${focused.dataset.act}"]`;
    (find(same, part) ?? find("button", part) ?? document.getElementById("main")).focus({ preventScroll: true });
  }
}

const clock = (seconds) => {
  const s = Math.max(0, Math.floor(seconds)), two = (n) => String(n).padStart(2, "0");
  return s < 3600 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
};

function tick() {
  for (const timer of document.querySelectorAll(".timer")) {
    const { since, until } = timer.dataset;
    timer.textContent = clock((until ? Date.parse(until) - now() + 999 : now() - Date.parse(since)) / 1000);
  }
}

function show() {
  const { lang } = document.documentElement; // as the other pages: the hotline's clock, and days before months
  const day = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { timeZone: document.body.dataset.zone, day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  for (const time of document.querySelectorAll("time[data-at]")) time.textContent = day.format(new Date(time.dataset.at));
  tick();
  ring();
  document.dispatchEvent(new Event("shown"));
}

// -- what is pressed ----------------------------------------------------------------------------------------------

const simply = (path) => async ({ id }) => told(await post(path.replace("ID", id)));

function told({ status, data }) {
  if (status === 200 || status === 201) return true;
  const key = { "already taken": "offer.taken", "this offer is over": "offer.over" }[data.error];
  if (status !== 401) fault(key ? words[key] : status && data.error ? words[`refused.${data.error}`] ?? words["error.refused"].replace("{why}", data.error) : words["error.again"]);
  return false;
}

const acts = {
  ready: simply("ready"),
  pause: async (_, place) => told(await post("pause", { reason: find("[name=reason]", place).value })),
  accept: async ({ id }) => { // the form may be there before the answer is
    const letter = find(".offer")?.dataset.by === "email";
    accepted = true;
    const answer = await post(`offers/${id}/accept`);
    if (!told(answer)) accepted = false;
    else if (letter && !unfinished()) { await saveAnswer(); continued = answer.data.contact; }
  },
  decline: simply("offers/ID/decline"),
  "hang-up": simply("contacts/ID/hang-up"),
  hold: simply("contacts/ID/hold"),
  resume: simply("contacts/ID/resume"),
  mute: simply("contacts/ID/mute"),
  unmute: simply("contacts/ID/unmute"),
  "pause-recording": simply("contacts/ID/recording/pause"),
  "resume-recording": simply("contacts/ID/recording/resume"),
  complete: async ({ id }) => { await save(); told(await post(`contacts/${id}/consult/complete`)); },
  "let-go": simply("contacts/ID/consult/end"),
  transfer: async ({ id }) => { await save(); told(await post(`contacts/${id}/transfer`, whom())); },
  consult: async ({ id }) => told(await post(`contacts/${id}/consult`, whom())),
  promise: async ({ id }, place) => told(await post(`contacts/${id}/callback`, { in_min: find("[name=in_min]", place).value })),
  dispose: async ({ id }, place) => { const said = find("select", place).value; if (said) told(await post(`contacts/${id}/disposition`, { disposition: said })); },
  "extend-wrap-up": async () => told(await post("wrap-up/extend")),
  "end-wrap-up": async () => { await save(); told(await post("wrap-up/end")); },
  "log-out": async () => { await save(); if (told(await post("logout"))) location.assign(document.body.dataset.login); },
  log: async (_, place) => { if (await log(place)) continued = null; },
  about: async ({ id }, place) => {
    await save();
    if (told(await post(`contacts/${id}/about`, { case: find("[name=case]", place).value.replaceAll(/\s/g, "") }))) delete form()?.dataset.touched;
  },
  answer: async ({ id }) => { if (told(await post(`contacts/${id}/answer`, { text: written() }))) await leaveLetter(); else await saveAnswer(); },
  "close-mail": async ({ id }) => { if (told(await post(`contacts/${id}/close`))) { written(); await leaveLetter(); } },
  "hand-on": async ({ id }, place) => { await save(); await saveAnswer(); if (told(await post(`contacts/${id}/hand-on`, whom(find("select", place))))) await leaveLetter(); },
  "not-there": simply("contacts/ID/not-there"),
  continue: async ({ id }) => { await save(); await saveAnswer(); delete form()?.dataset.touched; continued = id; accepted = true; },
  aside: async () => { await save(); await saveAnswer(); delete form()?.dataset.touched; continued = null; },
};

/** Whom the chosen line of the list names: `queue:claims` is { queue: "claims" }. */
function whom(list = find("#hand-to")) {
  const [, kind, name] = /^(\w+):(.*)$/.exec(list.value);
  return { [kind]: name };
}

/** The letter that was open is done with; a form begun beside it stays until it is logged or laid aside. */
async function leaveLetter() {
  await save();
  if (!unfinished()) continued = null;
}

async function act(place) {
  if (place.dataset.busy) return;
  place.dataset.busy = "yes";
  fault(null);
  await acts[place.dataset.act](place.dataset, place);
  delete place.dataset.busy;
  refresh();
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-act]");
  if (button) act(button);
  if (target.closest("[data-put]")) put(find("#texts").value);
});
document.addEventListener("submit", (event) => {
  if (!event.target.dataset.act) return;
  event.preventDefault();
  act(event.target);
});
document.addEventListener("focusout", refreshSoon);
document.addEventListener("pause", refreshSoon, true);
document.addEventListener("change", ({ target }) => {
  if (target.id === "hand-to") find("[data-act=consult]").disabled = target.value.startsWith("queue:");
  if (target.matches("[data-submit]")) act(target.form);
});

// -- keys: none that writes anything in any layout, but the question mark if it is wanted ---------------------------

const KEYS = {
  F2: "[data-act=accept]", F3: "[data-act=resume-recording], [data-act=pause-recording]", F4: "[data-act=decline]", F6: "[data-act=hold], [data-act=resume]", F7: "[data-act=mute], [data-act=unmute]",
  F8: ".fields:not([hidden]) button", F9: "[data-act=end-wrap-up], [data-act=ready]", F10: "[data-act=extend-wrap-up], #hand > summary",
  F1: "#keys-open", "Ctrl+Shift+F9": "[data-act=hang-up]", "Ctrl+Enter": "form.answer button.primary",
};
const asked = find("#question-mark");
asked.checked = localStorage.getItem("dialtree-question-mark") !== "no";
asked.addEventListener("change", () => localStorage.setItem("dialtree-question-mark", asked.checked ? "yes" : "no"));
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.metaKey || event.repeat) return;
  const writes = event.target.matches?.("input, select, textarea");
  const mark = event.key === "?" && asked.checked && !writes && !event.ctrlKey;
  const name = mark ? "F1" : `${event.ctrlKey ? "Ctrl+" : ""}${event.shiftKey ? "Shift+" : ""}${event.key}`;
  const place = KEYS[name] && find(KEYS[name]);
  if (!place) return;
  event.preventDefault();
  if (place.matches("summary")) {
    place.parentElement.open = true;
    find("#hand-to").focus();
  } else {
    if (name === "Ctrl+Enter") place.focus(); // a letter in which somebody writes is not taken away, not even once sent
    place.click();
  }
});
find("#keys-open").addEventListener("click", () => find("#keys").showModal());

// -- staying live -------------------------------------------------------------------------------------------------

function live(on) {
  find("#live").dataset.state = on ? "on" : "off";
  find("#live-word").textContent = words[on ? "live.on" : "live.off"];
}

function listen() {
  const stream = new EventSource(`${document.body.dataset.api}/events`);
  stream.addEventListener("open", () => live(true));
  stream.addEventListener("change", refreshSoon);
  stream.addEventListener("error", () => {
    live(false);
    if (stream.readyState !== EventSource.CLOSED) return; // the browser itself tries again
    refresh();
    setTimeout(listen, REOPEN_MS);
  });
}

addEventListener("focus", refresh); // back from logging in again in another window
setInterval(tick, 1000);
show();
listen();
