"""The design language keeps its own rules: components shown, colours from tokens, every pair readable."""

import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import override_settings

from portal.home import styles
from portal.home.web import pwa
from tests.home.colours import contrast, oklch, parse

ROOT = Path(settings.ROOT)
CSS = ROOT / "static" / "css"
COMPONENTS = {path.stem for path in (ROOT / "templates" / "cotton").glob("*.html")}
# Parts of another component, shown and styled with it.
PARTS = {"chip": "chips", "segment": "segmented", "timeline_item": "timeline"}
WITHOUT_STYLE = {"form"} | PARTS.keys()
FRAME = {"rail"}  # only console pages have it


def components_in(text: str) -> set[str]:
    return {name.replace("-", "_") for name in re.findall(r"<c-([a-z-]+)", text)} - {"vars", "slot"}


def shown() -> set[str]:
    """Names of the components that the style guide uses, directly or inside another or in the frame."""
    text = (ROOT / "portal/home/templates/home/ui.html").read_text("utf-8")
    text += (ROOT / "templates/base.html").read_text("utf-8")
    found: set[str] = set()
    while (
        new := {name.replace("-", "_") for name in re.findall(r"<c-([a-z-]+)", text)}
        - found
        - {"vars", "slot"}
    ):
        found |= new
        text = "".join((ROOT / f"templates/cotton/{name}.html").read_text("utf-8") for name in new)
    return found


def test_the_style_guide_shows_every_component():
    assert COMPONENTS - shown() == FRAME


@pytest.mark.django_db
@override_settings(PORTAL_DEMO=True)
@pytest.mark.parametrize(("language", "word"), [("zh-hans", "样式手册"), ("en", "Style guide")])
def test_the_style_guide_is_shown_in_both_languages(client, language, word):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert word in client.get("/_ui/").content.decode()


@pytest.mark.django_db
@override_settings(PORTAL_DEMO=False, DEBUG=False)
def test_the_style_guide_is_for_development_and_demo_only(client):
    assert client.get("/_ui/").status_code == 404


def test_every_style_sheet_belongs_to_a_component_and_the_other_way_round():
    styled = [path.stem for path in CSS.glob("**/components/*.css")]
    assert sorted(styled) == sorted(COMPONENTS - WITHOUT_STYLE)


def test_every_component_is_described():
    described = (ROOT / "docs/design.md").read_text("utf-8")
    names = {name.replace("_", "-") for name in COMPONENTS}
    assert [name for name in sorted(names) if f"<c-{name}" not in described] == []


def test_components_ask_no_address_and_write_no_style():
    for name in COMPONENTS:
        text = (ROOT / f"templates/cotton/{name}.html").read_text("utf-8")
        assert "{% url" not in text
        assert not re.search(r"\sstyle=|\son[a-z]+=|<script", text), name


def test_raw_colours_stand_in_the_tokens_alone():
    colour = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|oklab)a?\(", re.IGNORECASE)
    for path in [*CSS.glob("*.css"), *CSS.glob("**/components/*.css")]:
        if path.name != "tokens.css":
            assert colour.findall(path.read_text("utf-8")) == [], path.name


def test_every_token_that_is_used_exists():
    tokens = set(re.findall(r"(--[a-z0-9-]+):", "".join(p.read_text("utf-8") for p in CSS.rglob("*.css"))))
    for path in CSS.rglob("*.css"):
        assert set(re.findall(r"var\((--[a-z0-9-]+)", path.read_text("utf-8"))) <= tokens, path.name


def themes() -> dict[str, dict[str, str]]:
    """Token → value, for light and for dark."""
    text = (CSS / "tokens.css").read_text("utf-8")
    light = dict(re.findall(r"(--[a-z0-9-]+):\s*([^;]+);", text[: text.index("@media")]))
    manual = text[text.index(":root[data-theme=dark] {") :]
    dark = dict(re.findall(r"(--[a-z0-9-]+):\s*([^;]+);", manual[: manual.index("}")]))
    return {"light": light, "dark": light | dark}


def test_the_dark_theme_is_the_same_by_device_and_by_hand():
    text = (CSS / "tokens.css").read_text("utf-8")
    start = text.index(":root:not([data-theme=light]) {")
    by_device = re.findall(r"(--[a-z0-9-]+):\s*([^;]+);", text[start : text.index("}", start)])
    start = text.index(":root[data-theme=dark] {")
    assert re.findall(r"(--[a-z0-9-]+):\s*([^;]+);", text[start : text.index("}", start)]) == by_device


GROUNDS = ["bg", "canvas", "sunken", "raised"]
TEXTS = ["ink", "ink-2", "ink-3", "brand", "price", "star-text", "ok", "warn", "err", "info"]
PAIRS = [(text, ground) for text in TEXTS for ground in GROUNDS] + [
    ("on-brand", "brand"), ("on-brand", "brand-hover"), ("brand", "brand-soft"), ("price", "price-soft"),
    ("ok", "ok-soft"), ("warn", "warn-soft"), ("err", "err-soft"), ("info", "info-soft"), ("on-err", "err"),
    ("on-state", "ok"), ("on-state", "warn"), ("on-state", "err"), ("on-state", "info"), ("bg", "ink"),
    ("on-paper", "paper"), ("on-paper-2", "paper"),
]  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_is_readable(theme, text, ground):
    tokens = themes()[theme]
    assert contrast(parse(tokens[f"--{text}"]), parse(tokens[f"--{ground}"])) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("mark", ["ctl", "star", "focus"])
def test_marks_that_carry_meaning_are_seen(theme, mark):
    tokens = themes()[theme]
    for ground in GROUNDS:
        assert contrast(parse(tokens[f"--{mark}"]), parse(tokens[f"--{ground}"])) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_hue_is_readable(theme):
    tokens = themes()[theme]
    hues = re.findall(r'\[data-hue="\d+"\] \{ --hue: (\d+)', (CSS / "tokens.css").read_text("utf-8"))
    assert len(hues) == 12
    for hue in map(int, hues):
        assert contrast(oklch(tokens["--hue-ink"], hue), oklch(tokens["--hue-soft"], hue)) >= 4.5


def test_every_card_face_is_readable():
    faces = re.findall(
        r"\[data-face=\w+\] \{ --face: (#\w+); --face-2: (#\w+); --on-face: (#\w+);",
        (CSS / "tokens.css").read_text("utf-8"),
    )
    assert len(faces) == 12
    for face, second, text in faces:
        assert contrast(parse(text), parse(face)) >= 4.5
        assert contrast(parse(text), parse(second)) >= 4.5


@pytest.mark.parametrize("name", styles.NAMES)
def test_a_style_sheet_is_small(name):
    bundle = Path(finders.find(name)).read_bytes()
    assert len(brotli.compress(bundle)) <= 12 * 1024


def test_a_page_links_one_style_sheet():
    base = (ROOT / "templates" / "base.html").read_text("utf-8")
    linked = re.findall(r'rel="stylesheet" href="(.+)">', base)
    assert linked == ["{% block sheet %}{% static 'dist/app.css' %}{% endblock %}"]


def test_the_bundle_follows_its_sources(tmp_path):
    (tmp_path / "app.css").write_text('@layer base;\n@import url("one.css") layer(base);\n')
    (tmp_path / "one.css").write_text('a { color: red; } /* why */\nb::before { content: "a  b"; }')
    target = styles.fresh(tmp_path, tmp_path / "dist" / "app.css")
    assert target.read_text() == '@layer base;\n@layer base{a{color:red}b::before{content:"a  b"}}\n'
    (tmp_path / "one.css").write_text("a { color: blue; }")
    assert "blue" in styles.fresh(tmp_path, target).read_text()


def test_what_every_page_loads_stays_small():
    shared = b"".join(Path(finders.find(name)).read_bytes() for name in pwa.scripts())
    assert len(brotli.compress((ROOT / "static/icons/sprite.svg").read_bytes())) <= 6 * 1024
    htmx = Path(finders.find("django_htmx/htmx-2.min.js")).read_bytes()
    assert len(brotli.compress(shared)) + len(brotli.compress(htmx)) <= 20 * 1024


def test_what_a_page_loads_besides_stays_small():
    own = [path for path in (ROOT / "static" / "js").glob("*.js") if f"js/{path.name}" not in pwa.scripts()]
    assert {path.name for path in own if len(brotli.compress(path.read_bytes())) > 4 * 1024} == set()


def test_icons_named_in_templates_are_drawn():
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', (ROOT / "static/icons/sprite.svg").read_text("utf-8")))
    used = {
        (path.name, name)
        for path in ROOT.glob("**/templates/**/*.html")
        for name in re.findall(r'(?:<c-icon name|\bicon)="([a-z]+)"', path.read_text("utf-8"))
    }
    assert {(file, name) for file, name in used if name not in drawn} == set()
