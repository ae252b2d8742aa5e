"""One style sheet for a page: the files named by a list in static/css, in the order of its layers.

`app.css` serves the public pages and `console.css` the merchants'; `designer.css` comes on top where
a card's face is made. A bundle is a static file that finds itself: whenever Django looks for
`dist/app.css` (in development at each request, in production once, by collectstatic) it is written
anew if a source has changed.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAMES = ("dist/app.css", "dist/console.css", "dist/designer.css")
_IMPORT = re.compile(r'@import url\("([^"]+)"\) layer\((\w+)\);')


def sources() -> Path:
    return Path(settings.ROOT) / "static" / "css"


def sheets(listed: Path) -> list[tuple[str, Path]]:
    """Layer and file of every part; a path ending in `/` means all files in that folder."""
    parts: list[tuple[str, Path]] = []
    for address, layer in _IMPORT.findall(listed.read_text("utf-8")):
        part = listed.parent / address
        parts += [(layer, file) for file in (sorted(part.glob("*.css")) if address.endswith("/") else [part])]
    return parts


def squeezed(css: str) -> str:
    """Without comments, line breaks and the blanks that mean nothing; strings stay as they are."""
    pieces = re.split(r'("[^"\n]*")', re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    for i in range(0, len(pieces), 2):
        piece = re.sub(r"\s+", " ", pieces[i])
        piece = re.sub(r" ?([{};,]) ?", r"\1", piece)
        pieces[i] = re.sub(r"(?<=[a-z0-9-]): ", ":", piece).replace(";}", "}")
    return "".join(pieces).strip()


def bundled(listed: Path) -> str:
    order = re.search(r"@layer [^;]+;", listed.read_text("utf-8"))
    parts = [order[0] if order else ""]
    parts += [f"@layer {layer}{{{squeezed(file.read_text('utf-8'))}}}" for layer, file in sheets(listed)]
    return "\n".join(parts) + "\n"


def fresh(folder: Path, target: Path) -> Path:
    """Write the bundle that `folder` lists under the name of `target`, unless it holds just that already."""
    css = bundled(folder / target.name)
    if not target.exists() or sha256(target.read_bytes()).digest() != sha256(css.encode()).digest():
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(f".{sha256(css.encode()).hexdigest()[:8]}")
        draft.write_text(css, "utf-8")
        draft.replace(target)  # a reader sees the old file or the new one, never half
    return target


class BundledStyles(BaseFinder):
    """Finds the bundles, made from their parts; they lie in the git-ignored `var/`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=Path(settings.ROOT) / "var" / "static")
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path not in NAMES:
            return []
        found = str(fresh(sources(), Path(self.storage.path(path))))
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        for name in NAMES:
            fresh(sources(), Path(self.storage.path(name)))
            yield name, self.storage
