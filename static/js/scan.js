// The camera reads QR codes and Code 128: the browser's own detector where there is one, else the portal's copy of
// a WebAssembly reader. Nothing leaves the device.
const FORMATS = ["qr_code", "code_128"];
const GONE = 2000; // a code counts as new once it was out of sight this long

const detector = async ({ decoder, wasm }) => {
  const own = globalThis.BarcodeDetector;
  if (own && (await own.getSupportedFormats()).includes("qr_code")) return new own({ formats: FORMATS });
  const { BarcodeDetector, prepareZXingModule } = await import(decoder);
  prepareZXingModule({ overrides: { locateFile: (name, prefix) => (name.endsWith(".wasm") ? wasm : prefix + name) } });
  return new BarcodeDetector({ formats: FORMATS });
};

export const open = (place, files, found) => {
  const video = place.querySelector("video"), words = place.querySelector("[role=status]");
  const torch = place.querySelector("[data-torch]");
  const say = (name) => (words.textContent = words.dataset[name]);
  const seen = new Map();
  let stream, closed = false, light = false;

  const watch = async (reader) => {
    const began = Date.now();
    let read = false;
    while (!closed) {
      if (video.readyState >= 2 && !document.hidden) {
        const codes = await reader.detect(video).catch(() => []);
        for (const { rawValue } of codes) {
          const before = seen.get(rawValue) ?? 0;
          seen.set(rawValue, Date.now());
          read = true;
          if (Date.now() - before > GONE) found(rawValue, { again: before > 0 });
        }
      }
      if (!read && Date.now() - began > 8000) say("slow");
      await new Promise((next) => setTimeout(next, 120));
    }
  };

  const begin = async () => {
    place.hidden = false;
    say("starting");
    try {
      const [reader, given] = await Promise.all([
        detector(files),
        navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } }),
      ]);
      stream = given;
      if (closed) return stop();
      video.srcObject = stream;
      await video.play();
      const track = stream.getVideoTracks()[0];
      torch.hidden = !track.getCapabilities?.().torch;
      torch.onclick = () => track.applyConstraints({ advanced: [{ torch: (light = !light) }] });
      say("ready");
      await watch(reader);
    } catch (fault) {
      console.warn(`camera: ${fault.name}`);
      say("denied");
    }
  };
  const stop = () => stream?.getTracks().forEach((track) => track.stop());

  begin();
  return {
    close() {
      closed = true;
      place.hidden = true;
      stop();
    },
  };
};
