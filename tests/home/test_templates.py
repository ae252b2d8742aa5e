"""What a template can't say itself: an attribute of a component whose filter nobody loaded stays as typed."""

import re

from django.conf import settings
from django.template import engines

ENGINE = engines["django"].engine
OURS = {
    name: set(ENGINE.template_libraries[name].filters)
    for name, module in ENGINE.libraries.items()
    if module not in ENGINE.builtins and not module.startswith("django")
}
TEMPLATES = [
    path
    for path in settings.ROOT.glob("*/**/*.html")
    if "templates" in path.parts and "var" not in path.parts
]


def not_loaded(template: str) -> set[str]:
    """Filters of our own libraries that it uses without loading the library."""
    said = " ".join(re.findall(r"{[{%].*?[%}]}", template, re.DOTALL))
    loaded = set(" ".join(re.findall(r"{% load ([\w ]+?) %}", template)).split())
    used = set(re.findall(r"\|(\w+)", said))
    return {one for name, filters in OURS.items() if name not in loaded for one in used & filters}


def test_every_template_loads_the_filters_it_uses() -> None:
    faults = {str(path): faults for path in TEMPLATES if (faults := not_loaded(path.read_text("utf-8")))}
    assert faults == {}
    assert len(TEMPLATES) > 100


def test_a_filter_that_nobody_loaded_is_seen() -> None:
    assert not_loaded('<c-row title="{{ card.number|grouped }}" />') == {"grouped"}
    assert not_loaded('{% load i18n ui %}<c-row title="{{ card.number|grouped }}" />') == set()
