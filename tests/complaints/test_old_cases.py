"""Old cases by a page of the admin: uploaded, understood, tried, taken in by a job, with what was refused."""

import gzip
import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from complaints import actions
from complaints.models import CaseFile, CaseImport, PastCase
from complaints.refusals import TakenInBefore
from portal.kernel.jobs import run_due
from portal.kernel.models import Job
from tests import cast
from tests.complaints.makers import make_agent

pytestmark = pytest.mark.django_db
FILE = Path(__file__).parents[2] / "data" / "cases_sample.csv"
UPLOAD = "/staff/complaints/caseimport/add/"
HEAD = b"number,reported,category\n"
BAD = HEAD + b"1,2025-02-01 10:00,Late\n,2025-02-01 11:00,x\n3,yesterday,x\n4,2025-02-02,Late\n"


@pytest.fixture
def boss():
    return cast.make_user(name="主管", is_staff=True, is_superuser=True)


@pytest.fixture
def desk(signed_in, boss):
    return signed_in(boss, language="en")


@pytest.fixture(autouse=True)
def media(tmp_path):
    with override_settings(MEDIA_ROOT=tmp_path):
        yield


def sent(content: bytes, name: str = "old.csv", **fields) -> dict:
    facts = {"key": uuid.uuid4(), "source": "old", "zone": "America/New_York"}
    return facts | {"file": SimpleUploadedFile(name, content)} | fields


def uploaded(desk, content: bytes, **fields) -> str:
    answered = desk.post(UPLOAD, sent(content, **fields))
    assert answered.status_code == 302, answered.content.decode()
    return answered.url


def meaning(page) -> dict:
    form = page.context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def test_a_file_is_understood_tried_and_taken_in_as_the_command_does(desk, boss):
    address = uploaded(desk, gzip.compress(FILE.read_bytes()), name="cases.csv.gz")
    page = desk.get(address)
    guessed = meaning(page)
    headings = ["Unique Key", "Created Date", "Closed Date", "Complaint Type"]
    assert [guessed[name] for name in ("number", "filed", "ended", "category")] == headings
    assert "Animal-Abuse" in {field.label for field, _count in page.context["form"].of_words()}
    tried = desk.post(address, guessed | {"try": "1"})
    report = tried.context["report"]
    assert (report.read, report.added, len(report.refused)) == (197, 197, 0)
    assert (PastCase.objects.count(), CaseImport.objects.count()) == (0, 0)
    assert desk.post(address, guessed | {"take": "1"}).status_code == 302
    assert "refresh" in desk.get(address).content.decode()
    assert run_due() == 1
    kept = CaseImport.objects.get()
    assert (kept.read, kept.added, kept.refused, kept.by) == (197, 197, 0, boss)
    assert PastCase.objects.filter(source="old").count() == 197
    over = desk.get(address).content.decode()
    assert "197 of 197" in over
    assert "refresh" not in over


def test_words_of_the_file_mean_what_was_chosen(desk):
    address = uploaded(desk, HEAD + b"1,2025-02-01 10:00,Late\n2,2025-02-01 10:00,Rude words\n")
    chosen = meaning(desk.get(address))
    assert chosen["word-1"] == "conduct-rude"
    desk.post(address, chosen | {"word-0": "quality-late", "take": "1"})
    run_due()
    told = dict(PastCase.objects.values_list("number", "reason__code"))
    assert told == {"1": "quality-late", "2": "conduct-rude"}


def test_refused_rows_are_told_and_given_as_a_file(desk):
    address = uploaded(desk, BAD)
    chosen = meaning(desk.get(address))
    page = desk.post(address, chosen | {"try": "1"}).content.decode()
    assert "Of 4 rows 2 would be added" in page
    assert "The row has no number of its own." in page
    desk.post(address, chosen | {"take": "1"})
    run_due()
    job = Job.objects.get()
    assert (job.state, job.failed_rows, PastCase.objects.count()) == ("partly", 2, 2)
    rows = job.result.read().decode("utf-8-sig").splitlines()
    assert len(rows) == 3
    assert "yesterday" in rows[2]
    assert f"/jobs/{job.token}/result/" in desk.get(address).content.decode()


def test_a_file_is_taken_in_once_and_a_broken_off_job_begins_again(desk):
    address = uploaded(desk, BAD)
    chosen = meaning(desk.get(address))
    desk.post(address, chosen | {"take": "1"})
    file = CaseFile.objects.get()
    with pytest.raises(TakenInBefore):
        actions.start_taking_in(file, columns=file.columns, reasons={}, by=file.by)
    run_due()
    Job.objects.update(state="queued", ended_at=None)
    run_due()
    assert PastCase.objects.count() == 2
    assert sorted(CaseImport.objects.values_list("added", "unchanged")) == [(0, 2), (2, 0)]


def test_a_file_without_the_needed_columns_or_unreadable_is_refused(desk):
    address = uploaded(desk, b"a,b\n1,2\n")
    page = desk.post(address, meaning(desk.get(address)) | {"take": "1"})
    assert page.status_code == 422
    assert Job.objects.count() == 0
    for content in (b"\x1f\x8bbroken", b"\x00\x01\x02\xff"):
        assert desk.post(UPLOAD, sent(content)).status_code == 422
    assert desk.post(UPLOAD, sent(BAD, zone="Mars/Base")).status_code == 422
    assert CaseFile.objects.count() == 1


def test_the_same_upload_twice_is_one_file_and_nobody_sees_anothers(desk, signed_in):
    key = uuid.uuid4()
    first, second = (uploaded(desk, BAD, key=key) for _ in range(2))
    assert first == second
    other = cast.make_user(is_staff=True, is_superuser=True)
    assert signed_in(other).get(first).status_code == 404
    agent = signed_in(make_agent())
    assert agent.get(first).status_code == 404
    assert agent.get(UPLOAD).status_code == 404
    assert agent.post(UPLOAD, sent(BAD)).status_code == 404
