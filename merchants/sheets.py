"""Sheets for a shop's door and counter as PDF: the page that the browser prints, with its font inside."""

from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from merchants.shelf import digest_of, kept

PAPER = "@page { size: A5; margin: 0 }"
MADE_AS = 1  # counts up when a sheet's look changes


class NothingFromOutside(Exception):
    """A sheet holds everything itself: it never asks a network or a disk for more."""


def _refuse(url: str, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
    raise NothingFromOutside(url)


def pdf_of(template: str, context: dict[str, Any]) -> bytes:
    """Made once for what it says; Chinese text stays text that can be selected and searched."""
    html = render_to_string(template, context)
    return kept(f"sheets/{digest_of([MADE_AS, html])}.pdf", lambda: made_of(html, "css/sheet.css", PAPER))


def made_of(html: str, look: str, paper: str = "") -> bytes:
    """A page as PDF: ``look`` is its style sheet, ``paper`` what is said of the paper beside."""
    fonts = FontConfiguration()
    sheets = [CSS(filename=finders.find(look), font_config=fonts), CSS(string=paper, font_config=fonts)]
    made = HTML(string=html, url_fetcher=_refuse).write_pdf(stylesheets=sheets, font_config=fonts)
    return bytes(made or b"")
