// Shows passkey buttons where the device knows passkeys, and says when one did not work.
for (const button of document.querySelectorAll("[data-needs-passkeys]")) {
  button.hidden = !window.PublicKeyCredential;
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const said = document.getElementById("passkey-error");
  if (said) said.hidden = false;
});
