"""The desk as a workplace: saved filters with counts, macros, many cases at once, search, contacts."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from complaints import actions
from complaints.macros import read_out
from complaints.models import Clock, Complaint, Macro
from complaints.queue import standing
from portal.kernel.models import Reveal
from tests import cast
from tests.complaints.makers import begin, make_agent, make_complaint

pytestmark = pytest.mark.django_db
QUEUE = "/staff/complaints/complaint/"


@pytest.fixture
def agent():
    return make_agent("小周")


@pytest.fixture
def desk(signed_in, agent):
    return signed_in(agent, language="en")


def make_macro(**fields) -> Macro:
    words = {"text_zh": "您好 {name}，{shop}（{number}）", "text_en": "Hello {name}, {shop} ({number})"}
    return Macro.objects.create(name=fields.pop("name", "Hello"), **{**words, **fields})


def waits_for_shop(shop, agent, hours: int) -> Complaint:
    complaint = begin(make_complaint(shop), agent, "merchant")
    since = timezone.now() - timedelta(hours=hours)
    Clock.objects.filter(complaint=complaint, kind="merchant").update(started_at=since)
    return complaint


def test_saved_filters_tell_count_and_oldest(agent, shop):
    slow, _quick = waits_for_shop(shop, agent, 25), waits_for_shop(shop, agent, 23)
    critical = make_complaint(shop)
    actions.regrade(critical, "critical", by=agent, why="verletzt", moment=timezone.now())
    told = {queue.name: queue for queue in standing(agent, timezone.now()).queues}
    assert (told["shop"].count, told["critical"].count, told["mine"].count) == (1, 1, 0)
    assert told["shop"].oldest == Complaint.objects.get(pk=slow.pk).filed_at
    assert told["mine"].oldest is None


def test_a_filter_shows_what_it_counts(desk, agent, shop):
    slow, quick = waits_for_shop(shop, agent, 25), waits_for_shop(shop, agent, 23)
    page = desk.get(f"{QUEUE}?queue=shop").content.decode()
    assert slow.number_in_groups in page
    assert quick.number_in_groups not in page


def test_cases_are_given_to_a_colleague_at_once(desk, agent, shop):
    first, second = make_complaint(shop), make_complaint(shop)
    actions.assign(second, agent, by=agent, moment=timezone.now())
    colleague = make_agent("小吴")
    sent = {"action": "give", "_selected_action": [first.pk, second.pk]}
    assert "Choose a colleague" in desk.post(QUEUE, sent, follow=True).content.decode()
    desk.post(QUEUE, {**sent, "to": cast.make_user(is_staff=True).pk}, follow=True)
    assert not Complaint.objects.filter(assignee=colleague).exists()
    desk.post(QUEUE, {**sent, "to": colleague.pk}, follow=True)
    assert Complaint.objects.filter(assignee=colleague).count() == 2


def test_cases_are_joined_to_the_earliest_and_another_shops_is_left(desk, shop, other_shop):
    earlier = timezone.now() - timedelta(hours=1)
    first, second, elsewhere = (
        make_complaint(shop, moment=earlier),
        make_complaint(shop),
        make_complaint(other_shop),
    )
    sent = {"action": "join", "_selected_action": [second.pk, first.pk, elsewhere.pk]}
    desk.post(QUEUE, sent, follow=True)
    stands = {case.pk: (case.state, case.duplicate_of_id) for case in Complaint.objects.all()}
    assert stands == {
        first.pk: ("received", None),
        second.pk: ("duplicate", first.pk),
        elsewhere.pk: ("received", None),
    }


@pytest.mark.parametrize(("term", "finds"), [("太烫", True), ("洗头水太烫了", True), ("退款", False)])
def test_a_case_is_found_by_its_words(desk, shop, term, finds):
    complaint = make_complaint(shop, said="洗头水太烫，耳朵都红了")
    assert (complaint.number_in_groups in desk.get(QUEUE, {"q": term}).content.decode()) is finds


def test_reports_that_read_alike_stand_beside_the_case(desk, shop, other_shop):
    complaint = make_complaint(shop, said="The hair wash water was far too hot and burnt my ear")
    alike = make_complaint(shop, said="Hair wash water far too hot, it burnt my neck")
    different = make_complaint(shop, said="Nobody opened the door")
    elsewhere = make_complaint(other_shop, said="Hair wash water far too hot, it burnt my neck")
    page = desk.get(f"{QUEUE}{complaint.pk}/change/").content.decode()
    section = page.split('id="alike-title"')[1].split("</section>")[0]
    assert alike.number_in_groups in section
    assert different.number_in_groups not in section
    assert elsewhere.number_in_groups not in section


def test_a_macro_begins_the_reply_in_the_persons_language(desk, agent, shop):
    person = cast.make_user(name="Ann", language="en")
    complaint, macro = make_complaint(shop, person), make_macro()
    assert read_out(macro, complaint, agent).startswith("Hello Ann, ")
    page = desk.get(f"{QUEUE}{complaint.pk}/change/?macro={macro.pk}").content.decode()
    assert f"Hello Ann, {shop.name}" in page or f"Hello Ann, {shop.name_en}" in page
    person.language = "zh-hans"
    assert read_out(macro, make_complaint(shop, person), agent).startswith("您好 Ann")


def test_a_macro_is_offered_for_its_reason_only(desk, shop):
    price, left_out = make_macro(name="Price", reason_id="price"), make_macro(name="Old", is_kept=False)
    door = "{}{}/change/?macro={}"
    about_quality = desk.get(door.format(QUEUE, make_complaint(shop).pk, price.pk)).content.decode()
    assert "desk-macros" not in about_quality
    assert "您好" not in about_quality
    priced = make_complaint(shop, cast.make_user(), reason="price")
    about_price = desk.get(door.format(QUEUE, priced.pk, price.pk)).content.decode()
    assert "您好" in about_price
    assert f'value="{left_out.pk}"' not in about_price.split("desk-macros")[1].split("</form>")[0]


def test_the_four_nearest_macros_are_one_press_away_and_the_rest_in_a_list(desk, shop):
    for name in ("A", "B", "C"):
        make_macro(name=name)
    kind, fine = (
        make_macro(name="Kind", reason_id="quality"),
        make_macro(name="Fine", reason_id="quality-late"),
    )
    complaint = make_complaint(shop, reason="quality-late")
    page = desk.get(f"{QUEUE}{complaint.pk}/change/")
    assert [macro.name for macro in page.context["macros"]] == ["Fine", "Kind", "A", "B", "C"]
    text = page.content.decode()
    for macro in (fine, kind):
        assert f'name="macro" value="{macro.pk}">{macro.name}</button>' in text
    assert text.count('name="macro" value=') == 4 and ">C</option>" in text


def test_the_reply_that_a_macro_began_is_where_one_types(desk, shop):
    complaint, macro = make_complaint(shop), make_macro()
    address = f"{QUEUE}{complaint.pk}/change/"
    assert "autofocus" not in desk.get(address).content.decode()
    begun = desk.get(f"{address}?macro={macro.pk}").content.decode()
    (typed_in,) = re.findall(r"<textarea[^>]*autofocus[^>]*>", begun)
    assert 'id="reply-said"' in typed_in


def test_a_case_of_nobody_says_so_in_the_queue(signed_in, agent, shop):
    make_complaint(shop)
    assert ">nobody yet<" in signed_in(agent, language="en").get(QUEUE).content.decode()
    assert ">暂无<" in signed_in(agent, language="zh-hans").get(QUEUE).content.decode()


@pytest.mark.parametrize(
    "text", ["{name.__class__}", "{nobody}", "{", "{name:>1000000}", "{name!r}", "{0}", "{}"]
)
def test_a_macro_takes_known_fields_only(text):
    with pytest.raises(ValidationError):
        Macro(name="x", text_zh="好", text_en=text).full_clean()


def test_supervisors_write_macros_and_agents_only_read_them(desk, signed_in):
    words = {"name": "New", "reason": "", "text_zh": "好 {name}", "text_en": "Good {name}", "is_kept": "on"}
    assert desk.get("/staff/complaints/macro/").status_code == 200
    assert desk.post("/staff/complaints/macro/add/", words).status_code == 404
    boss = signed_in(make_agent("主管", leads="supervisor"))
    assert boss.post("/staff/complaints/macro/add/", words).status_code == 302
    assert Macro.objects.get().name == "New"


def test_contacts_are_masked_until_somebody_says_why(desk, agent, shop):
    complaint = make_complaint(shop, cast.make_user("+8613912345678"))
    page = desk.get(f"{QUEUE}{complaint.pk}/change/").content.decode()
    assert "13912345678" not in page
    assert "5678" in page
    door = f"{QUEUE}{complaint.pk}/contacts/"
    assert "13912345678" not in desk.post(door, {"reason": ""}).content.decode()
    assert not Reveal.objects.exists()
    assert "13912345678" in desk.post(door, {"reason": "call the person back"}).content.decode()
    look = Reveal.objects.get()
    assert (look.by, look.person) == (agent, complaint.person)
    assert complaint.number_in_groups in look.reason


def test_auditors_and_strangers_of_the_desk_see_no_contacts(signed_in, shop, owner):
    complaint = make_complaint(shop, cast.make_user("+8613912345678"))
    door = f"{QUEUE}{complaint.pk}/contacts/"
    for person in (make_agent(reads_only=True), cast.make_user(is_staff=True), owner):
        answer = signed_in(person).post(door, {"reason": "call the person back"})
        assert answer.status_code in (302, 404)
        assert "13912345678" not in answer.content.decode()
    assert not Reveal.objects.exists()


def test_keys_lead_to_the_reply_the_note_and_the_next_case(desk, shop):
    complaint, _ = make_complaint(shop), make_complaint(shop)
    page = desk.get(f"{QUEUE}{complaint.pk}/change/").content.decode()
    for key in ("n", "r", "m"):
        assert f'accesskey="{key}"' in page
