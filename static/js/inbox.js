// Opening a message marks it read; without this script "Mark all read" does.
const token = document.querySelector("#read-all [name=csrfmiddlewaretoken]")?.value;
document.querySelector("[data-inbox]")?.addEventListener("click", ({ target }) => {
  const row = target.closest("a")?.closest("li[data-new]");
  const message = row?.querySelector("[data-message]")?.dataset.message;
  if (!message || !token) return;
  row.removeAttribute("data-new");
  const body = new URLSearchParams({ csrfmiddlewaretoken: token });
  fetch(`/me/inbox/${message}/read/`, { method: "POST", body, keepalive: true });
});
