// Which forms hold something that the server has not got yet.
const forms = new Set();

document.addEventListener("input", ({ target }) => {
  if (target.form?.method === "post") forms.add(target.form);
});
document.addEventListener("submit", ({ target }) => forms.delete(target));

export const sent = (form) => forms.delete(form);
export const unsent = () => [...forms].some((form) => form.isConnected) || Boolean(document.querySelector("[data-error-summary]"));
