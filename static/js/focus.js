// An error summary or a counter verdict takes the focus as soon as it is there.
const take = (root) => root.querySelector("[data-focus]")?.focus();
take(document);
addEventListener("htmx:afterSettle", ({ detail: { elt } }) => take(elt.isConnected ? elt.parentNode : document));
