// The page "what is on this phone": every record of this person, with what became of it.
export default async function records(box) {
  const outbox = await self.mbois.outbox();
  const list = box.querySelector("[data-list]");
  const empty = box.querySelector("[data-empty]");
  const form = box.querySelector("template");
  const texts = box.dataset;
  // a page without a name on it (no line): the worker remembers who is signed in
  const person = document.documentElement.dataset.person
    || await caches.match("/person", { cacheName: "state" }).then((kept) => kept?.text()).catch(() => "");
  if (!outbox || !person) return;
  async function show() {
    const found = (await outbox.list(person)).filter(({ state, fields }) => state !== "typing" || fields.length);
    found.sort((a, b) => b.changed_at - a.changed_at);
    if (empty) empty.hidden = found.length > 0;
    list.replaceChildren(...found.map((record) => {
      const item = form.content.firstElementChild.cloneNode(true);
      const link = item.querySelector("a");
      link.textContent = record.title;
      link.href = record.page || record.url;
      item.querySelector("[data-note]").textContent = record.note || "";
      const badge = item.querySelector(".badge");
      badge.textContent = texts[`state${record.state[0].toUpperCase()}${record.state.slice(1)}`];
      badge.classList.add({ sent: "ok", refused: "bad", typing: "plain" }[record.state] || "wait");
      item.querySelector("[data-when]").textContent = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short", timeZone: "Asia/Jakarta" }).format(new Date(record.sent_at || record.made_at));
      item.querySelector("[data-error]").textContent = record.error?.code === "signed_out" ? texts.signedOut : record.error?.message || "";
      const away = item.querySelector("[data-discard]");
      away.hidden = !["typing", "refused"].includes(record.state);
      away.addEventListener("click", async () => {
        if (away.dataset.sure === undefined) { away.dataset.sure = ""; away.textContent = texts.discardSure; return; }
        await outbox.remove(record.client_id);
      });
      return item;
    }));
  }
  outbox.listen(() => show().catch(() => {}));
  await show();
  outbox.sendAll({ person, now: true }).catch(() => {});
}
