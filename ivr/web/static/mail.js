// The answer to an e-mail: every pause in the typing saves it, and a text at hand is put where the cursor stands.
import { post, words } from "./api.js";

const PAUSE_MS = 700, RETRY_MS = 3000;
let timer = 0, dirty = null, saving = false;

const area = () => document.getElementById("answer");
const say = (key) => { const place = document.querySelector("[data-answer-saved]"); if (place) place.textContent = key ? words[key] : ""; };

/** Save what is written, at once; called at each pause and before anything that takes the letter away. */
export async function saveAnswer(keepalive = false) {
  clearTimeout(timer);
  const it = dirty;
  if (!it || saving) return;
  dirty = null;
  saving = true;
  say("form.saving");
  const { status } = await post(`contacts/${it.form.dataset.id}/answer/draft`, { text: it.value }, keepalive);
  saving = false;
  const tryAgain = status === 0 || status >= 500 || status === 401 || status === 403;
  if (tryAgain) dirty ??= it;
  say(tryAgain ? "form.unsaved" : status === 200 ? "form.saved" : null);
  if (dirty) timer = setTimeout(saveAnswer, tryAgain ? RETRY_MS : PAUSE_MS);
}

/** What is written, to be sent; nothing of it is saved as a draft afterwards. */
export function written() {
  clearTimeout(timer);
  dirty = null;
  return area()?.value ?? "";
}

function touched(it) {
  dirty = it;
  clearTimeout(timer);
  timer = setTimeout(saveAnswer, PAUSE_MS);
}

document.addEventListener("input", ({ target }) => { if (target.id === "answer") touched(target); });
document.addEventListener("focusout", ({ target }) => { if (target.id === "answer") saveAnswer(); });
document.addEventListener("click", ({ target }) => {
  const it = area(), text = target.closest("[data-put-answer]") && document.getElementById("answer-texts").value;
  if (!it || !text) return;
  it.setRangeText(text, it.selectionStart ?? it.value.length, it.selectionEnd ?? it.value.length, "end");
  it.focus();
  touched(it);
});
addEventListener("pagehide", () => saveAnswer(true));
document.addEventListener("visibilitychange", () => { if (document.hidden) saveAnswer(true); });
