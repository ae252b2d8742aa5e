"""Choosing a reason from the tree: in a select, or in two steps of one group of buttons."""

from typing import Any

from django import forms

from complaints.reasons.tree import Branch, reason_tree


class ReasonBranches(forms.RadioSelect):
    """The kinds first; below the chosen one the finer ones, which nobody has to choose.

    One group of radio buttons, so that it works without scripts; the style opens the chosen branch.
    """

    template_name = "complaints/widgets/reasons.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        options = {
            option["value"]: option
            for _group, group, _place in context["widget"]["optgroups"]
            for option in group
        }
        tree = reason_tree()
        for code, option in options.items():
            option["label"] = tree.of_code[code].name  # without the depth that a select shows by spaces
        offered = tree.offered()
        context["branches"] = [(options[one.reason.code], _below(one, options)) for one in offered]
        return context


def _below(branch: Branch, options: dict[str, Any]) -> list[Any]:
    found = []
    for one in branch.below:
        found += [options[one.reason.code], *_below(one, options)]
    return found


class ReasonField(forms.ChoiceField):
    """Cleans to the code."""

    def __init__(self, *, empty: Any = None, also_retired: bool = False, **kwargs: Any) -> None:
        def choices() -> list[tuple[str, Any]]:
            return reason_tree().choices(empty=empty, also_retired=also_retired)

        super().__init__(choices=choices, **kwargs)
