"""Named places in lower pages that higher apps fill, so that no page needs to know who stands above it."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

Filler = Callable[..., SafeString | str]
_fillers: dict[str, list[Filler]] = defaultdict(list)


def fills(name: str) -> Callable[[Filler], Filler]:
    """Register ``fn(request, **inputs) -> html`` for the slot."""

    def register(filler: Filler) -> Filler:
        _fillers[name].append(filler)
        return filler

    return register


def fill(name: str, request: HttpRequest, **inputs: Any) -> SafeString:
    """What all fillers of the slot have to say, escaped unless they rendered it."""
    return format_html_join("", "{}", ((filler(request, **inputs),) for filler in _fillers[name]))
