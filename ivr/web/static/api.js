// The way to the server: one session, its word against forgery, and what to do when the session is over.
const body = document.body;
export const words = JSON.parse(body.dataset.words);
const policy = window.trustedTypes?.createPolicy("desk", { createHTML: (html) => html }) ?? { createHTML: (html) => html };

let csrf = body.dataset.csrf;
let aheadMs = Date.parse(body.dataset.now) - Date.now();
let active = true;
for (const what of ["pointerdown", "keydown"]) addEventListener(what, () => { active = true; }, { passive: true });

/** Now, by the server's clock, in milliseconds. */
export const now = () => Date.now() + aheadMs;

/** Say that the session is over; what was typed stays where it is. */
function sessionOver(over) { document.getElementById("again").hidden = !over; }

/** Show one sentence about something that did not work, or take it away. */
export function fault(sentence) {
  const place = document.getElementById("fault");
  place.textContent = sentence ?? "";
  place.hidden = !sentence;
}

/** Fetch the parts of the page as they are now; null when there is no session any more. */
export async function parts(contact) {
  const headers = active ? { "X-Active": "1" } : {};
  active = false;
  const address = body.dataset.parts + (contact ? `?contact=${encodeURIComponent(contact)}` : "");
  const answer = await fetch(address, { headers, cache: "no-store", redirect: "error" });
  sessionOver(answer.status === 401);
  if (!answer.ok) return null;
  csrf = answer.headers.get("X-CSRF-Token");
  aheadMs = Date.parse(answer.headers.get("X-Now")) - Date.now();
  return new DOMParser().parseFromString(policy.createHTML(await answer.text()), "text/html");
}

/** Ask for a change. Returns { status, data }; status 0: the server could not be reached. */
export async function post(path, data = {}, keepalive = false, again = true) {
  let answer;
  try {
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf };
    answer = await fetch(`${body.dataset.api}/${path}`, { method: "POST", headers, body: JSON.stringify(data), keepalive });
  } catch { return { status: 0, data: {} }; }
  if (answer.status === 403 && again && await parts()) return post(path, data, keepalive, false);
  sessionOver(answer.status === 401);
  return { status: answer.status, data: await answer.json().catch(() => ({})) };
}
