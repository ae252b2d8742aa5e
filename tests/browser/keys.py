"""What a person with a keyboard alone does."""

import re

from playwright.sync_api import Page

MOST_STEPS = 120
FOCUSED = """() => {
    const e = document.activeElement;
    return e.innerText || e.getAttribute("aria-label") || e.name || "";
}"""
OUTLINED = """() => {
    const e = document.activeElement;
    const looks = [getComputedStyle(e), getComputedStyle(e, "::after")];
    if (e.closest("label")) looks.push(getComputedStyle(e.closest("label")));
    return looks.some((one) => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) >= 2);
}"""


def press_access_key(page: Page, letter: str) -> None:
    """Alt and the letter as a keyboard sends them; Playwright's own press leaves the letter out."""
    wire = page.context.new_cdp_session(page)
    told = {"modifiers": 1, "key": letter, "code": f"Key{letter.upper()}", "unmodifiedText": letter}
    wire.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": letter, **told})
    wire.send("Input.dispatchKeyEvent", {"type": "keyUp", **told})
    wire.detach()


def tab_to(page: Page, wanted: str) -> None:
    """Tab onwards until the focus stands on it, which has to be seen."""
    seen = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        said = str(page.evaluate(FOCUSED)).strip()
        seen.append(said)
        if re.search(wanted, said):
            assert page.evaluate(OUTLINED), f"the focus on {said!r} can't be seen"
            return
    raise AssertionError(f"{wanted!r} can't be reached: {seen}")
