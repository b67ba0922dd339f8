// What a WordPress page does with a frame that it embedded (since 4.4; "ready" since 5.9): the frame proves itself by the
// secret in its address, tells its height, and asks to open a link; the page obeys only for the frame's own host.
(() => {
  "use strict";
  addEventListener("message", (event) => {
    const told = event.data;
    if (!told || !told.secret || /[^a-zA-Z0-9]/.test(told.secret)) return;
    for (const quotation of document.querySelectorAll(`blockquote[data-secret="${told.secret}"]`)) quotation.hidden = true;
    for (const frame of document.querySelectorAll(`iframe[data-secret="${told.secret}"]`)) {
      if (event.source !== frame.contentWindow) continue;
      frame.removeAttribute("style");
      if (told.message === "height") frame.height = Math.max(200, Math.min(1000, parseInt(told.value, 10) || 0));
      if (told.message === "link") {
        const to = new URL(told.value), from = new URL(frame.src);
        const web = to.protocol === "https:" || to.protocol === "http:";
        if (web && to.host === from.host && document.activeElement === frame) top.location.href = told.value;
      }
    }
  });
  addEventListener("load", () => {
    for (const frame of document.querySelectorAll("iframe[data-secret]")) {
      frame.contentWindow.postMessage({ message: "ready", secret: frame.dataset.secret }, "*");
    }
  });
})();
