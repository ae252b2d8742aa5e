"""Following shops, and usual areas: agreed to, coarse, fading, correctable, gone when they are off."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consumers import actions
from consumers.actions.areas import AreasAreOff
from consumers.area_words import drawn, shown
from consumers.cells import cell_of
from consumers.models import (
    AreaCell,
    AreaConsent,
    Interests,
    LeftOut,
    SearchCell,
)
from portal.kernel.access import routes
from portal.kernel.invariants import all_invariants
from tests import routes_values
from tests.cast import client_of, make_shop, make_user
from tests.consumers.makers import make_purchase
from tests.routes_values import World

pytestmark = pytest.mark.django_db
THEIRS = ("consumers_areacell", "consumers_searchcell", "consumers_interests", "consumers_leftout")
routes_values.load()


def agree(person, **also):
    actions.agree_to_areas(person, "areas", agreed=True)
    if also.get("searches"):
        actions.agree_to_areas(person, "searches", agreed=True)


def cells(person):
    return {row.cell for row in AreaCell.objects.filter(person=person)}


def test_nothing_is_kept_before_somebody_agrees(shop, consumer, books_balance):
    make_purchase(shop, consumer)
    actions.note_search(consumer, 31.2, 121.4)
    assert actions.work_out(consumer) == 0
    assert actions.work_out_due(timezone.now()) == 0
    assert not AreaCell.objects.exists() and not SearchCell.objects.exists()
    books_balance()


def test_purchases_make_a_square_and_the_ledger_says_in_which_words(shop, consumer, books_balance):
    make_purchase(shop, consumer)
    make_purchase(shop, consumer)
    agree(consumer)
    agree(consumer)
    row = AreaCell.objects.get()
    assert row.cell == cell_of(shop.location.y, shop.location.x)
    assert (row.purchases, row.searches) == (2, 0)
    said = AreaConsent.objects.values_list("purpose", "agreed", "text_version")
    assert list(said) == [("areas", True, "2026-11-22")]
    books_balance()


def test_searches_count_only_when_agreed_to_and_only_as_squares(consumer, books_balance):
    agree(consumer)
    actions.note_search(consumer, 31.2304, 121.4737)
    assert not SearchCell.objects.exists()
    actions.agree_to_areas(consumer, "searches", agreed=True)
    for _ in range(3):
        actions.note_search(consumer, 31.2304, 121.4737)
    row = SearchCell.objects.get()
    assert (row.times, row.cell) == (3, cell_of(31.2304, 121.4737))
    assert {field.name for field in SearchCell._meta.fields} == {
        "id",
        "row",
        "column",
        "person",
        "on",
        "times",
    }
    actions.work_out(consumer)
    assert AreaCell.objects.get().searches == 3
    books_balance()


def test_searches_cannot_be_noted_without_areas(consumer):
    with pytest.raises(AreasAreOff):
        actions.agree_to_areas(consumer, "searches", agreed=True)
    with pytest.raises(IntegrityError, match="searches_are_noted_only_for_areas"), transaction.atomic():
        Interests.objects.update_or_create(person=consumer, defaults={"searches_on": True})


def test_off_means_gone(shop, consumer, books_balance):
    make_purchase(shop, consumer)
    agree(consumer, searches=True)
    actions.note_search(consumer, 31.3, 121.5)
    actions.add_area(consumer, 31.4, 121.6)
    actions.remove_area(consumer, cell_of(31.3, 121.5))
    actions.agree_to_areas(consumer, "areas", agreed=False)
    for model in (AreaCell, SearchCell, LeftOut):
        assert not model.objects.filter(person=consumer).exists()
    assert [(c.purpose, c.agreed) for c in AreaConsent.objects.order_by("pk")] == [
        ("areas", True),
        ("searches", True),
        ("searches", False),
        ("areas", False),
    ]
    tables = [
        name for name in connection.introspection.table_names() if "areacell" in name or "searchcell" in name
    ]
    assert sorted(tables) == ["consumers_areacell", "consumers_searchcell"]  # no copy in any history
    books_balance()


def test_a_square_taken_away_does_not_come_back_and_cannot_be_read_from_what_is_kept(shop, consumer):
    make_purchase(shop, consumer)
    agree(consumer)
    (cell,) = cells(consumer)
    actions.remove_area(consumer, cell)
    actions.work_out(consumer, moment=timezone.now() + timedelta(days=7))
    assert cells(consumer) == set()
    kept = bytes(LeftOut.objects.get().digest)
    assert str(cell).encode() not in kept and len(kept) == 32
    actions.add_area(consumer, *cell.centre)
    assert cells(consumer) == {cell}


def test_an_own_square_stays_when_the_others_are_worked_out_anew(shop, consumer):
    agree(consumer)
    actions.add_area(consumer, 31.5, 121.7)
    actions.add_area(consumer, 31.5, 121.7)
    make_purchase(shop, consumer)
    assert actions.work_out(consumer) == 2
    assert actions.work_out(consumer, moment=timezone.now() + timedelta(days=200)) == 1
    assert cells(consumer) == {cell_of(31.5, 121.7)}


def test_the_task_works_out_each_person_once_a_week_and_forgets_old_searches(shop, consumer):
    now = timezone.now()
    agree(consumer, searches=True)
    assert actions.work_out_due(now) == 0
    assert actions.work_out_due(now + timedelta(days=7)) == 1
    actions.note_search(consumer, 31.2, 121.4, moment=now - timedelta(days=31))
    actions.note_search(consumer, 31.2, 121.4, moment=now)
    assert actions.forget_old_searches(now.date()) == 1


def test_a_command_explains_reason_by_reason_why_a_square_is_there(shop, consumer):
    def told(*arguments):
        out = StringIO()
        call_command("explain_area", *arguments, stdout=out)
        return out.getvalue()

    assert "has not agreed" in told(consumer.pk)
    make_purchase(shop, consumer, moment=timezone.now() - timedelta(days=30))
    agree(consumer, searches=True)
    actions.note_search(consumer, shop.location.y, shop.location.x)
    actions.work_out(consumer)
    (cell,) = cells(consumer)
    assert str(cell) in told(consumer.pk)
    why = told(consumer.pk, str(cell))
    assert "purchase   × 1  counts 1.500" in why
    assert "search     × 1  counts 1.000" in why
    assert "together 2.500" in why
    assert "is not among" in told(consumer.pk, "1:1")
    with pytest.raises(CommandError):
        call_command("explain_area", consumer.pk, "nowhere")
    with pytest.raises(CommandError):
        call_command("explain_area", 10**9)


def test_the_page_says_it_in_words_and_on_a_map_and_every_button_works(shop, consumer):
    client = client_of(consumer, language="en")
    make_purchase(shop, consumer)
    assert "Yes, work out my usual areas" in client.get("/me/following/").content.decode()
    send = lambda **data: client.post("/me/following/areas/", data)  # noqa: E731
    assert send(areas="yes")["Location"] == "/me/following/#areas"
    page = client.get("/me/following/").content.decode()
    assert "1 purchase" in page and "<svg" in page and "Only I see them" in page
    (cell,) = cells(consumer)
    send(remove=str(cell))
    assert cells(consumer) == set()
    send(add="31.5,121.7")
    send(searches="yes")
    client.get("/me/following/")
    client.post("/nearby/from/", {"point": "31.9,121.1", "next": "/nearby/"})
    assert SearchCell.objects.get().cell == cell_of(31.9, 121.1)
    send(areas="no")
    assert not AreaCell.objects.exists()
    for nonsense in ("x", "999:999:1", "\x00", "1:2' OR 1=1"):
        assert send(remove=nonsense, add=nonsense).status_code == 302


def test_who_has_not_agreed_searches_without_one_more_query(consumer, tree):
    client = client_of(consumer)
    client.get("/search/?q=x")
    with CaptureQueriesContext(connection) as queries:
        client.get("/search/?q=x")
    assert not [q for q in queries.captured_queries if "searchcell" in q["sql"]]


def test_no_page_of_a_merchant_asks_for_where_anybody_is_only_how_many_are_near(shop):
    """Every console page, visited by the owner of a merchant whose customer has agreed to everything."""
    world = World()
    agree(world.consumer, searches=True)
    actions.add_area(world.consumer, 31.2304, 121.4737)
    seen = 0
    for route in routes():
        if not route.path.startswith("/m/<") or "GET" not in (route.access or {}):
            continue
        from tests.kernel.test_routes import path_of

        path = path_of(route, world)
        with CaptureQueriesContext(connection) as queries:
            world.browsers["owner"].get(path)
        asked = [
            q["sql"]
            for q in queries.captured_queries
            if any(table in q["sql"] for table in THEIRS) and not q["sql"].startswith("SELECT COUNT(*)")
        ]
        assert asked == [], path
        seen += 1
    assert seen > 15


def test_nothing_above_or_below_knows_the_models_of_areas():
    from pathlib import Path

    from django.conf import settings

    for app in ("crm", "complaints", "orders", "coupons", "loyalty", "merchants"):
        for file in (Path(settings.ROOT) / app).rglob("*.py"):
            text = file.read_text("utf-8")
            assert not any(name in text for name in ("AreaCell", "SearchCell", *THEIRS)), file


def test_others_squares_are_nobodys(consumer, shop):
    make_purchase(shop, consumer)
    agree(consumer)
    (cell,) = cells(consumer)
    client_of(make_user()).post("/me/following/areas/", {"remove": str(cell)})
    assert cells(consumer) == {cell}


def test_the_page_costs_the_same_with_ten_and_with_a_hundred_of_everything(consumer, hair, merchant):
    agree(consumer)
    client, costs = client_of(consumer), []
    for count in (5, 60):
        for number in range(count):
            place = make_shop(merchant, name=f"店 {count} {number}", category=hair)
            actions.follow_shop(consumer, place)
        client.get("/me/following/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/me/following/")
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_map_of_two_cities_shows_the_one_with_most(consumer):
    agree(consumer)
    actions.add_area(consumer, 31.2304, 121.4737)
    actions.add_area(consumer, 39.9042, 116.4074)
    squares = shown(list(AreaCell.objects.order_by("pk")))
    assert drawn(squares)["left_out"] == 1
    assert drawn([]) is None


SABOTAGE = {
    "I30": "UPDATE consumers_interests SET areas_on = false, searches_on = false",
    "I56": "UPDATE consumers_interests SET searches_on = true",
}


@pytest.mark.sabotages("I30", "I56")
@pytest.mark.parametrize("code", SABOTAGE)
def test_what_is_broken_by_force_is_reported(consumer, code):
    agree(consumer)
    actions.add_area(consumer, 31.2304, 121.4737)
    check = next(one for one in all_invariants() if one.code == code)
    assert check.broken() == (0, [])
    with connection.cursor() as cursor:
        cursor.execute(SABOTAGE[code])
    expected = AreaCell.objects.get().pk if code == "I30" else consumer.pk
    assert expected in check.broken()[1]
