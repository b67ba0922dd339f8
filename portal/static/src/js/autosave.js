// A draft saves itself a moment after the last key; the form's own revision goes along, so that a second tab is noticed.
// Where an answer opens questions or changes a sum, the page shows them at once.
import { sent, unsent } from "./typed.js";

const PAUSE = 2000;
const CHOSEN = 200;
const AGAIN = 10000;

export function autosave(root, enhance) {
  root.querySelectorAll("form[data-autosave]").forEach((form) => watch(form, enhance));
}

function watch(form, enhance) {
  const status = form.querySelector("[data-saved]");
  let timer = 0;
  let running = null;
  let stopped = false;
  let leaving = false;

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
    const { savedAt, revision, reshaped } = await answer.json();
    const held = form.elements.namedItem("revision");
    if (held) held.value = revision;
    sent(form);
    say((status?.dataset.saved ?? "").replace("{time}", savedAt), false);
    // What is written beside an error stays until the button is pressed.
    if (reshaped && !document.querySelector("[data-error-summary]")) await reshape();
  };

  const reshape = async () => {
    const answer = await fetch(location.pathname, { redirect: "manual" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("form[data-autosave]");
    // Whoever has typed on or is leaving is not disturbed; the next save looks again.
    if (!fresh || leaving || unsent() || !form.isConnected) return;
    const { id, selectionStart } = document.activeElement;
    form.replaceWith(fresh);
    enhance(fresh.parentElement);
    const held = id && document.getElementById(id);
    if (!held) return;
    held.focus({ preventScroll: true });
    if (selectionStart != null) held.setSelectionRange(selectionStart, selectionStart);
  };

  form.addEventListener("input", ({ target }) => {
    if (target.type !== "file") later(target.matches("select, [type=radio], [type=checkbox]") ? CHOSEN : PAUSE);
  });
  form.addEventListener("save-now", () => timer && save());
  document.addEventListener("visibilitychange", () => document.hidden && timer && !running && save());
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    leaving = true;
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
