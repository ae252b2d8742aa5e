// A code that is being shown keeps the screen awake.
const wake = async () => {
  if (document.visibilityState !== "visible" || !document.querySelector("[data-wake]")) return;
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    return; // battery saver says no: the code is readable all the same
  }
};
document.addEventListener("visibilitychange", wake);
wake();
