"""Which column of a list of old cases is which: as somebody says, or by the usual headings."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from loyalty.importing.files import Row
from loyalty.importing.headers import folded
from portal.kernel.refused import Refused

#: What people write above the columns, in Chinese and in English; the more exact word first.
HEADINGS: dict[str, tuple[str, ...]] = {
    "number": (
        *("number", "uniquekey", "casenumber", "caseid", "complaintnumber"),
        *("工单号", "投诉编号", "编号", "id"),
    ),
    "filed": ("createddate", "filed", "reported", "opened", "created", "投诉时间", "提交时间", "创建时间"),
    "ended": ("closeddate", "closed", "ended", "resolved", "完结时间", "办结时间", "关闭时间"),
    "category": ("complainttype", "category", "type", "类别", "分类", "投诉类型"),
    "about": ("descriptor", "subject", "detail", "主题", "事项", "投诉内容"),
    "area": ("borough", "area", "district", "region", "区域", "行政区"),
    "merchant": ("merchant", "shop", "store", "商户", "店铺"),
    "reason": ("reason", "原因"),
}
NEEDED = ("number", "filed")


class NoColumn(Refused):
    sentence = _("No column of the file says “%(name)s”. Its columns are: %(found)s.")


@dataclass(frozen=True)
class Columns:
    """Field → column, and the heading it was found by."""

    places: dict[str, int]
    headings: dict[str, str]

    def cell(self, row: Row, field: str) -> object:
        place = self.places.get(field)
        return row[place] if place is not None and place < len(row) else None


def columns_of(header: Row, said: Mapping[str, str]) -> Columns:
    """What was said goes before what the headings seem to mean; said as ``-``, a field is left out."""
    found = guessed(header, said)
    if missing := next((field for field in NEEDED if field not in found.places), None):
        raise NoColumn(name=missing, found=", ".join(filter(None, _names(header))))
    return found


def _names(header: Row) -> list[str]:
    return [str(cell or "").strip() for cell in header]


def guessed(header: Row, said: Mapping[str, str]) -> Columns:
    """The same, also of a file that lacks what is needed."""
    names = _names(header)
    by_fold = {folded(name): place for place, name in reversed(list(enumerate(names))) if name}
    places = {}
    for field, usual in HEADINGS.items():
        wanted = said.get(field, "").strip()
        if wanted == "-":
            continue
        if wanted and folded(wanted) not in by_fold:
            raise NoColumn(name=wanted, found=", ".join(filter(None, names)))
        candidates = (folded(wanted),) if wanted else usual
        if found := next((word for word in candidates if word in by_fold), None):
            places[field] = by_fold[found]
    return Columns(places, {field: names[place] for field, place in places.items()})
