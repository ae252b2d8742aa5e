"""Which level of the programme a word on an old list means: 金卡, 金卡会员 and Gold Member are one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from loyalty.importing.headers import folded
from loyalty.importing.judging import Read
from loyalty.models import Level, MemberImport

MOST_NAMES = 20  # a column with more of them is no column of levels
HOLDS_FOR = timedelta(days=365)
# What is left of a name without these is what tells one level from another.
FILLING = (
    "会员",
    "等级",
    "级别",
    "用户",
    "顾客",
    "客户",
    "级",
    "卡",
    "membership",
    "member",
    "card",
    "level",
    "tier",
    "vip",
)
# More exact words first: 白金 is not 金.
KINDS: dict[str, tuple[str, ...]] = {
    "platinum": ("白金", "铂金", "platinum"),
    "diamond": ("钻", "diamond"),
    "black": ("黑", "black"),
    "gold": ("金", "gold"),
    "silver": ("银", "silver"),
    "bronze": ("铜", "bronze"),
    "first": ("普通", "普", "一般", "初", "ordinary", "regular", "basic", "standard"),
}


def guess_rank(name: str, levels: Sequence[Level]) -> int | None:
    """The rank of the level that the name means, None when none or several could be meant."""
    said = _bare(name)
    titles = {_bare(word): level.rank for level in levels for word in (level.name, level.name_en) if word}
    if said in titles:
        return titles[said]
    kind = _kind(said)
    alike = {level.rank for level in levels if kind and kind in (_kind(level.name), _kind(level.name_en))}
    if kind == "first" and not alike:
        return 0
    return alike.pop() if len(alike) == 1 else None


def _bare(name: str) -> str:
    whole = said = folded(name)
    for word in FILLING:
        said = said.replace(word, "")
    return said or whole


def _kind(name: str) -> str:
    said = folded(name)
    return next((kind for kind, words in KINDS.items() if any(word in said for word in words)), "")


def hear_levels(batch: MemberImport, rows: Sequence[Read], today: date) -> None:
    """Note the names of levels in the readable rows; what was chosen for a name before stays chosen."""
    levels = list(Level.objects.filter(programme__merchant=batch.merchant_id, is_on=True).order_by("rank"))
    said = [row.facts.level for row in rows if not row.reasons and folded(row.facts.level)]
    spelled = {folded(name): name for name in reversed(said)}
    names = Counter(spelled[folded(name)] for name in said)
    batch.levels = _understood(names, batch.levels, levels) if levels else {}
    if batch.levels and (batch.level_until is None or batch.level_until <= today):
        batch.level_until = today + HOLDS_FOR
    batch.save(update_fields=["levels", "level_until"])


def _understood(
    names: Counter[str], before: Mapping[str, Any], levels: Sequence[Level]
) -> dict[str, dict[str, int | None]]:
    ranks, found = {level.rank for level in levels}, {}
    for name, rows in names.most_common(MOST_NAMES):
        chosen = before.get(name, {}).get("rank")
        found[name] = {"rows": rows, "rank": chosen if chosen in ranks else guess_rank(name, levels)}
    return found


def ranks_by_name(levels: Mapping[str, Any]) -> dict[str, int]:
    """Folded name → rank, for the names that lift somebody."""
    return {folded(name): said["rank"] for name, said in levels.items() if said["rank"]}
