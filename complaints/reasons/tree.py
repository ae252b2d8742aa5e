"""The tree of reasons as a value: read once, then asked for paths, subtrees and what can be chosen."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from complaints.models import Reason
from complaints.reasons.first import plant


@dataclass(frozen=True)
class Branch:
    """A reason with what stands below it, as far as it can still be chosen."""

    reason: Reason
    below: tuple["Branch", ...]


class Tree:
    def __init__(self, reasons: Iterable[Reason]) -> None:
        self.of_code = {reason.code: reason for reason in reasons}

    def __contains__(self, code: object) -> bool:
        return code in self.of_code

    @cached_property
    def _below(self) -> dict[str | None, list[Reason]]:
        found: dict[str | None, list[Reason]] = {}
        for reason in sorted(self.of_code.values(), key=lambda one: (one.position, one.pk)):
            found.setdefault(reason.parent_id, []).append(reason)
        return found

    def path(self, code: str) -> list[str]:
        """From the reason itself up to its root."""
        found = []
        while code in self.of_code:
            found.append(code)
            code = self.of_code[code].parent_id or ""
        return found

    def depth(self, code: str) -> int:
        return len(self.path(code))

    def holds(self, code: str | None, within: str | None) -> bool:
        """Whether the reason is the one asked for or stands below it; nothing asked for holds all."""
        return not within or within in self.path(code or "")

    def subtree(self, code: str) -> list[str]:
        return [one for one in self.of_code if self.holds(one, code)]

    def offered(self, parent: str | None = None) -> tuple[Branch, ...]:
        """What people can choose now, in the order that managers gave it."""
        return tuple(
            Branch(reason, self.offered(reason.code))
            for reason in self._below.get(parent, [])
            if not reason.is_retired
        )

    def choices(self, *, empty: Any = None, also_retired: bool = False) -> list[tuple[str, Any]]:
        """For a select: what stands below another reason is set in."""
        first = [] if empty is None else [("", empty)]
        return [*first, *self._listed(None, 0, also_retired)]

    def _listed(self, parent: str | None, depth: int, also_retired: bool) -> list[tuple[str, Any]]:
        found = []
        for reason in self._below.get(parent, []):
            if also_retired or not reason.is_retired:
                found.append((reason.code, "\u2003" * depth + reason.name))
                found += self._listed(reason.code, depth + 1, also_retired)
        return found

    def called(self, code: str) -> str:
        """With what it stands below: “Points, card or coupon › Coupon not accepted”."""
        return " › ".join(self.of_code[one].name for one in reversed(self.path(code)))


def reason_tree() -> Tree:
    """As it stands now; where there is none yet, the one that every portal begins with."""
    tree = Tree(Reason.objects.order_by("pk"))
    if not tree.of_code:
        plant(Reason)
        tree = Tree(Reason.objects.order_by("pk"))
    return tree
