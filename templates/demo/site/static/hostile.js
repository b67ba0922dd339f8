// A page that wants what is not its: each attempt writes down whether it came through, for the tests and the curious.
(async () => {
  "use strict";
  const portal = new URL(document.querySelector("script[src*='/embed/v1/']").src).origin;
  const tried = {};
  const reach = async (name, path, options) => {
    try {
      const answer = await fetch(portal + path, options);
      tried[name] = answer.type === "opaque" ? "closed" : `read ${answer.status} ${(await answer.text()).length}`;
    } catch {
      tried[name] = "refused";
    }
  };
  await reach("inbox with cookies", "/et/inbox", { credentials: "include" });
  await reach("me with cookies", "/et/me", { credentials: "include" });
  await reach("inbox without asking", "/et/inbox", { credentials: "include", mode: "no-cors" });
  await reach("data with cookies", "/embed/v1/data/rakvere-linn.json?lang=et", { credentials: "include" });
  await reach("open data", "/embed/v1/data/rakvere-linn.json?lang=et", {});
  const frame = document.querySelector("main iframe");
  // Until something has come, a frame holds an empty page of our own, which proves nothing.
  for (let n = 0; n < 250 && frame.contentDocument?.URL === "about:blank"; n++) {
    await new Promise((done) => setTimeout(done, 20));
  }
  try {
    tried["inside of the frame"] = frame.contentDocument ? "read" : "closed";
  } catch {
    tried["inside of the frame"] = "refused";
  }
  const heard = [];
  addEventListener("message", (event) => heard.push(JSON.stringify(event.data)));
  for (const told of [
    { message: "link", secret: "abc123", value: "http://evil.localhost/" },
    { message: "ready", secret: "abc123" },
    { message: "height", value: 1e9 },
    { type: "navigate", url: "javascript:alert(1)" },
    "link http://evil.localhost/",
  ]) frame.contentWindow.postMessage(told, "*");
  postMessage({ message: "height", value: 1999 }, "*"); // no frame of the portal said this
  await new Promise((done) => setTimeout(done, 300));
  tried["height after a lie"] = frame.height;
  tried["heard"] = heard.filter((each) => !each.includes("height") && !each.includes("navigate") && !each.startsWith('"link')).join(" ");
  tried["cookies"] = document.cookie;
  document.getElementById("tried").textContent = JSON.stringify(tried);
})();
