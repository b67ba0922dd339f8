// A passkey: the server asks and judges; in between the browser asks the person. All words are in the page.
// A file of its own, since two pages need it.
document.querySelectorAll("[data-passkey]").forEach((place) => {
  const form = place.querySelector("form");
  place.querySelector("[data-scriptless]").hidden = true;
  if (!window.PublicKeyCredential) return (place.querySelector("[data-unable]").hidden = false);
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act(place, form);
  });
});

async function act(place, form) {
  const troubles = [...place.querySelectorAll("[data-trouble]")];
  const button = form.querySelector("button");
  troubles.forEach((each) => (each.hidden = true));
  button.disabled = true;
  try {
    form.elements.credential.value = await answer(place.dataset.passkey, form);
    // Without an answer too: the page that comes says what is wrong.
    form.submit();
  } catch ({ name }) {
    const { trouble } = troubles.find((each) => each.dataset.trouble === name)?.dataset ?? { trouble: "" };
    troubles.forEach((each) => (each.hidden = each.dataset.trouble !== trouble));
    button.disabled = false;
  }
}

async function answer(address, form) {
  const fields = new URLSearchParams({ csrf_token: form.elements.csrf_token?.value ?? "" });
  const asked = await fetch(address, { method: "POST", body: fields, headers: { Accept: "application/json" } });
  if (!asked.ok) return "";
  const publicKey = await asked.json();
  publicKey.challenge = bytes(publicKey.challenge);
  for (const each of publicKey.excludeCredentials ?? []) each.id = bytes(each.id);
  if (!publicKey.user) return told(await navigator.credentials.get({ publicKey }));
  publicKey.user.id = bytes(publicKey.user.id);
  return told(await navigator.credentials.create({ publicKey }));
}

function told({ id, rawId, type, response }) {
  const parts = { transports: response.getTransports?.() };
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = text(response[name]);
  }
  return JSON.stringify({ id, rawId: text(rawId), type, response: parts });
}

// Base64url, as WebAuthn writes bytes in JSON; browsers that can do it themselves are too new.
const bytes = (code) => Uint8Array.from(atob(code.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
