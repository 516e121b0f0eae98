// Speaking in this page: the same few deeds, whoever carries the voice. A line is opened and then tells its state;
// it can answer, mute, hang up, and use another microphone and loudspeaker.
import { words } from "./api.js";

const LINES = { page: "./speaking-twilio.js", simulator: "./speaking-simulator.js" };
const HANG_UP_MS = 4000, LOOK_MS = 200;
const CHOSEN = { microphone: "dialtree-microphone", loudspeaker: "dialtree-loudspeaker" };
const KINDS = { microphone: "audioinput", loudspeaker: "audiooutput" };
const FAULTS = { NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "missing", OverconstrainedError: "missing", NotReadableError: "taken" };
const at = (name) => document.getElementById(name ? `speaking-${name}` : "speaking");
let line = null, state = "connecting", calls = 0;

// -- the microphone ------------------------------------------------------------------------------------------------

const chosen = () => ({ microphone: localStorage.getItem(CHOSEN.microphone) ?? "", loudspeaker: localStorage.getItem(CHOSEN.loudspeaker) ?? "" });

/** Open the microphone that was chosen, or else any; null, and why is said, when there is none to be had. */
async function microphone() {
  if (!navigator.mediaDevices) { trouble({ name: "insecure" }); return null; }
  const { microphone: id } = chosen(), audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  try {
    const opened = await navigator.mediaDevices.getUserMedia({ audio: { ...audio, ...(id && { deviceId: { ideal: id } }) } });
    fault(null);
    return opened;
  } catch (error) {
    trouble(error);
    return null;
  }
}

/** What an error of the browser's, or of the SDK's (31401 to 31403: no microphone), means to who speaks. */
function trouble(error) {
  const name = error.name === "insecure" ? "insecure" : { 31401: "denied", 31402: "missing", 31403: "taken" }[error.code] ?? FAULTS[error.originalError?.name ?? error.name];
  if (name) fault(name);
  else if (state === "ringing") fault("busy");
}

function fault(what) {
  at("fault").hidden = !what;
  at("fault").textContent = what ? words[`speaking.${what}`] : "";
  at("allow").hidden = what !== "ask";
  at().classList.toggle("bad", Boolean(what));
  mark();
}

/** What is as it should be is told quietly; what wants a hand, or keeps calls away, is told as other notices are. */
function mark() {
  at("word").parentElement.hidden = !at("fault").hidden && state === "there";
  at().classList.toggle("notice", !at("fault").hidden || !["there", "talking", "connecting"].includes(state));
}

/** Whether callers will be heard, as far as can be known before one is there. */
async function look() {
  if (!navigator.mediaDevices) { fault("insecure"); return; }
  const permission = await navigator.permissions?.query({ name: "microphone" }).catch(() => null); // Firefox before 131 has no such word
  if (permission) permission.onchange = look;
  const devices = await navigator.mediaDevices.enumerateDevices();
  for (const [name, kind] of Object.entries(KINDS)) list(name, devices.filter((each) => each.kind === kind));
  if (permission?.state === "denied") fault("denied");
  else if (!devices.some(({ kind }) => kind === "audioinput")) fault("missing");
  else fault(permission?.state === "prompt" ? "ask" : null);
}

function list(name, devices) {
  const choice = at(name), known = devices.filter(({ deviceId }) => deviceId && deviceId !== "default" && deviceId !== "communications");
  choice.replaceChildren(new Option(words["speaking.usual"], ""), ...known.map(({ deviceId, label }) => new Option(label || deviceId, deviceId)));
  choice.value = known.some(({ deviceId }) => deviceId === chosen()[name]) ? chosen()[name] : "";
  choice.parentElement.hidden = name === "loudspeaker" && !("setSinkId" in HTMLMediaElement.prototype);
}

for (const name of Object.keys(CHOSEN)) {
  at(name).addEventListener("change", ({ target }) => {
    localStorage.setItem(CHOSEN[name], target.value);
    line?.use(chosen().loudspeaker).catch(trouble);
  });
}
at("allow").addEventListener("click", async () => {
  (await microphone())?.getTracks().forEach((track) => track.stop());
  if (at("fault").hidden) look();
});
navigator.mediaDevices?.addEventListener("devicechange", look);

// -- the line ------------------------------------------------------------------------------------------------------

/** Whether somebody is taken on this page: then a call is the one that was accepted here. Any other is answered by hand. */
const expected = () => document.querySelector("[data-act=hang-up]") !== null;

function told(now) {
  if (now === "busy") { fault("busy"); return; }
  if (now === "ringing" && state !== now) calls += 1;
  state = now;
  at().dataset.state = now;
  at("word").textContent = words[`speaking.${now}`];
  show();
  if (now === "ringing") answerIfExpected(calls);
}

function show() {
  at("answer").hidden = state !== "ringing" || expected();
  at("hang-up").hidden = state !== "talking" || expected();
  line?.mute(document.querySelector("[data-act=unmute]") !== null);
  mark();
}

/** The call may be quicker than the page that is to say that it was accepted. */
function answerIfExpected(call) {
  if (state !== "ringing" || call !== calls) return;
  if (expected()) line.answer().catch(trouble);
  else setTimeout(() => answerIfExpected(call), LOOK_MS);
}

at("answer").addEventListener("click", () => line.answer().catch(trouble));
at("hang-up").addEventListener("click", () => line.hangUp());
document.addEventListener("shown", show);
document.addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-act]"), call = calls;
  if (button?.dataset.act === "mute") line?.mute(true); // at once, whatever the network does
  if (button?.dataset.act === "hang-up") setTimeout(() => { if (state === "talking" && call === calls) line.hangUp(); }, HANG_UP_MS);
});

look();
const { speaks, address, phones } = document.body.dataset;
import(LINES[speaks]).then(({ Line }) => {
  line = new Line({ address, phones }, { told, microphone, chosen, trouble });
  return line.open();
}).catch(() => told("away"));
