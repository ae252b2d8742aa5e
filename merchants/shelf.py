"""Files made once from what they show, and kept until that changes: pictures to share, sheets to print."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


def digest_of(facts: Any) -> str:
    """The same facts always give the same name; one letter changed gives another."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def kept(path: str, make: Callable[[], bytes]) -> bytes:
    """The file's content; made and put on the shelf when nobody has asked for it before."""
    if default_storage.exists(path):
        with default_storage.open(path) as file:
            return bytes(file.read())
    content = make()
    if not default_storage.exists(path):  # two who ask at once make the same; one of them keeps it
        default_storage.save(path, ContentFile(content))
    return content
