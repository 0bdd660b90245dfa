/* Passkeys: the browser's answer goes into a form's hidden field "credential", and the form is sent.
 *
 * <form data-passkey="create" or "get" data-options="id of the element with what is asked for, as JSON" hidden>; without data-options
 * it is fetched from the form's address. A refusal shows the form's [data-failed]. [data-passkeys="none"] stands where there are no
 * passkeys, [data-passkeys="some"] where there are. */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

async function create(form, { creation_options: { publicKey } }) {
  const alone = form.elements.passwordless?.checked;
  const selection = { ...publicKey.authenticatorSelection };
  if (alone) Object.assign(selection, { residentKey: "required", requireResidentKey: true, userVerification: "required" });
  const made = await navigator.credentials.create({ publicKey: {
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    user: { ...publicKey.user, id: bytes(publicKey.user.id) },
    excludeCredentials: known(publicKey.excludeCredentials),
    authenticatorSelection: selection,
  } });
  return [made, { attestationObject: made.response.attestationObject }];
}

async function get(form, { request_options: { publicKey } }) {
  const given = await navigator.credentials.get({ publicKey: {
    ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: known(publicKey.allowCredentials),
  } });
  const { authenticatorData, signature, userHandle } = given.response;
  return [given, { authenticatorData, signature, ...(userHandle && { userHandle }) }];
}

async function asked(form) {
  if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

function packed(credential, parts) {
  const response = Object.fromEntries(Object.entries({ clientDataJSON: credential.response.clientDataJSON, ...parts }).map(
    ([name, part]) => [name, text(part)]));
  const { id, type } = credential;
  return JSON.stringify({ id, rawId: text(credential.rawId), type, response, clientExtensionResults: credential.getClientExtensionResults() });
}

const acts = { create, get };
const some = Boolean(window.PublicKeyCredential);
for (const part of document.querySelectorAll("[data-passkeys]")) part.hidden = part.dataset.passkeys === (some ? "none" : "some");
for (const form of some ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false;
  const failed = form.querySelector("[data-failed]");
  let given = false;
  form.addEventListener("submit", async (event) => {
    if (given) {
      given = false; // the page may come back from the history
      return;
    }
    event.preventDefault();
    try {
      failed.hidden = true;
      form.elements.credential.value = packed(...await acts[form.dataset.passkey](form, await asked(form)));
      given = true;
      form.requestSubmit();
    } catch {
      failed.hidden = false;
    }
  });
}
