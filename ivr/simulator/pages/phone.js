// The telephone page: dial, press, listen. Everything goes to the simulated carrier that served this page.
"use strict";

const KEPT = "call"; // where a reloaded page finds the call it was in
const at = (id) => document.getElementById(id);
let call = null;
let events = null;

async function send(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body || {}),
  });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.error || `the carrier answered ${answer.status}`);
  return told;
}

function write(entry) {
  const line = document.createElement("li");
  const time = document.createElement("time");
  const text = document.createElement("span");
  time.textContent = entry.at || "";
  text.textContent = entry.text;
  if (entry.language) text.lang = entry.language;
  line.className = entry.manner || "";
  line.append(time, text);
  const list = at("heard");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  list.append(line);
  if (atEnd) list.scrollTop = list.scrollHeight;
}

function show(live, state) {
  at("call").disabled = live;
  at("hang-up").disabled = !live;
  at("keypad").disabled = !live;
  at("state").textContent = state;
  if (!live) at("message-fields").disabled = true;
}

function over(state) {
  if (events) events.close();
  events = call = null;
  sessionStorage.removeItem(KEPT);
  show(false, state);
}

const failed = (error) => write({ text: error.message, manner: "wrong" });

async function dial(event) {
  event.preventDefault();
  if (call) return;
  at("heard").replaceChildren();
  at("pressed").textContent = "nothing yet";
  try {
    listen((await send("calls", { from: at("from").value.trim(), to: at("to").value.trim() })).call);
  } catch (error) {
    failed(error);
  }
}

// Hear a call from its beginning: what has been is told again, to a page that was reloaded or had lost the line.
function listen(sid) {
  call = sid;
  sessionStorage.setItem(KEPT, call);
  show(true, "Calling …");
  events = new EventSource(`calls/${call}/events`);
  events.addEventListener("open", () => at("heard").replaceChildren());
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED) over("The carrier does not know this call any more.");
  });
  events.addEventListener("entry", (message) => {
    const entry = JSON.parse(message.data);
    if (entry.text) write(entry);
    if (entry.state) at("state").textContent = entry.state;
    at("message-fields").disabled = !entry.recording;
    if (entry.ended) over(entry.state || "The call is over.");
  });
}

async function press(key) {
  if (!call) return;
  const shown = at("pressed");
  shown.textContent = (shown.textContent === "nothing yet" ? "" : shown.textContent) + key;
  await send(`calls/${call}/press`, { keys: key }).catch(failed);
}

async function hangUp() {
  if (call) await send(`calls/${call}/hang-up`).catch(failed);
}

async function leaveMessage(event) {
  event.preventDefault();
  const said = { length_s: Number(at("length").value), text: at("words").value };
  if (call) await send(`calls/${call}/message`, said).catch(failed);
}

function keyboard(event) {
  const typing = event.target.closest("input, textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (/^[0-9*#]$/.test(event.key)) {
    event.preventDefault();
    press(event.key);
  }
}

async function begin() {
  const { numbers } = await (await fetch("numbers")).json();
  for (const number of numbers) {
    const option = document.createElement("option");
    option.value = number;
    at("numbers").append(option);
  }
  if (!at("to").value && numbers.length) at("to").value = numbers[0];
  const kept = sessionStorage.getItem(KEPT);
  if (kept) listen(kept);
}

at("dial").addEventListener("submit", dial);
at("hang-up").addEventListener("click", hangUp);
at("message").addEventListener("submit", leaveMessage);
at("keypad").addEventListener("click", (event) => {
  const key = event.target.dataset.key;
  if (key) press(key);
});
document.addEventListener("keydown", keyboard);
addEventListener("beforeunload", () => { if (events) events.close(); }); // or leaving would look like an error
addEventListener("pageshow", ({ persisted }) => { if (persisted && call) listen(call); });
begin().catch(failed);
