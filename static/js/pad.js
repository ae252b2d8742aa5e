// The number pad writes into its own input, as fingers on a keyboard would.
document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-pad] [data-key]")?.dataset.key;
  if (!key) return;
  const input = event.target.closest("[data-pad]").querySelector("input:not([type=hidden])");
  if (key === "back") input.value = input.value.slice(0, -1);
  else if (key !== "." || !input.value.includes(".")) input.value += key;
  input.dispatchEvent(new Event("input", { bubbles: true }));
});
