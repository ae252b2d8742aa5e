"""Sheets for a shop's door and counter as PDF: the page that the browser prints, with its font inside."""

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string

from merchants.shelf import digest_of, kept

PAPER = "@page { size: A5; margin: 0 }"
MADE_AS = 1  # counts up when a sheet's look changes


def pdf_of(template: str, context: dict[str, Any]) -> bytes:
    """Made once for what it says; Chinese text stays text that can be selected and searched."""
    html = render_to_string(template, context)
    return kept(f"sheets/{digest_of([MADE_AS, html])}.pdf", lambda: made_of(html, "css/sheet.css", PAPER))


def made_of(html: str, look: str, paper: str = "", *, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """A page as PDF: ``look`` is its style sheet, ``paper`` what is said of the paper beside."""
    from merchants.pdf import pdf_from  # noqa: PLC0415 - half a second that most processes never need

    return pdf_from(html, look, paper, pictures or {})
