"""The merchant's side of a case: it answers when asked, offers, brings evidence, and reads what it may."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from complaints import actions
from complaints.models import CaseTry, Clock, Complaint, FileLook, Reply
from complaints.refusals import NotForYou, NotFromHere
from messaging.models import Message
from tests import cast
from tests.complaints.makers import (
    answer,
    ask_shop,
    begin,
    make_agent,
    make_complaint,
    make_evidence,
    picture_file,
)

pytestmark = pytest.mark.django_db


def at_shop(complaint: Complaint) -> str:
    return reverse("complaints:at_shop", args=[complaint.merchant.slug, complaint.number])


def list_of(shop) -> str:
    return reverse("complaints:of_merchant", args=[shop.merchant.slug])


def words(complaint: Complaint, **fields):
    complaint.refresh_from_db()
    return {"key": str(uuid.uuid4()), "said": "师傅已道歉", "seen": complaint.version} | fields


def kinds_told(person) -> list[str]:
    return list(Message.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def test_the_shop_hears_that_it_is_asked_and_reads_the_question(signed_in, shop, manager, consumer):
    complaint = ask_shop(make_complaint(shop, consumer, said="染发过敏"), "当天是谁染的？")
    told = Message.objects.get(person=manager.user, kind="complaints.shop_asked")
    assert told.url == at_shop(complaint)
    page = signed_in(manager.user, language="en").get(told.url).content.decode()
    assert "Please answer by" in page
    assert "当天是谁染的？" in page
    assert "染发过敏" in page


def test_the_shop_answers_once_and_the_person_and_the_desk_hear_it(signed_in, shop, manager, consumer):
    agent, complaint = make_agent("小周"), make_complaint(shop, consumer)
    begin(complaint, agent, "merchant")
    actions.assign(complaint, agent, by=agent, moment=timezone.now())
    browser, sent = signed_in(manager.user), words(complaint)
    for _ in (1, 2):
        assert browser.post(at_shop(complaint), sent).status_code == 302
    complaint.refresh_from_db()
    written = Reply.objects.get()
    assert (complaint.state, written.from_shop, written.from_staff) == ("investigating", True, False)
    assert complaint.steps.last().role == "merchant"
    assert complaint.answered_at is None
    assert "complaints.replied" in kinds_told(consumer)
    assert "complaints.shop_answered" in kinds_told(agent)
    story = signed_in(consumer).get(reverse("complaints:case", args=[complaint.token])).content.decode()
    assert "师傅已道歉" in story
    assert shop.title in story
    assert manager.user.says() not in story


def test_the_shops_answer_ends_its_clock_and_keeps_our_own_promise(shop, owner, consumer):
    complaint = ask_shop(make_complaint(shop, consumer))
    promised = Clock.objects.get(complaint=complaint, kind="answer")
    answer(complaint, owner, "在查")
    clocks = {clock.kind: clock for clock in complaint.clocks.all()}
    assert clocks["merchant"].ended_at is not None
    assert (clocks["answer"].ended_at, clocks["answer"].due_at) == (None, promised.due_at)


def test_an_offer_goes_to_the_person_who_accepts_it_and_the_shop_begins(signed_in, shop, manager, consumer):
    complaint = ask_shop(make_complaint(shop, consumer))
    console = signed_in(manager.user, language="en")
    console.post(at_shop(complaint), words(complaint, said="免费重做一次", then="proposed"))
    complaint.refresh_from_db()
    assert complaint.state == "proposed"
    assert "complaints.proposed" in kinds_told(consumer)
    actions.move(complaint, "accepted", by=consumer, moment=timezone.now(), seen=complaint.version)
    assert "complaints.shop_accepted" in kinds_told(manager.user)
    assert "Send and begin" in console.get(at_shop(complaint)).content.decode()
    console.post(at_shop(complaint), words(complaint, said="周五来重做", then="remedy"))
    complaint.refresh_from_db()
    assert complaint.state == "remedy"
    assert "complaints.remedy" in kinds_told(consumer)


@pytest.mark.parametrize("then", ["resolved", "closed", "accepted", "x"])
def test_a_shop_decides_nothing_that_is_not_its_own(signed_in, shop, manager, then):
    complaint = ask_shop(make_complaint(shop))
    assert signed_in(manager.user).post(at_shop(complaint), words(complaint, then=then)).status_code == 422
    complaint.refresh_from_db()
    assert (complaint.state, Reply.objects.count()) == ("merchant", 0)


@pytest.mark.parametrize("to", ["resolved", "closed", "investigating"])
def test_the_verb_refuses_a_shop_what_the_page_does_not_offer(shop, owner, to):
    complaint = begin(make_complaint(shop), make_agent())
    with pytest.raises((NotForYou, NotFromHere)):
        answer(complaint, owner, "好了", then=to)
    assert Reply.objects.count() == 0


def test_a_shop_that_is_not_asked_has_no_form_and_is_refused(signed_in, shop, manager):
    complaint, browser = make_complaint(shop), signed_in(manager.user)
    assert 'id="answer"' not in browser.get(at_shop(complaint)).content.decode()
    assert browser.post(at_shop(complaint), words(complaint)).status_code == 409
    assert Reply.objects.count() == 0


def test_an_answer_to_a_case_that_changed_meanwhile_comes_back_with_its_words(signed_in, shop, manager):
    complaint = ask_shop(make_complaint(shop))
    sent = words(complaint)
    answer(complaint, make_agent(), "请尽快")
    page = signed_in(manager.user).post(at_shop(complaint), sent)
    assert page.status_code == 409
    assert "师傅已道歉" in page.content.decode()
    assert Reply.objects.filter(from_shop=True).count() == 0


@pytest.mark.parametrize("wrong", [{"said": ""}, {"said": "长" * 4001}, {"key": "1"}, {"seen": ""}])
def test_an_answer_that_cannot_be_read_changes_nothing(signed_in, shop, manager, wrong):
    complaint = ask_shop(make_complaint(shop))
    assert signed_in(manager.user).post(at_shop(complaint), words(complaint) | wrong).status_code == 422
    assert Reply.objects.count() == 0


def test_the_shop_reads_no_notes_no_names_and_not_what_person_and_desk_say(signed_in, shop, manager):
    person = cast.make_user("+8613900001234", name="金丝雀")
    complaint, agent = make_complaint(shop, person, said="染发过敏"), make_agent("小周")
    actions.note(complaint, by=agent, said="老板难缠", key=uuid.uuid4(), moment=timezone.now())
    answer(complaint, agent, "请把病历发来", then="consumer")
    answer(complaint, person, "病历在这里")
    actions.escalate(complaint, 1, by=agent, why="怕闹大", moment=timezone.now())
    actions.regrade(complaint, "serious", by=agent, why="有伤情", moment=timezone.now())
    ask_shop(complaint)
    browser = signed_in(manager.user)
    for url in (at_shop(complaint), list_of(shop)):
        text = browser.get(url).content.decode()
        assert "染发过敏" in text or url == list_of(shop)
        for canary in (
            "金丝雀",
            "1234",
            "老板难缠",
            "请把病历发来",
            "病历在这里",
            "怕闹大",
            "有伤情",
            "小周",
        ):
            assert canary not in text, (url, canary)
        assert complaint.token not in text


def test_evidence_of_the_shop_is_seen_by_all_sides_and_the_persons_files_are_not(
    signed_in, shop, owner, consumer
):
    complaint = make_complaint(shop, consumer)
    browser = signed_in(owner)
    ask_shop(complaint)
    browser.post(at_shop(complaint), words(complaint, files=[picture_file()]))
    evidence = complaint.attachments.get()
    own = reverse("complaints:file_at_shop", args=[shop.merchant.slug, complaint.number, evidence.code])
    assert own in browser.get(at_shop(complaint)).content.decode()
    opened = browser.get(own)
    assert (opened.status_code, opened["Cache-Control"]) == (200, "no-store")
    theirs = reverse("complaints:file", args=[complaint.token, evidence.code])
    assert signed_in(consumer).get(theirs).status_code == 200
    assert signed_in(make_agent()).get(theirs).status_code == 200
    answer(complaint, consumer, "我的照片", files=[])
    assert list(FileLook.objects.order_by("pk").values_list("was_shown", flat=True)) == [True, True]


def test_a_file_of_the_person_is_not_found_by_the_shop_and_the_try_is_kept(signed_in, shop, owner, consumer):
    signed_in(consumer).post(
        reverse("complaints:report", args=[shop.slug]),
        {"key": uuid.uuid4(), "reason": "quality", "said": "烫伤", "files": [picture_file()]},
    )
    complaint = Complaint.objects.get()
    code = complaint.attachments.get().code
    url = reverse("complaints:file_at_shop", args=[shop.merchant.slug, complaint.number, code])
    browser = signed_in(owner)
    assert code not in browser.get(at_shop(complaint)).content.decode()
    assert browser.get(url).status_code == 404
    assert FileLook.objects.get().was_shown is False


@pytest.mark.parametrize("who", ["cashier", "stranger", "consumer", "other_shop"])
def test_outsiders_find_no_case_and_no_evidence(request, signed_in, shop, owner, consumer, who):
    evidence = make_evidence(make_complaint(shop, consumer), owner)
    somebody = request.getfixturevalue(who)
    if who == "other_shop":
        somebody = cast.owner_of(somebody.merchant)
    browser = signed_in(getattr(somebody, "user", somebody))
    slug, complaint = shop.merchant.slug, evidence.complaint
    file = reverse("complaints:file_at_shop", args=[slug, complaint.number, evidence.code])
    expected = 403 if who == "cashier" else 404
    assert browser.get(at_shop(complaint)).status_code == expected
    assert browser.post(at_shop(complaint), words(complaint)).status_code == expected
    assert browser.get(file).status_code == expected
    assert CaseTry.objects.filter(by=getattr(somebody, "user", somebody)).count() == 3


def test_a_case_of_another_merchant_is_not_found_under_ones_own_name(signed_in, shop, other_shop, owner):
    theirs = ask_shop(make_complaint(other_shop))
    url = reverse("complaints:at_shop", args=[shop.merchant.slug, theirs.number])
    assert signed_in(owner).get(url).status_code == 404
    assert signed_in(owner).post(url, words(theirs)).status_code == 404


def test_who_complained_about_the_own_shop_does_not_answer_for_it(signed_in, shop, owner):
    complaint = ask_shop(make_complaint(shop, owner))
    browser = signed_in(owner)
    assert 'id="answer"' not in browser.get(at_shop(complaint)).content.decode()
    assert browser.post(at_shop(complaint), words(complaint)).status_code == 403


def test_what_waits_for_the_shop_stands_first_the_one_due_first_at_the_top(signed_in, shop, owner):
    late, soon, other = (make_complaint(shop) for _ in range(3))
    ask_shop(soon)
    ask_shop(late, moment=timezone.now() - timedelta(days=5))
    text = signed_in(owner, language="en").get(list_of(shop)).content.decode()
    places = [text.index(complaint.number_in_groups) for complaint in (late, soon, other)]
    assert places == sorted(places)
    assert "was due" in text


def test_one_voice_per_reply_is_kept_by_the_database(shop, owner):
    complaint = make_complaint(shop)
    with pytest.raises(DatabaseError, match="reply_has_one_voice"), transaction.atomic():
        Reply.objects.create(
            complaint=complaint, by=owner, from_staff=True, from_shop=True, said="x", key=uuid.uuid4()
        )


def test_pages_cost_the_same_with_many_cases_and_answers(signed_in, shop, manager):
    browser, counts = signed_in(manager.user), []
    complaint = make_complaint(shop)
    for cases in (2, 20):
        for number in range(cases):
            one = ask_shop(make_complaint(shop))
            if number % 2:
                answer(one, manager.user, "好")
        ask_shop(complaint)
        answer(complaint, manager.user, "好")
        for url in (list_of(shop), at_shop(complaint)):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                browser.get(url)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 11
