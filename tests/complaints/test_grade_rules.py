"""Rules give a case its grade when it is filed; staff write them as versions and try them before."""

import csv
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints import actions
from complaints.judging import Filed, current_rules, judged, lately
from complaints.models import Complaint, GradeRule, GradeRules
from complaints.reasons.tree import reason_tree
from tests import cast
from tests.complaints.makers import make_agent, make_complaint
from tests.loyalty.makers import buy, make_card

pytestmark = pytest.mark.django_db
RULES = "/staff/complaints/graderules/"
NEW = f"{RULES}add/"
REVIEWS = Path(settings.ROOT) / "data" / "reviews_sample.csv"


@pytest.fixture
def boss(signed_in):
    return signed_in(cast.make_user(is_staff=True, is_superuser=True), language="en")


def filed(**fields) -> Filed:
    known = {"reason": "quality", "came_by": "web", "said": "洗头水太烫", "amount": None}
    return Filed(**known | {"open_cases": 0, "is_guest": False} | fields)


def rule(grade: str = "critical", **asks) -> GradeRule:
    return GradeRule(grade=grade, **asks)


def keep(*rules: GradeRule) -> list[GradeRule]:
    version = GradeRules.objects.create(why="新的一版")
    for place, one in enumerate(rules, 1):
        one.version, one.position = version, place
        one.save()
    return list(rules)


@pytest.mark.parametrize(
    ("asks", "case", "holds"),
    [
        ({"reason_id": "card"}, {"reason": "card-points"}, True),
        ({"reason_id": "card-points"}, {"reason": "card"}, False),
        ({"words": "烫伤, 过敏"}, {"said": "用了之后过敏了"}, True),
        ({"words": "烫伤、过敏"}, {"said": "水太烫"}, False),
        ({"words": "burn"}, {"said": "My ear was BURNED."}, True),
        ({"words": "burn"}, {"said": "The auburn dye"}, False),
        ({"words": "ｈｏｓｐｉｔａｌ"}, {"said": "went to Hospital"}, True),
        ({"amount_from": 5000}, {"amount": 5000}, True),
        ({"amount_from": 5000}, {"amount": 4999}, False),
        ({"amount_from": 5000}, {"amount": None}, False),
        ({"came_by": "phone"}, {"came_by": "phone"}, True),
        ({"came_by": "phone"}, {"came_by": "web"}, False),
        ({"open_from": 3}, {"open_cases": 3}, True),
        ({"open_from": 3}, {"open_cases": 2}, False),
        ({"is_guest": True}, {"is_guest": True}, True),
        ({"is_guest": False}, {"is_guest": True}, False),
        ({"reason_id": "card", "amount_from": 5000}, {"reason": "card", "amount": 100}, False),
        ({}, {}, True),
    ],
)
def test_a_rule_holds_where_everything_that_it_asks_holds(asks, case, holds):
    asked = rule(**asks)
    assert judged(filed(**case), [asked], reason_tree()) == (asked if holds else None)


def test_the_first_rule_that_holds_gives_the_grade_and_stands_on_the_case(shop):
    serious, _later, _rest = keep(rule("serious", reason_id="price"), rule(words="多收"), rule("minor"))
    case = make_complaint(shop, reason="price-shown", said="多收了二十元")
    assert (case.grade, case.graded_by) == ("serious", serious)
    assert case.graded_by.version == GradeRules.objects.latest("pk")
    assert case.clocks.get(kind="answer").target.grade == "serious"


def test_a_portal_begins_with_rules_for_harm_and_large_sums(shop):
    hurt, plain = make_complaint(shop, said="孩子被烫伤了"), make_complaint(shop)
    assert (hurt.grade, plain.grade) == ("critical", "minor")
    grades = [one.grade for one in current_rules()]
    assert grades == ["critical", "critical", "serious", "serious", "serious", "minor"]


FIRST = {
    "critical": (
        ("quality-safety", "孩子不小心烫伤，马上送医"),
        ("quality", "They burned my scalp and I was bleeding"),
        ("conduct", "店员推我，摔伤了膝盖"),
        ("quality", "没有人管，我朋友食物中毒"),  # the denial isn't of the word
    ),
    "serious": (
        ("price", "上次烫伤的赔款还没给"),
        ("quality", "染发过敏，头皮红了"),
        ("conduct", "He shouted and I called the police"),
        ("other", "吃完去了医院"),
        ("quality", "回家就吐了还头晕恶心，不敢说食物中毒，至少吃的不舒服"),
    ),
    "minor": (
        ("listing", "店在医院对面，地图标错了"),
        ("listing", "Opposite the hospital, next to the police station: the map is wrong"),
        ("quality", "幸好没有人受伤了"),
        ("quality", "水太烫，不过没烫伤"),
        ("quality", "Nobody was injured, but the chair broke"),
        ("quality", "I wasn’t injured, only wet"),
        ("price", "说是骨折价，结果比平时还贵"),
        ("quality", "The burned toast added insult to injury"),
        ("quality", "报警器一直响，没法吃饭"),
    ),
}


@pytest.mark.parametrize(
    ("grade", "reason", "said"), [(grade, *one) for grade, cases in FIRST.items() for one in cases]
)
def test_the_first_rules_tell_harm_from_places_figures_of_speech_and_denials(grade, reason, said):
    assert judged(filed(reason=reason, said=said), current_rules(), reason_tree()).grade == grade


def test_no_real_complaint_about_waiting_prices_or_taste_is_taken_for_harm():
    rules, tree = current_rules(), reason_tree()
    said = [row["said"] for row in csv.DictReader(REVIEWS.read_text("utf-8").splitlines())]
    graded = [
        judged(filed(reason=reason, said=one), rules, tree).grade for one in said for reason in tree.of_code
    ]
    assert len(said) >= 10 and set(graded) == {"minor"}


def test_what_the_purchase_was_worth_counts(shop, consumer):
    keep(rule("serious", amount_from=3800), rule("minor"))
    bought = buy(make_card(shop.merchant, consumer), 3800)
    assert make_complaint(shop, consumer, purchase=bought).grade == "serious"
    assert make_complaint(shop, consumer).grade == "minor"


def test_many_open_cases_of_the_merchant_count_and_those_of_others_do_not(shop, other_shop):
    keep(rule("serious", open_from=2), rule("minor"))
    make_complaint(other_shop), make_complaint(other_shop)
    assert [make_complaint(shop).grade for _ in range(3)] == ["minor", "minor", "serious"]


def test_new_rules_leave_old_grades_and_a_persons_word_as_they_are(shop):
    before, overruled = make_complaint(shop), make_complaint(shop)
    actions.regrade(overruled, "serious", by=make_agent(), why="老人", moment=overruled.filed_at)
    first = before.graded_by
    keep(rule("critical"))
    for case, grade in ((before, "minor"), (overruled, "serious"), (make_complaint(shop), "critical")):
        case.refresh_from_db()
        assert case.grade == grade
    assert before.graded_by == first
    assert overruled.graded_by == first


def sent(page, *, more: tuple[dict, ...] = (), **fields) -> dict:
    """What the form holds as it opened, with further rows in its empty places."""
    formset = page.context["inline_admin_formsets"][0].formset
    rows = [{name: form[name].value() for name in form.fields} for form in formset.forms]
    empty = iter([row for row in rows if not row["grade"]])
    for row in more:
        next(empty).update(row)
    data = {"why": "价格投诉更重", "rules-TOTAL_FORMS": len(rows), "rules-INITIAL_FORMS": 0, **fields}
    for number, row in enumerate(rows):
        data |= {f"rules-{number}-{name}": "" if value is None else value for name, value in row.items()}
    return data


def test_a_trial_shows_what_rules_would_do_and_keeps_nothing(boss, shop):
    case, other = make_complaint(shop, reason="price-shown"), make_complaint(shop)
    versions = GradeRules.objects.count()
    data = sent(boss.get(NEW), more=({"position": 0, "reason": "price", "grade": "serious"},))
    page = boss.post(NEW, data | {"_preview": "1"})
    told = page.context["told"]
    assert page.status_code == 200
    assert [(one.complaint, one.grade) for one in told.changed] == [(case, "serious")]
    assert [count for _rule, count in told.held] == [1, 0, 0, 0, 0, 0, 1]
    text = page.content.decode()
    assert "One would be graded otherwise than now." in text
    assert case.number_in_groups in text
    assert other.number_in_groups not in text
    assert (GradeRules.objects.count(), Complaint.objects.get(pk=case.pk).grade) == (versions, "minor")


def test_a_kept_version_is_what_counts_from_then_on(boss, shop):
    data = sent(boss.get(NEW), more=({"position": 0, "reason": "price", "grade": "serious"},))
    assert boss.post(NEW, data).status_code == 302
    version = GradeRules.objects.latest("pk")
    first = ["critical", "critical", "serious", "serious", "serious", "minor"]
    assert [str(one.grade) for one in current_rules()] == ["serious", *first]
    assert make_complaint(shop, reason="price-refund").graded_by.version == version
    assert "价格投诉更重" in boss.get(RULES).content.decode()
    assert boss.get(f"{RULES}{version.pk}/change/").status_code == 200
    assert boss.post(f"{RULES}{version.pk}/change/", data).status_code == 404


def test_rules_that_leave_a_case_without_a_grade_are_refused(boss):
    data = sent(boss.get(NEW), more=({"position": 99, "reason": "price", "grade": "serious"},))
    for button in ({}, {"_preview": "1"}):
        page = boss.post(NEW, data | button)
        assert "The last rule asks for nothing" in page.content.decode()
        assert "told" not in page.context
    assert GradeRules.objects.count() == 1


def test_who_only_answers_reads_the_rules_and_changes_none(signed_in, shop):
    make_complaint(shop)
    agent = signed_in(make_agent(), language="en")
    assert agent.get(NEW).status_code == 404
    assert agent.post(NEW, {"why": "x"}).status_code == 404


def test_the_desk_says_by_which_rule_a_case_was_graded(signed_in, shop):
    case = make_complaint(shop, said="孩子被烫伤了")
    page = signed_in(make_agent(), language="en").get(f"/staff/complaints/complaint/{case.pk}/change/")
    assert f"by version {case.graded_by.version_id} of the rules" in page.content.decode()


def test_a_trial_reads_many_cases_with_one_question(shop):
    for _ in range(3):
        make_complaint(shop)
    reader = make_agent()
    with CaptureQueriesContext(connection) as asked:
        cases = lately(reader, 500)
    assert len(asked) == 2  # the reader’s duties, the cases
    assert [known.open_cases for _case, known in cases] == [2, 1, 0]
