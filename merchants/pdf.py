"""HTML as PDF. WeasyPrint takes half a second to begin: nobody imports this before a page is to be made."""

from collections.abc import Mapping
from typing import Any

from django.contrib.staticfiles import finders
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse


class NothingFromOutside(Exception):
    """A sheet holds everything itself: it never asks a network or a disk for more."""


class OnlyThese(URLFetcher):
    """The pictures of a sheet by their addresses, and nothing else."""

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        super().__init__(fail_on_errors=True)
        self.pictures = pictures

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url in self.pictures:
            return URLFetcherResponse(url, self.pictures[url], {"Content-Type": "image/webp"})
        raise NothingFromOutside(url)


def pdf_from(html: str, look: str, paper: str, pictures: Mapping[str, bytes]) -> bytes:
    fonts = FontConfiguration()
    sheets = [CSS(filename=finders.find(look), font_config=fonts), CSS(string=paper, font_config=fonts)]
    made = HTML(string=html, url_fetcher=OnlyThese(pictures)).write_pdf(stylesheets=sheets, font_config=fonts)
    return bytes(made or b"")
