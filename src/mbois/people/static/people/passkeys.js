// Opens passkey buttons once all scripts that answer them are there, offers a passkey where the device knows
// passkeys, and says when one did not work.
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-awaits-passkeys]")) button.disabled = false;
  for (const button of document.querySelectorAll("[data-needs-passkeys]")) button.hidden = !window.PublicKeyCredential;
});
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const said = document.getElementById("passkey-error");
  if (said) said.hidden = false;
});
