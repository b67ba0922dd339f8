/** Close the phone's menu with Escape, or by pressing beside it. */
export function menu(root) {
  const details = root.querySelector("details[data-menu]");
  if (!details) return;
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    details.querySelector("summary").focus();
  });
  root.addEventListener("click", (event) => {
    if (!details.contains(event.target)) details.open = false;
  });
}
