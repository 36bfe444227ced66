// Shows what was chosen, lets one take a file back, and accepts files that are dropped. A photo that is too large to
// be taken is made smaller here.
const SIDE = 4000;
async function smaller(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.88));
  return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
}
export default function upload(box) {
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector(".upload-list");
  const drop = box.querySelector(".upload-drop");
  const largest = Number(input.dataset.largest || Infinity);
  let files = [...input.files];

  function size(bytes) {
    return bytes > 1e6 ? `${(bytes / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB` : `${Math.max(1, Math.round(bytes / 1000))} KB`;
  }
  function put() {
    const kept = new DataTransfer();
    for (const file of files) kept.items.add(file);
    input.files = kept.files;
  }
  function show() {
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    list.replaceChildren(...files.map((file, number) => {
      const row = document.createElement("li");
      let picture;
      if (file.type.startsWith("image/")) {
        picture = Object.assign(document.createElement("img"), { alt: "", src: URL.createObjectURL(file) });
      } else {
        picture = Object.assign(document.createElement("span"), { className: "kind", textContent: (file.name.split(".").pop() || "").slice(0, 4).toUpperCase() });
      }
      const words = document.createElement("p");
      words.append(file.name, Object.assign(document.createElement("small"), { textContent: ` ${size(file.size)}` }));
      if (file.size > largest) words.append(document.createElement("br"), Object.assign(document.createElement("span"), { className: "too-large", textContent: box.dataset.textLarge }));
      const remove = Object.assign(document.createElement("button"), { type: "button", textContent: "✕" });
      remove.setAttribute("aria-label", `${box.dataset.textRemove}: ${file.name}`);
      remove.addEventListener("click", () => { files.splice(number, 1); put(); show(); input.focus(); });
      row.append(picture, words, remove);
      return row;
    }));
  }
  function add(more) {
    files = input.multiple ? [...files, ...more] : more.slice(0, 1);
    put();
    show();
    for (const file of files) if (file.size > largest && file.type.startsWith("image/")) shrink(file);
  }
  async function shrink(file) {
    const made = await smaller(file).catch(() => null); // a picture that this browser cannot draw stays as it is
    if (!made || made.size > largest || !files.includes(file)) return;
    files[files.indexOf(file)] = made;
    put();
    show();
  }
  input.addEventListener("change", () => add([...input.files]));
  for (const name of ["dragover", "dragenter"]) drop.addEventListener(name, () => drop.classList.add("over"));
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  if (files.length) show();
}
