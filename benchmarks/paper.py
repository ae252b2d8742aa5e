"""Ten thousand coupons on paper: codes in one statement, sheets as a job that tells how far it is."""

import resource
import tempfile
import threading
import time
import uuid
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from django.contrib.gis.geos import Point
from django.db import connection
from django.test.utils import override_settings
from django.utils import timezone

from benchmarks import report
from benchmarks.clients import fresh_database
from coupons import actions
from coupons.models import Coupon, CouponKind, PaperBatch
from coupons.printing import sheets_job
from merchants.actions import open_merchant
from merchants.models import Category, Shop
from portal.kernel.jobs import run_due
from portal.kernel.models import Job, User


def main(argv: list[str]) -> None:
    parser = ArgumentParser("paper")
    parser.add_argument("--codes", type=int, default=10_000)
    parser.add_argument("--keep", type=Path, help="where to leave the file that was made")
    parser.add_argument("--dry", action="store_true", help="print, don't append to docs/benchmarks.md")
    asked = parser.parse_args(argv)
    with (
        tempfile.TemporaryDirectory() as folder,
        override_settings(MEDIA_ROOT=folder),
        fresh_database(),
    ):
        section = _measured(asked.codes, asked.keep)
    print(section)
    if not asked.dry:
        report.append("Paper", section)


def _measured(codes: int, keep: Path | None) -> str:
    owner = User.objects.create_user(name="bench")
    begun = time.perf_counter()
    batch = _batch(codes, owner)
    made = time.perf_counter() - begun
    job, steps = sheets_job(batch, by=owner), _Steps()
    before, begun = _memory(), time.perf_counter()
    with steps.of(job):
        run_due()
    drawn = time.perf_counter() - begun
    job.refresh_from_db()
    if keep:
        keep.write_bytes(job.result.read())
    table = [
        ["", ""],
        [f"{codes:,} codes, one statement with their places in the resolver", f"{made:.2f} s"],
        [f"{-(-codes // 10):,} sheets drawn", f"{drawn:.0f} s, {codes / drawn:,.0f} coupons/s"],
        ["the file", f"{job.result.size / 1e6:.1f} MB in {_files(job)} parts"],
        ["progress was told", f"{len(steps.seen)} times"],
        ["memory", f"{_memory() - before:+,.0f} MB at most over the {before:,.0f} before"],
    ]
    whole = Coupon.objects.filter(batch=batch).count() == codes == job.done
    note = f"A job of one process; all drawn: {'yes' if whole and job.state == 'done' else 'NO'}."
    return report.told(f"A batch of {codes:,}", "./dev bench paper", table, note)


def _batch(codes: int, owner: User) -> PaperBatch:
    merchant = open_merchant(owner, name="bench")
    kind = Category.objects.get(slug="hair")
    Shop.objects.create(
        merchant=merchant, category=kind, name="bench", location=Point(121.47, 31.23, srid=4326)
    )
    now = timezone.now()
    facts: dict[str, Any] = {
        "kind": CouponKind.AMOUNT,
        "amount_off": 2000,
        "minimum": 6000,
        "title": "满60减20",
    }
    times: dict[str, Any] = {"starts_at": now, "ends_at": now + timedelta(days=30)}
    offer = actions.draft_programme(
        merchant, by=owner, key=uuid.uuid4(), stock=codes, per_person=1, **facts, **times
    )
    actions.publish_programme(offer, by=owner)
    return actions.make_paper(offer, codes, key=uuid.uuid4(), by=owner)


class _Steps:
    """What somebody who looks at the job's page once in a while sees."""

    def __init__(self) -> None:
        self.seen: set[int] = set()
        self.over = threading.Event()

    def of(self, job: Job) -> "_Steps":
        self.job, self.eye = job, threading.Thread(target=self._look)
        return self

    def __enter__(self) -> None:
        self.eye.start()

    def __exit__(self, *fault: object) -> None:
        self.over.set()
        self.eye.join()

    def _look(self) -> None:
        while not self.over.wait(0.5):
            self.seen.add(Job.objects.get(pk=self.job.pk).done)
        connection.close()


def _files(job: Job) -> int:
    if not str(job.result.name).endswith(".zip"):
        return 1
    with ZipFile(job.result.open()) as bundle:
        return len(bundle.namelist())


def _memory() -> float:
    """The most that this process has had so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
