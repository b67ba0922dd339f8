// The session: renewed in the background while somebody uses the page, asked about two minutes before it ends.
// One tab renews (a lock) and tells the others (a channel); the server's clock counts, not the device's.
import { unsent } from "./typed.js";

const WARNED = 120_000;
const TICK = 5000;
const RETRY = 10_000;
const LAST_CALL = 60_000;

export function session(body) {
  const { sessionEnds, renewFrom, renewUrl, now } = body.dataset;
  if (!sessionEnds) return;
  const ahead = Date.now() - Date.parse(now);
  const clock = () => Date.now() - ahead;
  const dialog = document.querySelector("[data-session-dialog]");
  const token = document.querySelector("[data-renew-form] [name=csrf_token]")?.value ?? "";
  const channel = new BroadcastChannel("uks-session");
  let ends = Date.parse(sessionEnds);
  // NaN for a sign-in by passkey, which nobody renews: it is asked about at its end only, and goes on with each use.
  let from = Date.parse(renewFrom);
  let used = false;
  let quietUntil = 0;
  let failing = false;
  let over = false;

  const part = (name) => dialog.querySelector(`[data-${name}]`);
  const learn = (times) => {
    ends = Date.parse(times.endsAt);
    from = Date.parse(times.renewFrom);
    used = false;
    show(new Date(ends));
    if (dialog.open && ends - clock() > WARNED) dialog.close();
  };
  const end = () => {
    if (over) return;
    over = true;
    // A GET of the same page says that the session is over; typed words would be lost by it, so they stay.
    if (!unsent()) return location.replace(location.pathname + location.search);
    part("asked").hidden = true;
    part("over").hidden = false;
    if (!dialog.open) dialog.showModal();
  };
  const ask = async (person) => {
    quietUntil = clock() + RETRY;
    const fields = new URLSearchParams({ csrf_token: token });
    if (used || person) fields.set("active", "1");
    const answer = await fetch(renewUrl, { method: "POST", body: fields, headers: { Accept: "application/json" } }).catch(() => null);
    failing = !answer || answer.status >= 500;
    if (person || answer?.ok) part("renew-failed").hidden = Boolean(answer?.ok);
    if (answer?.status === 401) return end();
    if (!answer?.ok) return;
    const times = await answer.json();
    learn(times);
    channel.postMessage(times);
  };
  const renew = (person) =>
    navigator.locks ? navigator.locks.request("uks-renew", { ifAvailable: !person }, (lock) => lock && ask(person)) : ask(person);
  const tick = () => {
    const left = ends - clock();
    if (over) return;
    if (left <= 0) return end();
    const wanted = used || (left > WARNED && !document.hidden);
    // A broken network is tried again until the end; who is typing is told of it only in the last minute.
    const trying = (clock() >= from || left <= WARNED) && wanted && (failing || !dialog.open);
    if (trying && clock() >= quietUntil) renew(false);
    if (left <= WARNED && !dialog.open && (!trying || (failing && left <= LAST_CALL))) warn();
  };
  const warn = () => {
    document.querySelectorAll("form[data-autosave]").forEach((form) => form.dispatchEvent(new Event("save-now")));
    dialog.showModal();
  };

  for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, () => (used = true), { passive: true });
  channel.addEventListener("message", ({ data }) => (data === "left" ? setTimeout(end, 1500) : learn(data)));
  document.addEventListener("submit", ({ target }) => target.getAttribute("action") === "/auth/logout" && channel.postMessage("left"));
  document.addEventListener("visibilitychange", tick);
  for (const form of document.querySelectorAll("[data-renew-form]")) {
    // A page that holds unsent words is not loaded anew.
    form.addEventListener("submit", (event) => unsent() && (event.preventDefault(), renew(true)));
  }
  part("renew").addEventListener("click", () => renew(true));
  part("close").addEventListener("click", () => dialog.close());
  setInterval(tick, TICK);
  tick();
}

function show(moment) {
  const parts = new Intl.DateTimeFormat("et", { hour: "numeric", minute: "2-digit", timeZone: "Europe/Tallinn" }).formatToParts(moment);
  const digits = (type) => parts.find((part) => part.type === type).value;
  for (const place of document.querySelectorAll("[data-session-clock]")) {
    const mark = place.textContent.includes(":") ? ":" : ".";
    place.textContent = `${Number(digits("hour"))}${mark}${digits("minute")}`;
  }
}
