"""Real invoices at the counter: in order, shuffled, twice and killed midway, the points are the same."""

import csv
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from orders import replaying
from orders.actions import MOST
from orders.models import Purchase, PurchaseLine, Return
from orders.replaying import counter_for_replays, net_points
from orders.retail import journal_of, read_journal

SAMPLE = Path(__file__).parents[2] / "data" / "online_retail_sample.csv"
pytestmark = pytest.mark.usefixtures("hair")


def by_hand() -> dict[str, int]:
    """A point for each pound, each invoice rounded half up, what came back taken off."""
    totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    with SAMPLE.open() as lines:
        for row in csv.DictReader(lines):
            exact = Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])
            totals[row["CustomerID"], row["InvoiceNo"]] += exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    net: Counter[str] = Counter()
    for (customer, _invoice), total in totals.items():
        if customer and total:
            points = int(abs(total).quantize(Decimal(1), ROUND_HALF_UP))
            net[customer] += points if total > 0 else -points
    return dict(net)


def replay(*options: str) -> None:
    call_command("replay_sales", str(SAMPLE), *options, verbosity=0)


@pytest.fixture
def points_after(books_balance):
    """What each customer holds after a deed; the deed is undone afterwards."""

    def points_after(deed) -> dict[str, int]:
        with transaction.atomic():
            deed()
            net = net_points(counter_for_replays())
            books_balance()
            transaction.set_rollback(True)
        return net

    return points_after


@pytest.mark.parametrize(
    "options",
    [(), ("--shuffle", "1"), ("--shuffle", "7"), ("--twice",), ("--twice", "--shuffle", "3")],
    ids=" ".join,
)
def test_every_customer_has_the_same_points_in_whatever_order_and_however_often(points_after, options):
    assert points_after(lambda: replay(*options)) == by_hand()


def test_a_run_killed_in_the_middle_of_an_invoice_and_started_again_doubles_nothing(
    points_after, monkeypatch
):
    def killed_and_started_again() -> None:
        for turn in range(3):
            with monkeypatch.context() as patch:
                _pull_the_plug(patch, after=5 + turn)
                with pytest.raises(KeyboardInterrupt):
                    replay("--shuffle", "5")
        assert 0 < Purchase.objects.count() < 40
        replay()

    assert points_after(killed_and_started_again) == by_hand()


def _pull_the_plug(patch: pytest.MonkeyPatch, *, after: int) -> None:
    """All that an invoice writes is written, and lost with its transaction."""
    told = iter(range(10_000))

    def tell(purchase):
        if next(told) >= after:
            raise KeyboardInterrupt

    patch.setattr("orders.actions.sales._tell", tell)


def test_some_customers_owe_points_and_a_bill_has_74215_pieces(hair):
    replay()
    net = net_points(counter_for_replays())
    assert min(net.values()) < 0 < max(net.values())
    assert PurchaseLine.objects.filter(quantity=74215).exists()
    assert Return.objects.filter(customer=None).exists()


def test_only_the_first_invoices_are_played_when_a_limit_is_given():
    replay("--limit", "5")
    assert Purchase.objects.count() + Return.objects.count() == 5


@pytest.mark.parametrize(
    ("exponent", "amounts"), [(0, [1, 2, 3]), (2, [61, 153, 250]), (3, [610, 1525, 2500])]
)
def test_prices_are_read_in_the_minor_unit_of_any_currency(exponent, amounts):
    rows = [row("1", price) for price in ("0.61", "1.525", "2.5")]
    (invoice,) = journal_of(rows, exponent, MOST).invoices
    assert [line.amount for line in invoice.lines] == amounts


def row(number: str, price: str, quantity: str = "1") -> dict[str, str]:
    return {
        "InvoiceNo": number,
        "Description": " MUG ",
        "Quantity": quantity,
        "InvoiceDate": "2010-12-01 08:26",
        "UnitPrice": price,
        "CustomerID": "17850",
    }


def test_what_no_counter_can_play_is_left_out_and_counted():
    rows = [
        row("1", "0"),
        row("2", "100000.01"),
        row("3", "5"),
        row("3", "2", "-1"),
        row("4", "5", "-1"),
    ]
    journal = journal_of(rows, 2, MOST)
    assert [invoice.number for invoice in journal.invoices] == ["4"]
    assert journal.left_out == {
        "worth nothing": 1,
        "more than a counter takes": 1,
        "sold and taken back in one": 1,
    }


def test_lines_of_one_invoice_that_stand_apart_are_one_sale():
    journal = journal_of([row("1", "5"), row("2", "7"), row("1", "3")], 2, MOST)
    assert [(invoice.number, invoice.amount) for invoice in journal.invoices] == [("1", 800), ("2", 700)]


def test_the_sample_is_read_whole():
    journal = read_journal(SAMPLE, 2, MOST)
    assert len(journal.invoices) + journal.left_out.total() == 55


def test_a_file_of_something_else_is_refused_in_one_line(tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="InvoiceNo"):
        call_command("replay_sales", str(other), verbosity=0)


def test_the_replay_has_one_merchant_however_often_it_starts():
    assert counter_for_replays() == counter_for_replays()
    assert replaying.counter_for_replays().shop.merchant.name == "Replayed sales"
