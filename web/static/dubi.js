// What a page does beyond links and forms: keys, the weekday beside a day, the list of keys. Everything works without it.
"use strict";

const WEEKDAYS = ["chủ nhật", "thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy"];

function typing(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function follow(key) {
  const link = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!link) return false;
  if (link.matches("a[href]") || link.matches("button")) link.click();
  else link.focus();
  return true;
}

function moveRow(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return false;
  const now = rows.indexOf(document.activeElement.closest("[data-row]"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, now < 0 ? 0 : now + step))];
  (next.querySelector("a") || next.querySelector("button, input") || next).focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function pickRow() {
  const box = document.activeElement.closest("[data-row]")?.querySelector("input.pick");
  box?.click();
  return Boolean(box);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  const dialog = document.getElementById("phim");
  let done = false;
  if (event.key === "?" && dialog) { dialog.showModal(); done = true; }
  else if (event.key === "/") { document.getElementById("tim")?.focus(); done = true; }
  else if (event.key === "j") done = moveRow(1);
  else if (event.key === "k") done = moveRow(-1);
  else if (event.key === "x") done = pickRow();
  else done = follow(event.key);
  if (done) event.preventDefault();
});

// The weekday is told by the server, which reads days as people write them: 5/6/98, 05062024, nay, hôm qua.
let asked = 0;
document.addEventListener("input", async (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || !field.classList.contains("day")) return;
  const place = document.getElementById(field.getAttribute("aria-describedby") || "");
  if (!place) return;
  const mine = ++asked;
  if (!field.value.trim()) { place.textContent = ""; return; }
  const answer = await fetch(`/ngay?viet=${encodeURIComponent(field.value)}`, { headers: { Accept: "application/json" } });
  const said = await answer.json();
  if (mine !== asked) return; // more was typed since, and may have been answered sooner
  place.textContent = said.day ? `${WEEKDAYS[said.weekday]}, ${said.text}` : said.error;
  field.setAttribute("aria-invalid", said.day ? "false" : "true");
});

// What is typed into a form that writes is kept as it is typed: a page that is left, or a power cut, loses nothing.
let keeping = null;
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-keep]");
  if (!form) return;
  clearTimeout(keeping);
  keeping = setTimeout(() => {
    const token = JSON.parse(document.body.getAttribute("hx-headers:inherited"));
    fetch(form.dataset.keep, { method: "POST", headers: token, body: new URLSearchParams(new FormData(form)) }).catch(() => {});
  }, 400);
});

// The desk ends when no page has been open for a while: an open one says once a minute that it is there, also when it is
// looked at again after a sleep. Where nobody answers, the page says so instead of lying dead. A page that holds a lock
// is not put to sleep by browsers that would.
async function stillHere() {
  const answer = await fetch("/con-mo").catch(() => null);
  document.getElementById("da-tat").hidden = answer !== null && answer.status !== 401;
}
setInterval(stillHere, 60_000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) stillHere(); });
document.addEventListener("htmx:error", stillHere);
navigator.locks?.request("dubi", { mode: "shared" }, () => new Promise(() => {}));

// A page left open shows what others or the command line wrote: the server says where the log stands, and an answer that
// is of another state is fetched anew. What somebody is typing is never taken away; then the page says that there is more.
let listening = null;
let fetching = false;

function beingTyped(main) {
  const chosen = [...main.querySelectorAll("option")].some((one) => one.selected !== one.defaultSelected && one.index);
  return chosen || [...main.querySelectorAll("input, textarea")].some((field) => field.type !== "hidden" &&
    (field.value !== field.defaultValue || field.checked !== field.defaultChecked ||
      (field === document.activeElement && field.value !== "")));
}

async function showAnew() {
  const main = document.querySelector("main");
  if (beingTyped(main)) { document.getElementById("co-moi").hidden = false; return; }
  fetching = true;
  const answer = await fetch(location.href, { headers: { Accept: "text/html", "X-Dubi-By-Itself": "1" } }).catch(() => null);
  const text = answer !== null && answer.ok ? await answer.text() : null;
  fetching = false;
  if (text === null || beingTyped(main)) return;
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const held = document.activeElement.closest("main") ? document.activeElement.getAttribute("href") : null;
  const opened = [...main.querySelectorAll("details[open] > summary")].map((one) => one.textContent);
  main.replaceChildren(...fresh.querySelector("main").childNodes);
  document.body.dataset.head = fresh.body.dataset.head;
  document.getElementById("co-moi").hidden = true;
  for (const one of main.querySelectorAll("details > summary")) one.parentElement.open ||= opened.includes(one.textContent);
  window.htmx?.process(main);
  if (held) main.querySelector(`a[href="${CSS.escape(held)}"]`)?.focus();
}

function listen() {
  if (document.hidden || !document.body.dataset.head) { listening?.close(); listening = null; return; }
  if (listening !== null && listening.readyState !== EventSource.CLOSED) return;
  listening = new EventSource("/song");
  listening.addEventListener("so", (event) => {
    if (event.data !== document.body.dataset.head && !fetching) showAnew();
  });
}
document.addEventListener("visibilitychange", listen);
setTimeout(listen, 1000);
