"""Files of a case: made harmless, served to those of the case alone, every look written down."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from complaints.files import AT_ONCE, OF_A_CASE
from complaints.models import Attachment, Complaint, FileLook
from tests import cast
from tests.complaints.makers import make_agent, make_attachment, make_complaint, picture_file

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<</JS (x)>>\nendobj\n%%EOF\n"


def words(*files, **fields):
    return {"key": str(uuid.uuid4()), "reason": "quality", "said": "烫伤", "files": list(files)} | fields


def file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def url_of(attachment: Attachment) -> str:
    return reverse("complaints:file", args=[attachment.complaint.token, attachment.code])


def report_of(shop) -> str:
    return reverse("complaints:report", args=[shop.slug])


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_report_brings_files_and_its_page_shows_them(signed_in, shop, consumer):
    browser = signed_in(consumer, language="en")
    sent = words(picture_file(), file("bill.pdf", PDF), file("chat.txt", "\ufeff你好\x07".encode()))
    page = browser.post(report_of(shop), sent, follow=True).content.decode()
    found = list(Attachment.objects.order_by("pk"))
    assert [one.kind for one in found] == ["picture", "pdf", "text"]
    for one in found:
        assert url_of(one) in page
    picture, pdf, text = (browser.get(url_of(one)) for one in found)
    assert (picture["Content-Type"], body(picture)[8:12]) == ("image/webp", b"WEBP")
    assert (pdf["Content-Type"], body(pdf)) == ("application/pdf", PDF)
    assert body(text).decode() == "你好"
    for answer in (picture, pdf, text):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Cache-Control"] == "no-store"
    assert picture["Content-Disposition"].startswith("inline")
    assert all(one["Content-Disposition"].startswith("attachment") for one in (pdf, text))


def test_only_the_pixels_of_a_picture_are_kept(shop, consumer):
    assert b"CANARY-MAKER" in picture_file().read()
    assert b"CANARY" not in make_attachment(consumer, shop).file.read()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("evil.jpg", b"<html><script>x</script></html>"),
        ("evil.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>"),
        ("half.pdf", b"%PDF-1.4 and then nothing"),
        ("binary.txt", b"\xff\xfe\x00\x00"),
        ("nul.txt", b"a\x00b"),
        ("long.txt", b"a" * (256 * 1024 + 1)),
        ("program.exe", b"MZ" + b"\x00" * 100),
    ],
)
def test_what_is_no_picture_paper_or_text_is_sent_back(signed_in, shop, consumer, name, content):
    page = signed_in(consumer).post(report_of(shop), words(file(name, content)))
    assert page.status_code == 422
    assert (Complaint.objects.count(), Attachment.objects.count()) == (0, 0)


def test_too_many_at_once_and_too_many_in_all_are_sent_back(signed_in, shop, consumer):
    browser = signed_in(consumer)
    many = words(*[picture_file() for _ in range(AT_ONCE + 1)])
    assert browser.post(report_of(shop), many).status_code == 422
    complaint = make_complaint(shop, consumer)
    case = reverse("complaints:case", args=[complaint.token])
    for turn in range(OF_A_CASE // AT_ONCE + 1):
        sent = {"key": uuid.uuid4(), "said": f"{turn}", "files": [picture_file() for _ in range(AT_ONCE)]}
        answer = browser.post(case, sent)
    assert answer.status_code == 422
    assert complaint.attachments.count() == OF_A_CASE
    assert complaint.replies.count() == OF_A_CASE // AT_ONCE


def test_a_report_sent_twice_keeps_its_files_once(signed_in, shop, consumer):
    browser, key = signed_in(consumer), str(uuid.uuid4())
    for _ in (1, 2):
        assert browser.post(report_of(shop), words(picture_file(), key=key)).status_code == 302
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("who", ["stranger", "owner", "cashier"])
def test_outsiders_find_no_file_and_the_try_is_written_down(request, signed_in, shop, consumer, who):
    attachment, somebody = make_attachment(consumer, shop), request.getfixturevalue(who)
    somebody = getattr(somebody, "user", somebody)
    assert signed_in(somebody).get(url_of(attachment)).status_code == 404
    assert list(FileLook.objects.values_list("by", "was_shown")) == [(somebody.pk, False)]


def test_a_file_of_another_case_is_not_found_under_ones_own(signed_in, shop, consumer, stranger):
    theirs, mine = make_attachment(consumer, shop), make_complaint(shop, stranger)
    url = reverse("complaints:file", args=[mine.token, theirs.code])
    assert signed_in(stranger).get(url).status_code == 404


def test_staff_see_the_file_from_the_desk_and_their_look_is_kept(signed_in, shop, consumer):
    attachment, agent = make_attachment(consumer, shop), make_agent()
    auditor, at_the_shop = make_agent(reads_only=True), make_agent(reads_only=True)
    cast.make_staff(shop.merchant, user=at_the_shop)
    desk = signed_in(agent)
    page = desk.get(f"/staff/complaints/complaint/{attachment.complaint_id}/change/").content.decode()
    assert url_of(attachment) in page
    for person, status in ((agent, 200), (auditor, 200), (at_the_shop, 404)):
        assert signed_in(person).get(url_of(attachment)).status_code == status
    assert list(FileLook.objects.order_by("pk").values_list("was_shown", flat=True)) == [True, True, False]
    assert signed_in(consumer).get(url_of(attachment)).status_code == 200
    assert FileLook.objects.count() == 3


def test_a_visitor_signs_in_first(client, shop, consumer):
    answer = client.get(url_of(make_attachment(consumer, shop)))
    assert answer["Location"].startswith("/accounts/login/")


def test_files_and_looks_stay_as_written(signed_in, shop, consumer, stranger):
    attachment = make_attachment(consumer, shop)
    signed_in(stranger).get(url_of(attachment))
    for rows in (Attachment.objects.all(), FileLook.objects.all()):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            rows._raw_delete(rows.db)


def test_a_file_that_is_gone_from_the_disk_is_not_found(signed_in, shop, consumer):
    attachment = make_attachment(consumer, shop)
    attachment.file.storage.delete(attachment.file.name)
    assert signed_in(consumer).get(url_of(attachment)).status_code == 404
