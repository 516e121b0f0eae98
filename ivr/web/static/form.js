// The case form: every pause in the typing saves a draft, and logging it twice makes one case.
import { fault, post, words } from "./api.js";

const PAUSE_MS = 700, RETRY_MS = 3000;
const STASH = "dialtree-draft"; // what was typed in the last moment before a reload, for this tab alone
let timer = 0, saving = null, dirty = null;

export const form = () => document.querySelector(".case-form");
const shown = (it) => it.querySelector(".fields:not([hidden])");
const say = (it, key) => { it.querySelector("[data-saved]").textContent = key ? words[key] : ""; };

/** The contact of a form that holds something typed here and not logged; it must not be taken away. */
export function unfinished() { return form()?.dataset.touched ? form().dataset.contact : null; }

function fields(places) {
  const found = {};
  for (const place of places) for (const it of place.querySelectorAll("[name]")) if (it.value || !found[it.name]) found[it.name] = it.value;
  return found;
}
const kind = (it) => it.querySelector("[name=kind]:checked")?.value ?? "";
const draft = (it) => ({ kind: kind(it), fields: { ...fields(it.querySelectorAll(".fields")), ...fields([shown(it)].filter(Boolean)) } });

/** Save what is typed, at once; called at each pause, when a field is left and before anything that takes the form away. */
export async function save(keepalive = false) {
  clearTimeout(timer);
  const it = dirty;
  if (!it || saving) return;
  dirty = null;
  saving = it;
  say(it, "form.saving");
  const { status } = await post(`contacts/${it.dataset.contact}/draft`, draft(it), keepalive);
  saving = null;
  const tryAgain = status === 0 || status >= 500 || status === 401 || status === 403;
  if (tryAgain) dirty ??= it;
  say(it, tryAgain ? "form.unsaved" : status === 200 ? "form.saved" : null);
  if (dirty) timer = setTimeout(save, tryAgain ? RETRY_MS : PAUSE_MS);
}

function touched(it) {
  it.dataset.touched = "yes";
  dirty = it;
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE_MS);
}

/** Show the fields of the kind that was chosen; what two kinds both have is carried over. */
function turnTo(it, chosen) {
  const before = shown(it);
  for (const place of it.querySelectorAll(".fields")) place.hidden = place.disabled = place.dataset.kind !== chosen;
  const after = shown(it);
  for (const from of before?.querySelectorAll("[name]") ?? []) {
    const to = after?.querySelector(`[name="${CSS.escape(from.name)}"]`);
    if (to && !to.value) to.value = from.value;
  }
}

/** Put a text at hand where somebody writes: into the field they were in last, else the largest one. */
export function put(text) {
  const it = form(), area = it && (shown(it).contains(last) ? last : shown(it).querySelector("textarea") ?? shown(it).querySelector("input"));
  if (!area || !text) return;
  area.setRangeText(text, area.selectionStart ?? area.value.length, area.selectionEnd ?? area.value.length, "end");
  area.focus();
  touched(it);
}
let last = null;
document.addEventListener("focusin", ({ target }) => { if (target.matches(".fields textarea")) last = target; });

function mark(it, name, why) {
  for (const field of it.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const place of it.querySelectorAll(".fault")) place.hidden = true;
  const field = name && shown(it).querySelector(`[name="${CSS.escape(name)}"]`);
  if (!field) return false;
  const place = document.getElementById(`${field.id}-fault`);
  const told = field.value && words[`refused.${why}`];
  place.textContent = told || words["form.missing"].replace("{field}", field.labels[0].firstChild.textContent.trim());
  place.hidden = false;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", place.id);
  field.focus();
  field.scrollIntoView({ block: "center" }); // a field that has the focus already is not scrolled to by it
  return true;
}

/** Log the case; the form's own id makes a second press the same case. */
export async function log(it) {
  fault(null);
  const whole = { kind: kind(it), fields: fields([shown(it)]), form: it.dataset.form };
  const { status, data } = await post(`contacts/${it.dataset.contact}/case`, whole);
  if (status === 422 && mark(it, data.field, data.error)) return false;
  if (status !== 200 && status !== 201) {
    fault(status && status !== 401 && data.error ? words[`refused.${data.error}`] ?? words["error.refused"].replace("{why}", data.error) : words["error.again"]);
    return false;
  }
  if (dirty === it) dirty = null;
  delete it.dataset.touched;
  return true;
}

document.addEventListener("input", ({ target }) => {
  const it = target.closest(".case-form");
  if (!it) return;
  if (target.name === "kind") turnTo(it, target.value);
  target.removeAttribute("aria-invalid");
  touched(it);
});
document.addEventListener("focusout", ({ target }) => { if (target.closest(".case-form")) save(); });
addEventListener("pagehide", () => {
  const it = dirty ?? saving;
  if (it) sessionStorage.setItem(STASH, JSON.stringify({ contact: it.dataset.contact, ...draft(it) }));
  save(true);
});

/** After a reload: what the server may not have had in time. */
function restore(it, stash) {
  sessionStorage.removeItem(STASH);
  if (!it || stash?.contact !== it.dataset.contact) return;
  for (const field of it.querySelectorAll(".fields [name]")) field.value = stash.fields[field.name] ?? field.value;
  const chosen = it.querySelector(`[name=kind][value="${CSS.escape(stash.kind)}"]`);
  if (chosen) chosen.checked = true;
  turnTo(it, kind(it));
  touched(it);
}
restore(form(), JSON.parse(sessionStorage.getItem(STASH)));
document.addEventListener("visibilitychange", () => { if (document.hidden) save(true); });
