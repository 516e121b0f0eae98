// The editor of menus: numbers beside the lines, the caret to where a fault is, nothing typed lost by leaving; and
// words read aloud by a voice of this device.
function numbered(area) {
  const lines = area.value.split("\n").length, beside = area.previousElementSibling;
  if (beside.dataset.lines !== String(lines)) {
    beside.dataset.lines = String(lines);
    beside.textContent = Array.from({ length: lines }, (_, n) => n + 1).join("\n");
  }
  beside.scrollTop = area.scrollTop;
}

const form = document.getElementById("manuscript");
let typed = false;
for (const area of form?.querySelectorAll("textarea") ?? []) {
  numbered(area);
  area.addEventListener("input", () => { typed = true; numbered(area); });
  area.addEventListener("scroll", () => { area.previousElementSibling.scrollTop = area.scrollTop; });
}
form?.addEventListener("submit", () => { typed = false; });
addEventListener("beforeunload", (leaving) => { if (typed) leaving.preventDefault(); });

function show({ file, line, column, end }) {
  const card = document.querySelector(`.file[data-name="${CSS.escape(file)}"]`), area = card?.querySelector("textarea");
  if (!area) return;
  card.open = true;
  const before = area.value.split("\n").slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  area.focus();
  area.setSelectionRange(before + Number(column) - 1, before + Math.max(Number(end), Number(column)) - 1);
  area.scrollTop = Math.max(0, line - 6) * (area.scrollHeight / area.value.split("\n").length);
}
document.addEventListener("click", ({ target }) => {
  const place = target.closest("[data-file]");
  if (place) show(place.dataset);
});

if (globalThis.speechSynthesis) {
  for (const button of document.querySelectorAll("[data-read]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      speechSynthesis.cancel();
      for (const words of button.closest("section").querySelectorAll(".words")) {
        const said = new SpeechSynthesisUtterance(words.textContent);
        said.lang = words.lang;
        said.voice = speechSynthesis.getVoices().find((voice) => voice.localService && voice.lang.startsWith(words.lang)) ?? null;
        speechSynthesis.speak(said);
      }
    });
  }
}
