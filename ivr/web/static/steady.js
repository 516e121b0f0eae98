// A part of the page that is fetched anew stays as somebody has it: where the focus is, what is open, how far it is scrolled.
const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";
const OPEN = "details", SCROLLED = "[role=region][aria-labelledby]";
let before = null;

/** What an element is, for finding the one in its place afterwards. */
const mark = (it) => [it.tagName, it.id, it.name, it.getAttribute("href"), it.form?.getAttribute("action"), it.textContent.trim()].join("\n");
const title = (details) => details.id || details.querySelector("summary")?.textContent;

document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  const focused = document.activeElement;
  const beside = target.contains(focused) ? [...target.querySelectorAll(FOCUSABLE)] : [];
  before = {
    mark: beside.length ? mark(focused) : null,
    place: beside.indexOf(focused),
    open: new Map([...target.querySelectorAll(OPEN)].map((it) => [title(it), it.open])),
    scrolled: new Map([...target.querySelectorAll(SCROLLED)].map((it) => [it.getAttribute("aria-labelledby"), [it.scrollLeft, it.scrollTop]])),
  };
});
document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (!before) return;
  for (const it of target.querySelectorAll(OPEN)) it.open = before.open.get(title(it)) ?? it.open;
  for (const it of target.querySelectorAll(SCROLLED)) [it.scrollLeft, it.scrollTop] = before.scrolled.get(it.getAttribute("aria-labelledby")) ?? [0, 0];
  if (before.mark && !target.contains(document.activeElement)) {
    const now = [...target.querySelectorAll(FOCUSABLE)], same = now.filter((it) => mark(it) === before.mark);
    // What was there is gone: the next best is what stands in its place.
    (same[0] ?? now[Math.min(before.place, now.length - 1)])?.focus({ preventScroll: true });
  }
  before = null;
});
