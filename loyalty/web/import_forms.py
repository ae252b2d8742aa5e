"""The file of members, and which of its columns is what."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from openpyxl.utils import get_column_letter

from loyalty.actions.importing import offered
from loyalty.importing.cells import REGIONS, as_text
from loyalty.importing.files import MOST_BYTES, Row, Table, TooLarge
from loyalty.importing.headers import LOOKED_AT, Field
from loyalty.models import Level, MemberImport
from portal.kernel.forms import CleanTextMixin, KeyedForm

LABELS: dict[str, Any] = {field.value: field.label for field in Field} | {
    "principal": _("Balance paid in"),
    "bonus": _("Bonus balance"),
}
COUNTRIES: dict[str, Any] = {
    "CN": _("Mainland China"),
    "TW": _("Taiwan"),
    "HK": _("Hong Kong"),
    "MO": _("Macao"),
    "SG": _("Singapore"),
    "MY": _("Malaysia"),
    "JP": _("Japan"),
    "KR": _("South Korea"),
    "US": _("United States"),
    "GB": _("United Kingdom"),
    "DE": _("Germany"),
    "FR": _("France"),
}
SAMPLES = 3


class UploadForm(KeyedForm):
    file = forms.FileField(
        label=_("Member list"),
        help_text=_("Excel (.xlsx) or CSV, up to 5 MB and 20,000 rows"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,text/csv"}),
        error_messages={"required": _("Choose a file first"), "empty": _("This file is empty.")},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(str(TooLarge()))
        return file


class SheetForm(CleanTextMixin):
    sheet = forms.ChoiceField(label=_("Sheet"))

    def __init__(self, *args: Any, table: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(name, name) for name in table.sheets]  # type: ignore[attr-defined]
        self.fields["sheet"].initial = table.sheet


class ColumnsForm(CleanTextMixin):
    """One choice of column for each thing that can be brought along; guesses are filled in."""

    def __init__(self, *args: Any, batch: MemberImport, table: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns_of(table.rows, batch.header)
        choices = [("", pgettext_lazy("column", "not in the file")), *self.columns]
        for name in offered():
            self.fields[name] = forms.ChoiceField(
                label=LABELS[name], choices=choices, required=False, initial=batch.mapping.get(name, "")
            )
        self.fields["region"] = forms.ChoiceField(
            label=_("Country of phone numbers without +"),
            choices=[(code, COUNTRIES[code]) for code in REGIONS],
            initial=batch.region,
        )
        self.fields["header"] = forms.TypedChoiceField(
            label=_("Row with the names of the columns"),
            coerce=int,
            choices=[
                (place, f"{place + 1} · {_joined(row)}")
                for place, row in enumerate(table.rows[:LOOKED_AT])
                if _joined(row)
            ],
            initial=batch.header,
        )

    def chosen(self) -> dict[str, Any]:
        data = self.cleaned_data
        mapping = {name: int(data[name]) for name in offered() if data.get(name)}
        return {"mapping": mapping, "header": data["header"], "region": data["region"]}


class LevelNamesForm(CleanTextMixin):
    """Which of the levels each name on the list means; guesses are filled in."""

    def __init__(self, *args: Any, batch: MemberImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = Level.objects.filter(programme__merchant=batch.merchant_id, rank__gt=0).in_use()
        choices: list[tuple[int, Any]] = [(0, pgettext_lazy("level", "none"))]
        choices += [(level.rank, level.title) for level in levels.order_by("rank")]
        self.places = {f"level_{place}": name for place, name in enumerate(batch.levels)}
        for place, name in self.places.items():
            said = batch.levels[name]
            self.fields[place] = forms.TypedChoiceField(
                label=name, coerce=int, choices=choices, initial=said["rank"] or 0
            )
            self.fields[place].help_text = ngettext("%(n)d row", "%(n)d rows", said["rows"]) % {
                "n": said["rows"]
            }
        self.fields["until"] = forms.DateField(
            label=_("Until, inclusive"),
            widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            initial=batch.level_until,
            help_text=_("Until then a level stays; after that it is what the member has earned here."),
        )

    @property
    def names(self) -> list[Any]:
        return [self[place] for place in self.places]

    def chosen(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"ranks": {name: data[place] for place, name in self.places.items()}, "until": data["until"]}


def columns_of(rows: list[Row], header: int) -> list[tuple[str, str]]:
    """Column index → its letter, its name and a value from below."""
    below = rows[header + 1 : header + 1 + 20]
    width = max((len(row) for row in rows[header : header + 1 + 20]), default=0)
    found = []
    for column in range(width):
        name = as_text(_at(rows[header], column), 24) if rows else ""
        sample = next((said for row in below if (said := as_text(_at(row, column), 24))), "")
        if name or sample:
            words = " · ".join(word for word in (get_column_letter(column + 1), name, sample) if word)
            found.append((str(column), words))
    return found


def _at(row: Row, column: int) -> Any:
    return row[column] if column < len(row) else None


def _joined(row: Row) -> str:
    said = [as_text(cell, 16) for cell in row]
    return ", ".join(word for word in said if word)[:60]
