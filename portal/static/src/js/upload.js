// The file input in the page's language, and a bar while the files are on their way.
export function upload(root, enhance) {
  root.querySelectorAll("[data-file]").forEach(dress);
  root.querySelectorAll("form[data-upload]").forEach((form) => watch(form, enhance));
}

function dress(frame) {
  const input = frame.querySelector("input");
  const names = element("span", "upload__names", frame.dataset.none);
  const press = element("span", "tedi-button tedi-button--secondary tedi-button--small", frame.dataset.choose);
  press.setAttribute("aria-hidden", "true");
  frame.classList.add("upload__input--own");
  frame.prepend(press, names);
  input.addEventListener("change", () => {
    names.textContent = [...input.files].map((file) => file.name).join(", ") || frame.dataset.none;
  });
}

function watch(form, enhance) {
  form.addEventListener("submit", (event) => {
    const chosen = [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
    if (event.defaultPrevented || !chosen) return;
    event.preventDefault();
    send(form, event.submitter, enhance);
  });
}

function send(form, submitter, enhance) {
  const status = form.querySelector("[data-progress]");
  const bar = element("progress", "", "");
  const fields = new FormData(form);
  if (submitter?.name) fields.append(submitter.name, submitter.value);
  if (submitter) submitter.disabled = true;
  bar.max = 1;
  status.hidden = false;
  status.replaceChildren(status.dataset.sending, bar);
  bar.setAttribute("aria-label", status.dataset.sending);
  const request = new XMLHttpRequest();
  request.open("POST", submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href);
  request.upload.addEventListener("progress", ({ loaded, total }) => (bar.value = loaded / total));
  const settle = () => submitter && (submitter.disabled = false);
  request.addEventListener("error", () => {
    settle();
    status.textContent = status.dataset.failed;
  });
  request.addEventListener("load", () => {
    settle();
    arrive(request, status, enhance);
  });
  request.send(fields);
}

function arrive({ status: code, responseURL, responseText }, status, enhance) {
  if (code < 400) return location.assign(responseURL);
  // What is wrong comes as the same page with words at the fields: it takes the place of this one.
  const page = new DOMParser().parseFromString(responseText, "text/html");
  const main = page.querySelector("main");
  if (!main) return (status.textContent = status.dataset.failed);
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  scrollTo(0, 0);
  enhance(main);
}

function element(tag, name, text) {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}
