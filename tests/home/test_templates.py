"""What templates hand to components and classes they name exist: a slip would show as nothing at all."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

ROOT = Path(settings.ROOT)
COTTON = ROOT / "templates" / "cotton"
TEMPLATES = sorted(
    path
    for path in ROOT.glob("**/templates/**/*.html")
    if not {"node_modules", "var", "admin", "mail", "poster"} & set(path.relative_to(ROOT).parts)
)
OURS = [path for path in TEMPLATES if not path.name.startswith(("mail", "poster"))]
TAG = re.compile(r"<c-([a-z-]+)((?:\s+[^\s/>\"'=<>]+(?:=(?:\"[^\"]*\"|'[^']*'))?)*)\s*/?>")
ATTRIBUTE = re.compile(r"([^\s/>\"'=]+)(?:=(\"[^\"]*\"|'[^']*'))?")
ENGINE = engines["django"].engine
FILTERS = {  # of our own libraries that a template has to load
    name: set(ENGINE.template_libraries[name].filters)
    for name, module in ENGINE.libraries.items()
    if module not in ENGINE.builtins and not module.startswith("django")
}
PLAIN = re.compile(r"-?\d+(?:\.\d+)?|True|False|None|[A-Za-z_][\w.]*|\[.*\]|\{.*\}|'[^']*'")


def without_tags(text: str) -> str:
    """Template tags and comments out of the way, so that their quotes and signs confuse nobody."""
    text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.DOTALL)
    return re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "§", text, flags=re.DOTALL)


def inputs_of(component: str) -> set[str] | None:
    """Names that the component declares; None where it hands everything else on to its element."""
    text = (COTTON / f"{component.replace('-', '_')}.html").read_text("utf-8")
    if "{{ attrs }}" in text:
        return None
    declared = re.search(r"<c-vars(.*?)/>", text, re.DOTALL)
    names = {name.lstrip(":") for name, _ in ATTRIBUTE.findall(declared[1])} if declared else set()
    return {name.replace("_", "-") for name in names}


def uses() -> list[tuple[str, str, str, str]]:
    found = []
    for path in OURS:
        for component, attributes in TAG.findall(without_tags(path.read_text("utf-8"))):
            if component not in ("vars", "slot"):
                where = str(path.relative_to(ROOT))
                found += [
                    (where, component, name, value[1:-1]) for name, value in ATTRIBUTE.findall(attributes)
                ]
    return found


def test_components_are_given_only_inputs_that_they_declare():
    known = {component: inputs_of(component) for _, component, _, _ in uses()}
    unknown = [
        f"{where}: <c-{component} {name}>"
        for where, component, name, _ in uses()
        if (declared := known[component]) is not None
        and name.lstrip(":").replace("_", "-") not in declared
        and "§" not in name
    ]
    assert unknown == []


def test_values_with_a_colon_are_plain_variables():
    """`:on="a == b"` or a filter is silently nothing: write `on="{% if a == b %}yes{% endif %}"`."""
    unread = [
        f'{where}: <c-{component} {name}="{value}">'
        for where, component, name, value in uses()
        if name.startswith(":") and not PLAIN.fullmatch(value)
    ]
    assert unread == []


def not_loaded(template: str) -> set[str]:
    """Filters that it uses without loading their library; in an attribute they would stay as typed."""
    said = " ".join(re.findall(r"{[{%].*?[%}]}", template, re.DOTALL))
    loaded = set(" ".join(re.findall(r"{% load ([\w ]+?) %}", template)).split())
    used = set(re.findall(r"\|(\w+)", said))
    return {one for name, filters in FILTERS.items() if name not in loaded for one in used & filters}


def test_every_template_loads_the_filters_it_uses():
    faults = {str(path): faults for path in TEMPLATES if (faults := not_loaded(path.read_text("utf-8")))}
    assert faults == {}


def test_a_filter_that_nobody_loaded_is_seen():
    assert not_loaded('<c-row title="{{ card.number|grouped }}" />') == {"grouped"}
    assert not_loaded('{% load i18n ui %}<c-row title="{{ card.number|grouped }}" />') == set()


def classes_in_styles() -> set[str]:
    ours = [*(ROOT / "static" / "css").rglob("*.css"), *ROOT.glob("*/static/*/*.css")]
    sheets = "".join(path.read_text("utf-8") for path in ours)
    scripts = "".join(path.read_text("utf-8") for path in (ROOT / "static" / "js").rglob("*.js"))
    hooks = re.findall(r"[.\"'` ]([a-z][a-z0-9-]*)", scripts)
    return set(re.findall(r"\.([a-z][\w-]*)", sheets)) | set(hooks)


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_class_has_a_style(path):
    text = without_tags(path.read_text("utf-8"))
    named = {
        name for names in re.findall(r'\bclass="([^"]*)"', text) for name in names.split() if "§" not in name
    }
    assert named - classes_in_styles() == set()


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_style_and_no_script_stands_in_a_page(path):
    text = without_tags(path.read_text("utf-8"))
    assert re.findall(r"\sstyle=|<style|\son(?:click|change|submit|load|input)=|javascript:", text) == []
    assert [
        tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag and "json" not in tag
    ] == []
