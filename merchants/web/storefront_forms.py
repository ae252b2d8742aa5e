"""What people fill in for the storefront beyond the wizard: promise, notices, services, pictures."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from merchants.models import Photo, PhotoKind, Service, Shop
from portal.kernel.forms import CleanTextMixin, KeyedForm

LONG, HANDBOOK = 2000, 4000


def _lines(label: Any, most: int, *, rows: int = 3, hint: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, required=False, widget=widget, help_text=hint)


class WordsForm(CleanTextMixin):
    """About, promise and good to know, in both languages."""

    promise = forms.CharField(
        label=_("Service promise"),
        max_length=200,
        required=False,
        help_text=_("One sentence that you keep, such as: not happy within 7 days, we cut again for free"),
    )
    promise_en = forms.CharField(label=_("Service promise in English"), max_length=300, required=False)
    about = _lines(_("About the shop"), LONG)
    about_en = _lines(_("About the shop, in English"), LONG)
    handbook = _lines(
        _("Good to know"), HANDBOOK, rows=5, hint=_("How it works here: parking, deposits, children, pets")
    )
    handbook_en = _lines(_("Good to know, in English"), HANDBOOK, rows=5)

    @classmethod
    def showing(cls, shop: Shop) -> "WordsForm":
        return cls(initial={name: getattr(shop, name) for name in cls.base_fields})


class NoticeForm(KeyedForm):
    """A notice with its first and last day."""

    text = forms.CharField(
        label=_("Notice"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what customers should know")},
    )
    text_en = _lines(_("The same in English"), 700)
    from_on = forms.DateField(
        label=_("Shown from"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Choose the first day"), "invalid": _("Choose the first day")},
    )
    until_on = forms.DateField(
        label=_("Shown until"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Empty: until you take it down"),
        error_messages={"invalid": _("Choose the last day, or leave it empty")},
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        first, last = values.get("from_on"), values.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", _("Choose a last day that isn't before the first"))
        return values


class PhotoWordsForm(CleanTextMixin):
    """What one picture shows, and its kind."""

    kind = forms.ChoiceField(label=_("Kind of photo"), choices=PhotoKind, initial=PhotoKind.FRONT)
    alt = forms.CharField(label=_("What does it show?"), max_length=120, required=False)
    alt_en = forms.CharField(label=_("The same in English"), max_length=160, required=False)

    @classmethod
    def showing(cls, photo: Photo) -> "PhotoWordsForm":
        initial = {"kind": photo.kind, "alt": photo.alt, "alt_en": photo.alt_en}
        return cls(initial=initial, auto_id=f"photo-{photo.pk}-%s")


class ServiceWordsForm(CleanTextMixin):
    """What a service includes, its picture, and the other outlets that offer it."""

    description = _lines(_("What is included"), LONG)
    description_en = _lines(_("What is included, in English"), LONG)
    photo = forms.ModelChoiceField(
        label=_("Photo"), queryset=Photo.objects.none(), required=False, empty_label=_("No photo")
    )
    outlets = forms.ModelMultipleChoiceField(
        label=_("Also offered at"),
        queryset=Shop.objects.none(),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, service: Service, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shop = service.shop
        self.fields["photo"].queryset = shop.photos.order_by("position", "pk")  # type: ignore[attr-defined]
        others = Shop.objects.filter(merchant=shop.merchant_id, closed_at=None).exclude(pk=shop.pk)
        others = others.filter(category__is_discovery_only=False).order_by("name", "pk")
        if others.exists():
            self.fields["outlets"].queryset = others  # type: ignore[attr-defined]
        else:
            del self.fields["outlets"]

    @classmethod
    def showing(cls, service: Service) -> "ServiceWordsForm":
        offering = Service.objects.offered().filter(
            name=service.name, shop__merchant=service.shop.merchant_id
        )
        initial = {name: getattr(service, name) for name in ("description", "description_en", "photo")}
        initial["outlets"] = offering.exclude(shop=service.shop).values_list("shop__slug", flat=True)
        return cls(service, initial=initial)
