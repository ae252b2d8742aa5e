"""Print-ready sheets of paper coupons: A4, two by five, with bleed, crop marks and a square for each code.

A large batch is several files in one archive, written to a disk: it takes no more memory than one file does.
"""

from collections.abc import Iterator
from tempfile import TemporaryFile
from zipfile import ZipFile

from django.db import transaction
from django.template.loader import render_to_string

from coupons import words
from coupons.models import Coupon, CouponProgramme, PaperBatch
from coupons.models.paper import ON_SHEET
from coupons.saying import said_rules
from merchants.printing import Grid, Told, bound, crop_marks, printable, square
from portal.kernel.jobs import Running, start_once
from portal.kernel.models import Job, User

PAPER = Grid(width=90, height=48, bleed=3, columns=2, rows=ON_SHEET // 2, gap=3)
IN_ONE_FILE = 1000
SHEETS = "coupons.sheets"


@transaction.atomic
def sheets_job(batch: PaperBatch, *, by: User) -> Job:
    """The job that draws them; the one that is there, if it is still good."""
    PaperBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)  # two clicks, one job
    return start_once(SHEETS, by=by, merchant_id=batch.merchant_id, params={"batch": batch.pk})


def draw_sheets(running: Running) -> None:
    """Every coupon of the batch, in the order in which they were made."""
    batch = PaperBatch.objects.select_related("programme__merchant", "programme__terms").get(
        pk=running.params["batch"]
    )
    codes = list(Coupon.objects.filter(batch=batch).order_by("pk").values_list("token", flat=True))
    running.progress(0, len(codes))
    name = f"{batch.merchant.slug}-coupons-{len(codes)}"
    if len(codes) <= IN_ONE_FILE:
        running.save_result(f"{name}.pdf", sheets_of(batch.programme, codes, running.progress))
        return
    with TemporaryFile() as disk:
        with ZipFile(disk, "w") as bundle:
            for start in range(0, len(codes), IN_ONE_FILE):
                part = codes[start : start + IN_ONE_FILE]
                told = lambda done, before=start: running.progress(before + done)  # noqa: E731
                content = sheets_of(batch.programme, part, told)
                bundle.writestr(f"{name}-{start + 1:05d}-{start + len(part):05d}.pdf", content)
        disk.seek(0)
        running.save_result(f"{name}.zip", disk)


def sheets_of(programme: CouponProgramme, codes: list[str], told: Told) -> bytes:
    """The PDF. ``told`` hears how many coupons are done after every few sheets."""
    return bound(_parts(programme, codes), look="css/print/paper.css", told=told)


def _parts(programme: CouponProgramme, codes: list[str]) -> Iterator[tuple[str, int]]:
    front = _front(programme)
    for start in range(0, len(codes), PAPER.at_once):
        part = codes[start : start + PAPER.at_once]
        yield _html(front, part), start + len(part)


def _front(programme: CouponProgramme) -> str:
    """What is the same on all of them."""
    value = words.value(programme)
    context = {
        "programme": programme,
        "shop": printable(programme.merchant.name),
        "title": printable(programme.title),
        "value": value,
        "size": "long" if len(value) > 6 else "middle" if len(value) > 4 else "short",
        "condition": printable(words.condition(programme)),
        "until": programme.last_moment.astimezone(programme.terms.place).date().isoformat(),
        "rules": [printable(rule) for rule in said_rules(programme, on_paper=True)],
    }
    return render_to_string("coupons/print/front.html", context)


def _html(front: str, codes: list[str]) -> str:
    pieces = [(token, square(token)) for token in codes]
    groups = [pieces[at : at + PAPER.on_sheet] for at in range(0, len(pieces), PAPER.on_sheet)]
    context = {"front": front, "marks": crop_marks(PAPER), "sheets": [list(enumerate(one)) for one in groups]}
    return render_to_string("coupons/print/sheets.html", context)
