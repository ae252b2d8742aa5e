"""Words and shapes that the components need: prices in parts, numbers in groups, form fields, monograms."""

import re
import unicodedata
import zlib
from dataclasses import dataclass

from django import template
from django.forms import BoundField, CheckboxInput, FileInput
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.kernel.money import format_money

register = template.Library()

HUES = 12
HONORIFIC = re.compile("(女士|先生|小姐|师傅|老师)$")


@register.filter
def grouped(number: str) -> str:
    """Twelve digits as people read them aloud: 4-4-4."""
    return " ".join(re.findall(".{1,4}", str(number)))


@register.filter
def spelled(number: str) -> str:
    """Digits apart, so that a screen reader says them one by one."""
    return " ".join(str(number))


@register.filter
def hue(text: str) -> int:
    """One of twelve hues, always the same for the same text."""
    return zlib.crc32(str(text).encode()) % HUES


@register.filter
def monogram(name: str, shape: str = "") -> str:
    """The last Han character of a person's name, the first letter of any other and of a shop's."""
    letters = [char for char in HONORIFIC.sub("", str(name)) if char.isalnum()]
    if not letters:
        return "·"
    person = shape != "shop" and unicodedata.name(letters[-1], "").startswith("CJK")
    return letters[-1] if person else letters[0].upper()


@register.filter
def price_mark(minor: int) -> SafeString:
    """A price as it is printed on a tag: the currency's symbol smaller than the number."""
    text = format_money(int(minor))
    number = text.lstrip("−¥$€£ ")
    return format_html('<span class="price-symbol">{}</span>{}', text[: len(text) - len(number)], number)


@register.filter
def price_from(minor: int) -> SafeString:
    """The least price; where the little word stands depends on the language ("from ¥38", "¥38 起")."""
    mark = format_html('<span class="price-now">{}</span>', price_mark(minor))
    # Translators: {price} is a price, the word says that others cost more.
    return format_html("<small>{}</small>", format_html(_("from {price}"), price=mark))


@register.filter
def percent_of(part: int, whole: int) -> int:
    return min(100, round(100 * part / whole)) if whole else 0


@dataclass(frozen=True)
class Described:
    """A bound field with everything that explains it tied to it for assistive technology."""

    shape: str  # "line", "check", "group"
    html: SafeString
    label: str
    hint: str
    optional: bool
    id: str
    hint_id: str
    error_id: str
    describedby: str
    errors: list[str]


@register.simple_tag
def described(field: BoundField, label: str = "", hint: str = "") -> Described:
    """Render the widget of `field` so that hint and errors are announced with it."""
    hint = hint or str(field.help_text)
    ident = field.id_for_label or field.auto_id
    group = field.field.widget.use_fieldset
    hint_id, error_id = f"{field.auto_id}_hint", f"{field.auto_id}_error"
    describedby = " ".join([hint_id] * bool(hint) + [error_id] * bool(field.errors))
    attrs: dict[str, str | bool] = {"aria-describedby": describedby} if describedby and not group else {}
    check = isinstance(field.field.widget, CheckboxInput)
    return Described(
        shape="group" if group else "check" if check else "line",
        html=field.as_widget(attrs=attrs),
        label=label or str(field.label),
        hint=hint,
        optional=not field.field.required and not check,
        id=field.auto_id if group else ident,
        hint_id=hint_id,
        error_id=error_id,
        describedby=describedby,
        errors=[str(error) for error in field.errors],
    )


@register.filter
def has_files(form: object) -> bool:
    return any(isinstance(field.widget, FileInput) for field in getattr(form, "fields", {}).values())
