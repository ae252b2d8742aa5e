"""The figures as pages and files show them: a summary, a chart, and tables of one shape."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from complaints import figures
from complaints.causes.costs import Cost
from complaints.figures import OURS, Answers, Kept, Measured, Scope, Side
from complaints.models import ClockKind, Grade, RemedyKind
from complaints.reasons.tree import reason_tree
from complaints.remedying import spending
from complaints.remedying.spending import Spent
from merchants.models import Category, Merchant
from portal.kernel.charts import Chart, chart
from portal.kernel.dates import day, span
from portal.kernel.money import format_money

MANY_PERIODS = 62  # days told one by one; a table of more is for a spreadsheet
MEASURES = (
    pgettext_lazy("count", "Reported"),
    gettext_lazy("Ended"),
    gettext_lazy("Still open"),
    gettext_lazy("Half ended within (hours)"),
    gettext_lazy("Nine of ten ended within (hours)"),
    gettext_lazy("Remedies done"),
    gettext_lazy("Remedies still owed"),
)


@dataclass(frozen=True)
class Line:
    """``plain`` is what a spreadsheet reads instead of the label: a period that sorts."""

    label: str
    measured: Measured
    plain: str = ""

    @property
    def half(self) -> str:
        return lasting(self.measured.half)

    @property
    def most(self) -> str:
        return lasting(self.measured.most)


@dataclass(frozen=True)
class Table:
    caption: Any
    first: Any  # what stands in the first column
    lines: list[Line]


@dataclass(frozen=True)
class Promise:
    label: str
    kept: Kept

    @property
    def share(self) -> str:
        return "–" if self.kept.share is None else f"{self.kept.share:.0%}"


@dataclass(frozen=True)
class CostLine:
    """``depth`` in the tree of causes; sums in minor units."""

    label: str
    cases: int
    worth: int
    owed: int
    depth: int = 0


@dataclass(frozen=True)
class CostTable:
    caption: Any
    first: Any
    lines: list[CostLine]


@dataclass(frozen=True)
class Figures:
    scope: Scope
    whole: Line
    before: Measured
    chart: Chart
    promises: list[Promise]
    tables: list[Table]
    answers: Answers
    answered: Chart | None
    costs: list[CostTable]
    spent: Chart | None  # what remedies cost over time; none without any


def figures_of(scope: Scope) -> Figures:
    parts, kept, answers, by_cause, by_kind = figures.asked(
        scope,
        *(figures.parts(*Side), figures.TIMELINESS, figures.SATISFACTION),
        *(spending.BY_CAUSE, spending.BY_KIND),
    )
    periods = [
        Line(period_in_words(one.key, scope.grain), one, plain=period(one.key, scope.grain))
        for one in parts.each_period(scope)
    ]
    counted = [(line.label, line.measured.filed) for line in periods]
    by_period = Table(_("Over time"), _("Period"), periods)
    scored = [(str(score), count) for score, count in answers.by_score.items()]
    spent = [(line.label, line.measured.worth) for line in periods]
    return Figures(
        scope=scope,
        whole=Line(_("All cases"), parts.whole),
        before=figures.whole(figures.before(scope)),
        chart=chart(_("Cases reported"), counted),
        promises=[Promise(str(ClockKind(one.kind).label), one) for one in kept],
        tables=[by_period, *(_side(side, parts.sides[side]) for side in Side)],
        answers=answers,
        answered=chart(_("Answers by score, 5 is best"), scored) if answers.answered else None,
        costs=[table for table in (_by_cause(*by_cause), _by_kind(by_kind)) if table.lines],
        spent=chart(_("Cost of remedies"), spent, format_money)
        if any(cost for _label, cost in spent)
        else None,
    )


def _by_cause(said: list[Cost], unsaid: Spent | None) -> CostTable:
    lines = [CostLine(str(row.cause.name), row.cases, row.worth, row.promised, row.depth) for row in said]
    if unsaid:
        lines.append(CostLine(_("Not said"), unsaid.cases, unsaid.worth, unsaid.owed))
    return CostTable(_("Cases and remedies by cause"), _("Cause"), lines)


def _by_kind(spent: list[Spent]) -> CostTable:
    lines = [CostLine(str(RemedyKind(one.key).label), one.cases, one.worth, one.owed) for one in spent]
    return CostTable(_("Remedies by kind"), _("What was given"), lines)


def _side(side: Side, parts: list[Measured]) -> Table:
    called = _NAMES[side]([part.key for part in parts])
    return Table(_BY[side], side.label, [Line(called(part.key), part) for part in parts])


def period(begins: date, grain: str) -> str:
    return f"{begins:%Y-%m}" if grain == figures.Grain.MONTH else begins.isoformat()


def period_in_words(begins: date, grain: str) -> str:
    return date_format(begins, "YEAR_MONTH_FORMAT") if grain == figures.Grain.MONTH else day(begins)


def lasting(hours: float | None) -> str:
    return "–" if hours is None else span(timedelta(hours=hours))


def _merchants(keys: list[Any]) -> Callable[[Any], str]:
    names = Merchant.objects.in_bulk([key for key in keys if key])
    return lambda key: names[key].name if key in names else _("No merchant")


def _categories(keys: list[Any]) -> Callable[[Any], str]:
    known = {category.slug: category for category in Category.objects.filter(slug__in=keys)}
    return lambda key: str(known[key]) if key in known else key or _("Not said")


def _reasons(keys: list[Any]) -> Callable[[Any], str]:
    tree = reason_tree()
    return lambda key: tree.called(key) or _("Not said")


def _choices(labels: dict[str, Any]) -> Callable[[list[Any]], Callable[[Any], str]]:
    return lambda keys: lambda key: str(labels.get(key, "")) or _("Not said")


def _sources(keys: list[Any]) -> Callable[[Any], str]:
    return lambda key: _("Reported here") if key == OURS else str(key)


_NAMES: dict[Side, Callable[[list[Any]], Callable[[Any], str]]] = {
    Side.MERCHANT: _merchants,
    Side.CATEGORY: _categories,
    Side.REASON: _reasons,
    Side.GRADE: _choices(dict(Grade.choices)),
    Side.SOURCE: _sources,
}
_BY = {
    Side.MERCHANT: gettext_lazy("By merchant"),
    Side.CATEGORY: gettext_lazy("By category"),
    Side.REASON: gettext_lazy("By reason"),
    Side.GRADE: gettext_lazy("By grade"),
    Side.SOURCE: gettext_lazy("By where they come from"),
}


def head() -> list[str]:
    return [_("Table"), pgettext("figures", "Which one"), *(str(word) for word in MEASURES)]


def rows(told: Figures) -> Iterator[list[Any]]:
    """The same as on the page, for a spreadsheet: numbers stay numbers, every row is as long."""
    columns = len(head())
    return ([*row, *[""] * (columns - len(row))] for row in _rows(told))


def _rows(told: Figures) -> Iterator[list[Any]]:
    yield _row(_("All"), told.whole)
    for table in told.tables:
        for line in table.lines:
            yield _row(str(table.caption), line)
    for promise in told.promises:
        kept = promise.kept
        yield [_("Promises kept"), promise.label, kept.kept + kept.late, kept.kept, kept.running]
    for costs in told.costs:
        for cost in costs.lines:
            sums = [_money(cost.worth), _money(cost.owed)]
            yield [str(costs.caption), "– " * cost.depth + cost.label, cost.cases, "", "", "", "", *sums]

    answers = told.answers
    said = _("Satisfaction")
    yield [said, _("Asked"), answers.asked, answers.answered, answers.asked - answers.answered]
    for score, count in answers.by_score.items():
        yield [said, score, count]


def _row(name: str, line: Line) -> list[Any]:
    one = line.measured
    hours = ["" if spent is None else round(spent, 2) for spent in (one.half, one.most)]
    sums = [_money(one.worth), _money(one.owed)]
    return [name, line.plain or line.label, one.filed, one.ended, one.open, *hours, *sums]


def _money(minor: int) -> Decimal:
    """A number in the currency's major unit, for a spreadsheet."""
    return Decimal(minor).scaleb(-settings.CURRENCY_EXPONENT)
