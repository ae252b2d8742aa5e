"""Reports that say the same are found, also where each is one short Chinese sentence."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from complaints.causes.clusters import clusters
from complaints.facts import facts_of
from complaints.likeness import ALIKE, alike_pairs, grams, likeness
from complaints.models import Complaint
from tests import cast
from tests.complaints.makers import make_agent, make_complaint

SAME = [
    ("洗头水太烫", "洗头的水太烫了"),
    ("结账多收了二十元", "结账的时候多收二十元"),
    ("积分没有到账", "消费后积分没有到账"),
    ("头发剪坏了", "把我的头发剪坏了"),
    ("优惠券不能用", "優惠券不能用"),
    ("等了四十分钟没人理", "等四十分钟，没人理我"),
    ("Coupon not accepted", "The coupon was not accepted"),
]
OTHERS = [
    ("洗头水太烫", "结账多收了二十元"),
    ("积分没有到账", "优惠券不能用"),
    ("头发剪坏了", "衬衫领口还有印子"),
    ("店员态度不好", "地址写错了"),
    ("The water was too hot", "The coupon was not accepted"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_thing_said_otherwise_is_alike(one, other):
    assert likeness(grams(one), grams(other)) >= ALIKE


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_other_things_are_not(one, other):
    assert likeness(grams(one), grams(other)) < ALIKE / 2


def test_pairs_are_those_of_the_characters_that_say_something():
    assert grams("洗头的水太烫了！") == ["洗头", "头水", "水太", "太烫"]
    assert grams("Ｔhe WATER was hot") == ["water", "hot"]
    assert grams("烫") == ["烫"]
    assert grams("的了 the ，。") == []
    assert len(grams("".join(chr(0x4E00 + n) for n in range(4000)))) == 400


def test_nothing_is_alike_to_nothing():
    assert likeness([], []) == 0
    assert alike_pairs({1: [], 2: [], 3: ["水太"], 4: ["水太"]}) == [(3, 4)]


@pytest.mark.django_db
@pytest.mark.parametrize(("one", "other"), SAME)
def test_beside_a_case_stands_what_says_the_same(shop, other_shop, one, other):
    case, same = make_complaint(shop, said=one), make_complaint(shop, said=other)
    make_complaint(shop, said="门口的灯不亮"), make_complaint(other_shop, said=other)
    assert facts_of(case, Complaint.objects.all()).alike == [same]


@pytest.mark.django_db
def test_short_chinese_reports_come_together_as_a_group():
    said = ["洗头水太烫", "洗头的水太烫了", "今天洗头水太烫"]
    same = [make_complaint(cast.make_shop(), said=words) for words in said]
    make_complaint(cast.make_shop(), said="积分没有到账")
    found = [one for one in clusters(timezone.now() + timedelta(minutes=1)) if one.by == "words"]
    assert [one.cases for one in found] == [tuple(sorted(case.pk for case in same))]


@pytest.mark.django_db
def test_what_shares_words_is_found_by_an_index(shop):
    case = make_complaint(shop)
    sharing = Complaint.objects.filter(grams__overlap=case.grams)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "complaint_grams" in sharing.explain()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("term", "finds"), [("印子", True), ("领口印子", False), ("有印子", True), ("衫", True)]
)
def test_the_queue_is_searched_by_pairs_of_characters(signed_in, shop, term, finds):
    case = make_complaint(shop, said="衬衫领口还有印子")
    desk = signed_in(make_agent(), language="en")
    page = desk.get("/staff/complaints/complaint/", {"q": term}).content.decode()
    assert (case.number_in_groups in page) is finds


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("term", "finds"),
    [("scalp", True), ("SCALP", True), ("apologized", True), ("scalps burned", False), ("refund", False)],
)
def test_the_queue_is_searched_in_english_too_also_when_it_is_spelled_otherwise(signed_in, shop, term, finds):
    case = make_complaint(shop, said="They burnt my scalp and nobody apologised")
    page = signed_in(make_agent(), language="en").get("/staff/complaints/complaint/", {"q": term})
    assert (case.number_in_groups in page.content.decode()) is finds
