// Everything here only adds: each page works without it. Words come from data-* attributes, never from here.
import { autosave } from "./autosave.js";
import { menu } from "./menu.js";
import { session } from "./session.js";
import { upload } from "./upload.js";

/** Enhance a part of the page; done again for what an upload brings back. */
function enhance(root) {
  autosave(root, enhance);
  upload(root, enhance);
  root.querySelector("[data-error-summary]")?.focus();
  // A form that only passes the person on to another site (the log-out of GovSSO).
  root.querySelector("form[data-autosubmit]")?.requestSubmit();
}

enhance(document);
menu(document);
session(document.body);
