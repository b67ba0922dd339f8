// A draft saves itself a moment after the last key; the form's own revision goes along, so that a second tab is noticed.
import { sent } from "./typed.js";

const PAUSE = 2000;
const AGAIN = 10000;

export function autosave(root) {
  root.querySelectorAll("form[data-autosave]").forEach(watch);
}

function watch(form) {
  const status = form.querySelector("[data-saved]");
  let timer = 0;
  let running = null;
  let stopped = false;

  const later = (pause) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(save, pause);
  };
  const save = () => {
    clearTimeout(timer);
    running ??= send(form).then(heard, () => failed()).finally(() => (running = null));
    return running;
  };
  const say = (words, trouble) => {
    const place = status?.querySelector("[data-words]");
    if (!place) return;
    place.textContent = words;
    status.classList.toggle("saved--trouble", trouble);
  };
  const failed = () => {
    say(status?.dataset.failed ?? "", true);
    later(AGAIN);
  };
  const heard = async (answer) => {
    // A redirect can only be the one to signing in.
    const over = answer.status === 401 || answer.type === "opaqueredirect";
    if (over || answer.status === 409) {
      stopped = true;
      return say(status?.dataset[over ? "ended" : "stale"] ?? "", true);
    }
    if (!answer.ok) return failed();
    const { savedAt, revision } = await answer.json();
    const held = form.elements.namedItem("revision");
    if (held) held.value = revision;
    sent(form);
    say((status?.dataset.saved ?? "").replace("{time}", savedAt), false);
  };

  form.addEventListener("input", ({ target }) => target.type !== "file" && later(PAUSE));
  form.addEventListener("save-now", () => timer && save());
  document.addEventListener("visibilitychange", () => document.hidden && timer && !running && save());
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!running) return;
    // The answer under way brings a new revision: sent without it, the form would look stale.
    event.preventDefault();
    event.stopImmediatePropagation();
    running.then(() => form.requestSubmit(event.submitter));
  });
}

function send(form) {
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return fetch(form.dataset.autosave, {
    method: "POST", body: new URLSearchParams(fields), headers: { "X-Requested-With": "fetch", Accept: "application/json" },
    keepalive: true, redirect: "manual",
  });
}
