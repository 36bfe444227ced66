// Saves a step of an application while it is written, and shows the conditions as they stand then.
export default function fill(form) {
  const soon = self.mbois.keeper(form, async () => {
    const answer = await fetch(form.action, {
      method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: true, headers: { "HX-Target": "syarat" },
    });
    if (answer.status === 409) return void document.querySelector("#syarat .saved")?.remove(); // sent elsewhere meanwhile
    const shown = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("body > #syarat");
    if (!shown) throw new Error(answer.status);
    document.getElementById("syarat").replaceWith(shown);
  });
  for (const kind of ["input", "change"]) form.addEventListener(kind, () => soon());
}
