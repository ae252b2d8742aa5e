"""What may come with a complaint: pictures made anew from their pixels, PDFs and plain text."""

from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from complaints.models import Attachment, FileKind
from merchants.actions.evidence import PDF, picture_or_pdf
from portal.kernel.codes import new_code
from portal.kernel.forms import clean_text
from portal.kernel.refused import Refused

AT_ONCE = 5
OF_A_CASE = 20
LONGEST_TEXT = 256 * 1024  # bytes
#: Nothing in a file runs, nothing is kept on the way, and only pictures open in the browser.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
TYPES = {
    FileKind.PICTURE: ("image/webp", "webp"),
    FileKind.PDF: ("application/pdf", "pdf"),
    FileKind.TEXT: ("text/plain; charset=utf-8", "txt"),
}


class TooManyFiles(Refused):
    sentence = _("A complaint holds %(most)d files. Put the others into one PDF.")


class NotPlainText(Refused):
    sentence = _("This text file can’t be read. Save it as plain text (UTF-8), up to 256 KB.")


@dataclass(frozen=True)
class Checked:
    kind: str
    content: ContentFile


def checked(upload: Any) -> Checked:
    """The file as we keep it. Raises a Refused that says what is wrong with it."""
    upload.seek(0)
    if upload.read(len(PDF)) == PDF:
        return Checked(FileKind.PDF, picture_or_pdf(upload))
    if str(upload.name).lower().endswith(".txt"):
        return Checked(FileKind.TEXT, _plain(upload))
    return Checked(FileKind.PICTURE, picture_or_pdf(upload))


def served(attachment: Attachment) -> FileResponse:
    kind, ending = TYPES[FileKind(attachment.kind)]
    return FileResponse(
        attachment.file.open(),
        content_type=kind,
        as_attachment=attachment.kind != FileKind.PICTURE,
        filename=f"{attachment.complaint_id}-{attachment.pk}.{ending}",
        headers=HEADERS,
    )


def _plain(upload: Any) -> ContentFile:
    if upload.size > LONGEST_TEXT:
        raise NotPlainText
    upload.seek(0)
    try:
        text = upload.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotPlainText from None
    if "\x00" in text:
        raise NotPlainText
    return ContentFile(clean_text(text).encode(), name=f"{new_code(20).lower()}.txt")
