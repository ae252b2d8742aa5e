"""The queue of mail in the admin: who sees it, what is done with a mail, what every look leaves behind."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.links import link_to
from complaints.models import CaseTry, Complaint, Mail, MailLook
from complaints.slots import queue as queue_slot
from merchants.models import Shop
from tests import cast
from tests.complaints.mails import make_mail, make_raw, make_writer, take_in
from tests.complaints.makers import make_agent, make_complaint, picture_file

pytestmark = pytest.mark.django_db
QUEUE = "/staff/complaints/mail/"
MIA = "Mia <mia@example.com>"


@pytest.fixture
def agent():
    return make_agent("小周")


@pytest.fixture
def desk(signed_in, agent):
    return signed_in(agent, language="en")


def page_of(mail: Mail) -> str:
    return f"{QUEUE}{mail.pk}/change/"


def door(mail: Mail, name: str) -> str:
    return f"{QUEUE}{mail.pk}/{name}/"


def test_the_queue_shows_what_waits_the_oldest_first_and_the_filters_the_rest(desk):
    first, second = make_mail(MIA, subject="First"), make_mail("b@example.com", subject="Second")
    take_in(make_raw("c@example.com", "Newsletter", Precedence="bulk"))
    page = desk.get(QUEUE).content.decode()
    assert page.index("First") < page.index("Second") and "Newsletter" not in page
    assert "m•••@example.com" in page and "mia@example.com" not in page
    assert "List or bulk mail" in desk.get(QUEUE, {"state": "skipped"}).content.decode()
    assert page_of(first) in page and page_of(second) in page


def test_the_staffs_first_page_says_how_much_waits(rf, agent):
    request = rf.get("/staff/")
    request.user = agent
    assert QUEUE not in queue_slot(request)
    make_mail(MIA)
    assert QUEUE in queue_slot(request)


def test_the_page_of_a_mail_shows_text_files_and_what_helps_to_sort_it(desk, shop):
    person = make_writer("mia@example.com", name="Mia Chen")
    case = make_complaint(shop, person)
    photo = ("bill.jpg", picture_file().read(), "image/jpeg")
    text = f"See http://localhost:8000/s/{shop.slug}/ <script>alert(1)</script>\n\n> old\n> older\n"
    mail = make_mail(
        MIA, subject="Shrunk", text=text, files=(photo, ("x.exe", b"MZ", "application/x-dosexec"))
    )
    page = desk.get(page_of(mail)).content.decode()
    for shown in (
        shop.title,
        case.number_in_groups,
        "bill.jpg",
        "x.exe",
        "is not kept in a case",
        "Mia Chen",
        str(mail),
    ):
        assert shown in page
    assert "<script>alert" not in page and "mia@example.com" not in page


def test_an_agent_opens_a_case_in_three_steps_and_lands_in_it(desk, shop, client):
    mail = make_mail(MIA, subject="Shrunk", text="My coat has shrunk.")
    found = desk.get(page_of(mail), {"q": shop.name}).content.decode()
    assert f"?shop={shop.slug}" in found
    chosen = desk.get(page_of(mail), {"shop": shop.slug}).content.decode()
    assert door(mail, "case") in chosen
    answer = desk.post(door(mail, "case"), {"shop": shop.slug, "reason": "quality"})
    complaint = Complaint.objects.get()
    assert answer["Location"] == reverse("admin:complaints_complaint_change", args=[complaint.pk])
    assert "by e-mail" in desk.get(answer["Location"]).content.decode()
    assert complaint.number_in_groups in client.get(f"/case/{link_to(mail.token)}/").content.decode()
    again = desk.post(door(mail, "case"), {"shop": shop.slug, "reason": "quality"})
    assert (again.status_code, Complaint.objects.count()) == (422, 1)


def test_an_agent_joins_discards_and_takes_it_back(desk, shop):
    person = make_writer("mia@example.com")
    complaint, first, second = (
        make_complaint(shop, person),
        make_mail(MIA, text="one"),
        make_mail(MIA, text="two"),
    )
    assert desk.post(door(first, "join"), {"number": "123"}).status_code == 422
    joined = desk.post(door(first, "join"), {"number": complaint.number_in_groups})
    assert joined["Location"].endswith(f"/complaint/{complaint.pk}/change/")
    assert complaint.replies.get().said == "one"
    assert desk.post(door(second, "discard"), {"why": ""}).status_code == 422
    desk.post(door(second, "discard"), {"why": "推销"})
    assert "推销" in desk.get(page_of(second)).content.decode()
    desk.post(door(second, "back"), {})
    second.refresh_from_db()
    assert second.state == "sort"


def test_auditors_read_and_change_nothing(signed_in, shop):
    mail, auditor = make_mail(MIA), signed_in(make_agent(reads_only=True))
    page = auditor.get(page_of(mail))
    assert page.status_code == 200 and door(mail, "discard") not in page.content.decode()
    for name in ("case", "join", "discard", "back", "again"):
        assert auditor.post(door(mail, name), {"why": "x"}).status_code == 404
    mail.refresh_from_db()
    assert mail.state == "sort"


def test_others_find_no_mail_and_a_try_of_staff_is_written_down(signed_in, consumer, owner):
    mail, other = make_mail(MIA), cast.make_user(is_staff=True)
    for person in (consumer, owner):
        assert signed_in(person).get(page_of(mail)).status_code == 404
    outsider = signed_in(other)
    assert outsider.get(page_of(mail)).status_code == 404
    assert outsider.get(door(mail, "raw")).status_code == 404
    tries = CaseTry.objects.filter(by=other).order_by("pk").values_list("path", flat=True)
    assert list(tries) == [page_of(mail), door(mail, "raw")]


def test_files_and_the_mail_as_it_came_are_served_so_that_nothing_in_them_runs(desk, agent):
    photo = ("photo.jpg", picture_file().read(), "image/jpeg")
    page = ("page.html", b"<script>alert(1)</script>", "text/html")
    mail = make_mail(MIA, files=(photo, page))
    raw, picture = desk.get(door(mail, "raw")), desk.get(f"{QUEUE}{mail.pk}/files/0/")
    for answer in (raw, picture):
        assert answer["X-Content-Type-Options"] == "nosniff" and "no-store" in answer["Cache-Control"]
        assert "sandbox" in answer["Content-Security-Policy"]
    assert raw["Content-Type"] == "application/octet-stream" and raw["Content-Disposition"].startswith(
        "attachment"
    )
    kept = b"".join(picture.streaming_content)
    assert (picture["Content-Type"], kept[8:12]) == ("image/webp", b"WEBP") and b"CANARY" not in kept
    assert desk.get(f"{QUEUE}{mail.pk}/files/1/").status_code == 404
    assert desk.get(f"{QUEUE}{mail.pk}/files/9/").status_code == 404
    assert MailLook.objects.filter(by=agent, was_shown=True).count() == 4


def test_the_link_of_the_first_answer_says_that_we_read_and_later_that_nothing_came_of_it(client, desk):
    mail, never_answered = make_mail(MIA), make_mail("no-reply@example.com")
    link = f"/case/{link_to(mail.token)}/"
    page = client.get(link)
    assert str(mail) in page.content.decode() and "no-store" in page["Cache-Control"]
    assert "大衣缩水了" not in page.content.decode()
    assert client.post(link, {"said": "x"}).status_code == 404
    assert client.get(f"/case/{link_to(never_answered.token)}/").status_code == 404
    desk.post(door(mail, "discard"), {"why": "推销"})
    assert "这封邮件已处理" in client.get(link).content.decode()


def test_the_queue_takes_as_many_queries_for_two_as_for_twenty(desk):
    taken = []
    for count in (2, 18):
        for turn in range(count):
            make_mail(f"p{count}.{turn}@example.com")
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(QUEUE).status_code == 200
        taken.append(len(queries))
    assert taken[0] == taken[1] <= 12


def test_pages_of_mail_speak_chinese_too(signed_in, agent):
    mail = make_mail(MIA, subject="x", text="y", files=(("x.exe", b"MZ", "application/x-dosexec"),))
    desk = signed_in(agent)
    for address in (QUEUE, page_of(mail)):
        page = re.sub(r"<[^>]+>", " ", desk.get(address).content.decode())
        assert "待分拣" in page
    assert "案件不保存此类文件" in desk.get(page_of(mail)).content.decode()


def test_a_shop_that_is_not_there_opens_no_case(desk):
    mail = make_mail(MIA)
    assert desk.post(door(mail, "case"), {"shop": "nowhere", "reason": "quality"}).status_code == 422
    assert not Shop.objects.filter(slug="nowhere").exists() and not Complaint.objects.exists()
