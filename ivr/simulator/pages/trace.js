"use strict";
// The trace of a call, to be stepped through. Everything from the trace is written as text, never as markup.
(() => {
  const { lines: [head, ...all], masked } = JSON.parse(document.getElementById("data").textContent);
  const by = (id) => document.getElementById(id);
  const WIRE = ["webhook", "callback", "redirect"];
  const HEARD = ["ring", "answer", "says", "plays", "presses", "speaks", "records", "recorded", "hangs up", "ended", "queued",
    "left queue", "joins", "leaves", "bridged", "step", "error", "text"];
  const PLAY_MAX_MS = 1500;
  let shown = [], at = 0, timer = null;

  const make = (tag, text, kind) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (kind) element.className = kind;
    return element;
  };
  const clock = (seconds) => {
    const whole = Math.floor(seconds), part = Math.round((seconds - whole) * 10);
    return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}.${Math.min(part, 9)}`;
  };
  const table = (pairs, caption) => {
    const made = make("table");
    made.append(make("caption", caption, "at"));
    for (const [name, value] of pairs) {
      const row = make("tr"), named = make("th", name);
      named.scope = "row";
      row.append(named, make("td", value));
      made.append(row);
    }
    return made;
  };
  const folded = (title, content, open) => {
    const made = make("details");
    made.open = open;
    made.append(make("summary", title), content);
    return made;
  };
  const exchange = (told) => {
    const parts = [make("p", `${told.method} ${told.url}`), make("p", told.status ? `answered ${told.status}` : `no answer: ${told.error}`)];
    const filled = Object.entries(told.params).filter(([, value]) => value !== "");
    const blank = Object.entries(told.params).filter(([, value]) => value === "").map(([name]) => name);
    parts.push(folded(`Answer${told.purpose === "callback" ? " (of a callback: it is ignored)" : ""}`, make("pre", told.pretty || "(nothing)"), true));
    parts.push(folded(`Parameters (${filled.length})`, table(filled, blank.length ? `blank: ${blank.join(", ")}` : ""), true));
    parts.push(folded("Headers", table(Object.entries(told.headers), ""), false));
    parts.push(folded("Answer as it came", make("pre", told.answer || "(nothing)"), false));
    return parts;
  };

  const phone = (upTo) => {
    const now = upTo[upTo.length - 1];
    const lines = by("lines").value;
    const list = by("heard");
    list.replaceChildren();
    for (const each of upTo) {
      if (lines && each.line !== lines) continue;
      if (each.kind === "says") list.append(make("li", each.text));
      else if (each.kind === "plays") list.append(make("li", each.told, "sound"));
      else if (each.kind === "presses" || each.kind === "speaks") list.append(make("li", each.told, "mine"));
      else if (["ended", "hangs up", "records", "recorded", "queued", "bridged"].includes(each.kind)) list.append(make("li", `${each.line}: ${each.told}`, "sound"));
    }
    list.scrollTop = list.scrollHeight;
    by("state").textContent = now ? `${clock(now.at)} after the start` : "";
  };

  const go = (where, focus) => {
    if (!shown.length) return;
    at = Math.max(0, Math.min(shown.length - 1, where));
    const event = shown[at];
    by("position").value = at;
    by("position").setAttribute("aria-valuetext", `${clock(event.at)} ${event.told}`);
    by("clock").textContent = `${clock(event.at)}  ${at + 1} of ${shown.length}`;
    [...by("events").children].forEach((item, index) => {
      item.classList.toggle("later", index > at);
      item.firstChild.setAttribute("aria-current", index === at);
    });
    const current = by("events").children[at];
    current.scrollIntoView({ block: "nearest" });
    if (focus) current.firstChild.focus({ preventScroll: true });
    phone(all.slice(0, all.indexOf(event) + 1));
    by("what").textContent = `${event.line ? `${event.line}: ` : ""}${event.told}`;
    by("wire").replaceChildren();
    if (event.exchange) by("wire").append(...exchange(event.exchange));
    else if (Object.keys(event.data).length) by("wire").append(table(Object.entries(event.data).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]), ""));
    location.replace(`#${all.indexOf(event) + 1}`);
  };

  const stop = () => { clearTimeout(timer); timer = null; by("play").textContent = "Play"; };
  const play = () => {
    if (at >= shown.length - 1) { stop(); return; }
    const pause = Math.min(PLAY_MAX_MS, Math.max(150, (shown[at + 1].at - shown[at].at) * 1000));
    by("play").textContent = "Stop";
    timer = setTimeout(() => { go(at + 1); play(); }, pause);
  };
  const toggle = () => { if (timer) stop(); else { if (at >= shown.length - 1) go(0); play(); } };

  const list = () => {
    const line = by("lines").value, kind = by("kinds").value, before = shown[at];
    const wanted = { "": () => true, wire: (each) => WIRE.includes(each.kind), heard: (each) => HEARD.includes(each.kind) }[kind];
    shown = all.filter((each) => wanted(each) && (!line || !each.line || each.line === line));
    by("events").replaceChildren(...shown.map((each, index) => {
      const item = make("li", undefined, each.kind.replace(" ", "-")), button = make("button");
      button.type = "button";
      button.append(make("span", clock(each.at), "at"), make("span", each.line || "", "who"), make("span", each.told, "told"));
      button.addEventListener("click", () => { stop(); go(index); });
      item.append(button);
      return item;
    }));
    by("position").max = Math.max(0, shown.length - 1);
    go(Math.max(0, before ? shown.indexOf(before) : 0));
  };

  by("title").textContent = head.title;
  by("about").textContent = [head.about, head.start, head.outcome, masked ? "personal data masked" : ""].filter(Boolean).join(" · ");
  if (head.why) { by("why").textContent = head.why; by("why").hidden = false; }
  for (const each of [...new Set(all.map((one) => one.line).filter(Boolean))]) by("lines").append(make("option", each));
  [...by("lines").options].slice(1).forEach((each) => { each.value = each.textContent; });
  by("controls").hidden = document.querySelector("main").hidden = false;
  by("first").addEventListener("click", () => { stop(); go(0); });
  by("back").addEventListener("click", () => { stop(); go(at - 1); });
  by("next").addEventListener("click", () => { stop(); go(at + 1); });
  by("last").addEventListener("click", () => { stop(); go(shown.length - 1); });
  by("play").addEventListener("click", toggle);
  by("position").addEventListener("input", () => { stop(); go(Number(by("position").value)); });
  by("lines").addEventListener("change", list);
  by("kinds").addEventListener("change", list);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || /^(SELECT|SUMMARY)$/.test(event.target.tagName)) return;
    const slider = event.target.id === "position", button = event.target.tagName === "BUTTON";
    const moves = { ArrowRight: 1, j: 1, ArrowLeft: -1, k: -1 };
    if (event.key in moves && !(slider && event.key.startsWith("Arrow"))) { stop(); go(at + moves[event.key], event.target.closest("#events")); }
    else if (event.key === " " && !button) toggle();
    else if (event.key === "Home" && !slider) go(0, event.target.closest("#events"));
    else if (event.key === "End" && !slider) go(shown.length - 1, event.target.closest("#events"));
    else return;
    event.preventDefault();
  });
  list();
  const asked = Number(location.hash.slice(1));
  if (asked > 0 && asked <= all.length) go(shown.indexOf(all[asked - 1]));
})();
