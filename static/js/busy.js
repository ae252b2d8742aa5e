// A form says what it is doing while it is sent. Nothing is disabled: a request's key makes a second press harmless.
const wait = (form, busy, button) => {
  for (const one of button ? [button] : form.querySelectorAll("button[type=submit]")) {
    if (busy) one.setAttribute("aria-busy", "true");
    else one.removeAttribute("aria-busy");
  }
};
addEventListener("submit", (event) => {
  if (!event.defaultPrevented && !event.target.target) wait(event.target, true, event.submitter);
});
addEventListener("htmx:beforeRequest", ({ detail: { elt, requestConfig } }) => {
  if (elt.tagName === "FORM") wait(elt, true, requestConfig.triggeringEvent?.submitter);
});
addEventListener("htmx:afterRequest", ({ detail: { elt } }) => elt.tagName === "FORM" && wait(elt, false));
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) for (const form of document.forms) wait(form, false);
});
