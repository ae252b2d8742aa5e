"""What of a mail's files may be kept, by the same rules as files that are sent in a form."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from complaints.files import AT_ONCE, LONGEST_TEXT, Checked, checked
from complaints.mailbox.parts import Enclosure, enclosures
from complaints.models import FileKind
from complaints.said import SAID_AT_MOST
from portal.kernel.codes import new_code
from portal.kernel.refused import Refused


@dataclass
class Enclosed:
    """``kept`` is ready to be attached; ``told`` has a line for each file: name, bytes, kind or nothing."""

    kept: list[Checked] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)

    @property
    def left_out(self) -> list[str]:
        return [one["name"] for one in self.told if not one["kind"]]


def enclosed_in(message: Message, most: int = AT_ONCE) -> Enclosed:
    """The first ``most`` that may be kept."""
    found = Enclosed()
    for one in enclosures(message):
        keeps = file_of(one) if len(found.kept) < most else None
        if keeps:
            found.kept.append(keeps)
        found.told.append({"name": one.name, "bytes": len(one.content), "kind": keeps.kind if keeps else ""})
    return found


def file_of(one: Enclosure) -> Checked | None:
    """Made harmless; None when it is nothing that we keep."""
    try:
        return checked(SimpleUploadedFile(one.name, one.content))
    except Refused:
        return None


def in_short(text: str, files: Sequence[Checked]) -> tuple[str, list[Checked]]:
    """Words as long as a case takes them; of longer ones the whole goes along as a file, if there is room."""
    if len(text) <= SAID_AT_MOST:
        return text or (_("(Only files came with this mail.)") if files else ""), list(files)
    content = ContentFile(_cut(text), name=f"{new_code(20).lower()}.txt")
    whole = Checked(FileKind.TEXT, content)
    return f"{text[: SAID_AT_MOST - 1]}…", [whole, *files][:AT_ONCE]


def _cut(text: str) -> bytes:
    return text.encode()[:LONGEST_TEXT].decode(errors="ignore").encode()
