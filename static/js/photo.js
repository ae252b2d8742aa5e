// Before a photo is sent: make it small enough, so that a 40-megapixel picture goes through on a street's network.
// The server checks and shrinks again whatever comes; without this file it only takes longer.
const LONGEST = 2048;
const FINE = 1.5 * 1024 * 1024;

async function smaller(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  if (scale === 1 && file.size <= FINE) return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  return blob ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
}

for (const form of document.querySelectorAll("form[data-photo]")) {
  const input = form.querySelector("input[type=file]");
  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file || !file.type.startsWith("image/") || file.type === "image/svg+xml") return;
    try {
      const ready = await smaller(file);
      if (ready === file) return;
      const chosen = new DataTransfer();
      chosen.items.add(ready);
      input.files = chosen.files;
      form.dataset.made = "smaller";
    } catch {
      // a picture that the browser can't read goes as it is: the server says what is wrong with it
    }
  });
}
