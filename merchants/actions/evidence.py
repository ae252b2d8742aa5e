"""Evidence for claims and corrections: kept where no public address leads, and not for ever."""

from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from merchants import photos
from portal.kernel.codes import new_code
from portal.kernel.refused import Refused

KEPT_FOR = timedelta(days=90)  # after the decision
PDF = b"%PDF-"


class NotAPdf(Refused):
    sentence = _("This file is neither a photo nor a PDF that we can read.")


def picture(upload: Any) -> ContentFile:
    """The pixels alone, as WebP under a random name; raises what ``merchants.photos`` refuses."""
    content = photos.webp(photos.decoded(upload), photos.WIDTHS[-1])
    return ContentFile(content, name=f"{new_code(20).lower()}.webp")


def picture_or_pdf(upload: Any) -> ContentFile:
    """A PDF is kept as it came (nobody's browser shows it: staff download it); anything else is a picture."""
    upload.seek(0)
    if upload.read(len(PDF)) != PDF:
        upload.seek(0)
        return picture(upload)
    if upload.size > photos.LARGEST_FILE:
        raise photos.PhotoTooBig(
            size=f"{upload.size / 1024 / 1024:.1f}", limit=photos.LARGEST_FILE // 1024 // 1024
        )
    upload.seek(0)
    content = upload.read()
    if b"%%EOF" not in content[-2048:]:
        raise NotAPdf
    return ContentFile(content, name=f"{new_code(20).lower()}.pdf")


def forget_old(rows: Any, moment: datetime) -> int:
    """Delete the files of rows decided more than 90 days ago; returns how many."""
    old = rows.filter(decided_at__lt=moment - KEPT_FOR).exclude(evidence="")
    count = 0
    for row in old.order_by("pk"):
        row.evidence.delete(save=False)
        row.save(update_fields=["evidence"])
        count += 1
    return count
