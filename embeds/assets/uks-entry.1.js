// <uks-entry municipality="tartu-linn" services="toimetulekutoetus" lang="et"><a href="…">…</a></uks-entry>
// The way from a municipality's page into Uks. No cookies, no storage, nothing of the person; one request for its data.
// Whatever goes wrong, the link inside the element stays as it is.
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || !window.customElements || customElements.get("uks-entry")) return;
  if (!("adoptedStyleSheets" in document) || !CSSStyleSheet.prototype.replaceSync) return;
  const home = new URL(script.src).origin;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
:host { all: initial; display: block; container-type: inline-size; direction: ltr; text-align: start; }
:host([hidden]) { display: none; }
* { box-sizing: border-box; margin: 0; padding: 0; }
section { all: initial; box-sizing: border-box; display: block; direction: ltr; max-width: 736px; padding: 24px; border: 1px solid var(--uks-entry-line, #e1e2e5); border-radius: var(--uks-entry-radius, 16px);
  background: var(--uks-entry-ground, #fff); color: var(--uks-entry-text, #151926);
  font: 400 18px/28px var(--uks-entry-font, Roboto, system-ui, sans-serif); overflow-wrap: break-word; }
h2 { font-size: 24px; line-height: 1.3; }
p { margin-top: 8px; }
ul { list-style: none; margin-top: 12px; }
li { border-bottom: 1px solid var(--uks-entry-line, #e1e2e5); }
a { color: var(--uks-entry-action, #005aa3); text-underline-offset: 4px; }
a:hover { text-decoration-thickness: 2px; }
a:focus-visible { outline: 3px solid var(--uks-entry-action, #005aa3); outline-offset: 3px; border-radius: 4px; }
li a { display: flex; justify-content: space-between; gap: 16px; padding: 14px 4px; font-weight: 700; text-decoration: none; }
li a::after { content: "\\203A" / ""; }
li a:hover { text-decoration: underline; }
.button { display: flex; justify-content: center; align-items: center; min-height: 56px; margin-top: 16px; padding: 8px 32px;
  border: 2px solid transparent; border-radius: 28px; background: var(--uks-entry-action, #005aa3); color: var(--uks-entry-on-action, #fff);
  font-weight: 700; text-align: center; text-decoration: none; }
.button:hover { text-decoration: underline; }
.button:focus-visible { border-radius: 28px; }
.links { display: flex; flex-wrap: wrap; gap: 0 28px; margin-top: 12px; }
.links a, .numbers a { display: inline-flex; align-items: center; min-height: 44px; }
.numbers { display: flex; flex-wrap: wrap; gap: 0 24px; }
.numbers a { color: #ac3232; font-weight: 700; margin-inline-end: 8px; }
.brand { display: flex; align-items: center; gap: 10px; margin-top: 12px; padding-top: 14px; border-top: 1px solid var(--uks-entry-line, #e1e2e5);
  color: var(--uks-entry-quiet, #4b4e62); font-size: 16px; }
li:last-child { border: 0; }
svg { flex: none; width: 26px; height: 26px; }
.bare { padding: 0; border: 0; background: none; }
.bare .button { display: inline-flex; gap: 12px; margin: 4px 8px 4px 0; }
@container (max-width: 300px) { section { padding: 16px; } .button { padding-inline: 16px; } }
@media (forced-colors: active) { .button { border-color: ButtonText; } }`);

  const make = (name, text, className) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  // Only our own addresses become links, whatever the data says.
  const link = (said, className) => {
    const made = make("a", said.text, className);
    const url = new URL(said.url);
    if (url.origin !== home) throw new Error("elsewhere");
    if (/^https?:$/.test(location.protocol)) {
      const whole = location.origin + location.pathname + location.search;
      url.searchParams.set("back", whole.length > 480 ? location.origin + "/" : whole);
    }
    made.href = url.href;
    made.target = "_top";
    if (said.label) made.setAttribute("aria-label", said.label);
    return made;
  };

  const mark = () => {
    const picture = (name, values) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const key in values) made.setAttribute(key, values[key]);
      return made;
    };
    const svg = picture("svg", { viewBox: "0 0 40 40", "aria-hidden": "true" });
    svg.append(
      picture("rect", { width: 40, height: 40, rx: 10, fill: "#005aa3" }),
      picture("path", { fill: "#fff", d: "M11.5 8h17.5v21h3a1 1 0 0 1 0 2h-5V10.4H18l5 1.6v22.6L13.5 31H8a1 1 0 0 1 0-2h3.5z" }),
      picture("circle", { cx: 19.5, cy: 22.5, r: 1.4, fill: "#005aa3" }));
    return svg;
  };

  const buttons = (data) => {
    const all = make("section", "", "bare");
    for (const said of data.button ? [data.button] : data.list) {
      const made = link({ ...said, text: "", label: "" }, "button");
      made.append(mark(), make("span", said.label || said.text));
      all.append(made);
    }
    return all;
  };

  const card = (data) => {
    const all = make("section");
    const heading = make("h2", data.title);
    heading.id = "title";
    all.setAttribute("aria-labelledby", "title");
    all.append(heading);
    if (data.text) all.append(make("p", data.text));
    if (data.button) all.append(link(data.button, "button"));
    if (data.list.length) {
      const list = make("ul");
      list.setAttribute("role", "list");
      for (const said of data.list) {
        const line = make("li");
        line.append(link(said));
        list.append(line);
      }
      all.append(list);
    }
    if (data.links.length) {
      const links = make("p", "", "links");
      links.append(...data.links.map((said) => link(said)));
      all.append(links);
    }
    if (data.numbers.length) {
      const numbers = make("p", "", "numbers");
      for (const said of data.numbers) {
        const number = make("a", said.shown);
        number.href = "tel:" + said.number;
        const whole = make("span", "");
        whole.append(number, said.text);
        numbers.append(whole);
      }
      all.append(numbers);
    }
    const brand = make("p", "", "brand");
    brand.append(mark(), make("span", data.brand));
    all.append(brand);
    return all;
  };

  const asked = new Map();
  const ask = (url) => {
    if (!asked.has(url)) {
      const stop = new AbortController();
      const late = setTimeout(() => stop.abort(), 8000);
      asked.set(url, fetch(url, { credentials: "omit", mode: "cors", signal: stop.signal })
        .then((answer) => answer.ok ? answer.json() : Promise.reject(answer.status))
        .finally(() => clearTimeout(late)));
    }
    return asked.get(url);
  };

  class Entry extends HTMLElement {
    static observedAttributes = ["municipality", "services", "kind", "lang", "look"];

    connectedCallback() {
      this.show();
    }

    attributeChangedCallback() {
      if (this.isConnected) this.show();
    }

    async show() {
      const said = (name) => (this.getAttribute(name) || "").trim();
      const query = new URLSearchParams();
      const services = said("services").split(/[\s,]+/).filter(Boolean).join(",");
      if (services && said("kind") !== "matter") query.set("services", services);
      if (said("kind")) query.set("kind", said("kind"));
      query.set("lang", said("lang") || "et");
      const url = `${home}/embed/v1/data/${encodeURIComponent(said("municipality"))}.json?${query}`;
      this.wanted = url + said("look");
      try {
        const data = await ask(url);
        if (this.wanted !== url + said("look") || data.version !== 1) return;
        const made = said("look") === "button" ? buttons(data) : card(data);
        made.lang = data.lang;
        const root = this.shadowRoot || this.attachShadow({ mode: "open" });
        root.adoptedStyleSheets = [sheet];
        root.replaceChildren(made);
      } catch {
        // The link inside stays.
      }
    }
  }
  customElements.define("uks-entry", Entry);

  // Frames of ours on the same page tell how high they are; only the frame that speaks is changed.
  addEventListener("message", (event) => {
    const told = event.data;
    if (!told || told.message !== "height" || !(told.value > 0)) return;
    for (const frame of document.querySelectorAll("iframe")) {
      // A frame may grow to its content and never shrinks: the page around must not jump.
      const ours = frame.contentWindow === event.source && frame.src.startsWith(home + "/embed/");
      if (ours && told.value > frame.offsetHeight) frame.height = Math.min(Math.ceil(told.value), 2000);
    }
  });
})();
