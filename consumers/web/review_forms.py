"""What people fill in about a visit: five stars are enough, the rest is optional."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consumers.actions import MOST_PHOTOS, Said
from consumers.models import Aspect, Review, Rule, Tag
from merchants import photos
from merchants.photos import StoredPhoto
from portal.kernel.forms import CleanTextMixin, KeyedForm
from portal.kernel.refused import Refused

MOST_SAID = 2000
STARS = [
    ("1", _("1 star: bad")),
    ("2", _("2 stars: not good")),
    ("3", _("3 stars: all right")),
    ("4", _("4 stars: good")),
    ("5", _("5 stars: very good")),
]


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"  # what is there already is shown beside, not in it


class PhotosField(forms.FileField):
    """None, one or several files; cleans to a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(files) > MOST_PHOTOS:
            raise forms.ValidationError(
                _("These are %(count)d photos; a review shows up to %(most)d. Choose the best ones."),
                params={"count": len(files), "most": MOST_PHOTOS},
            )
        return [super(PhotosField, self).clean(one, initial) for one in files]


class AspectField(forms.TypedChoiceField):
    def __init__(self, aspect: Aspect) -> None:
        super().__init__(
            label=aspect.label,
            choices=STARS,
            coerce=int,
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
        )


class ReviewForm(KeyedForm):
    """Stars by themselves are a review; whoever has more to say can."""

    stars = forms.TypedChoiceField(
        label=_("How was it?"),
        choices=STARS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one to five stars"),
            "invalid_choice": _("Choose one to five stars"),
        },
    )
    tags = forms.MultipleChoiceField(
        label=_("What stood out?"), choices=Tag, required=False, widget=forms.CheckboxSelectMultiple
    )
    said = forms.CharField(
        label=_("In your words"),
        max_length=MOST_SAID,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "max_length": _(
                "This has %(show_value)d characters; the limit is %(limit_value)d. Shorten it a little"
            )
        },
    )
    service = AspectField(Aspect.SERVICE)
    environment = AspectField(Aspect.ENVIRONMENT)
    value = AspectField(Aspect.VALUE)
    photos = PhotosField(
        label=_("Photos"),
        required=False,
        widget=ManyFilesInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"empty": _("One of these files is empty. Choose another photo")},
    )
    is_named = forms.BooleanField(label=_("Show my name"), required=False)

    @property
    def what(self) -> Said:
        """What the verb takes, after ``is_valid``."""
        named = self.cleaned_data
        return Said(
            stars=named["stars"],
            service=named["service"],
            environment=named["environment"],
            value=named["value"],
            tags=named["tags"],
            said=named["said"],
            is_named=named["is_named"],
        )

    def stored(self) -> list[StoredPhoto]:
        """The photos as files of ours. Raises Refused for what is no photo, leaving nothing behind."""
        stored: list[StoredPhoto] = []
        try:
            stored.extend(photos.store(file) for file in self.cleaned_data["photos"])
        except Refused:
            for one in stored:
                photos.delete_files(one.stem)
            raise
        return stored


class EditForm(ReviewForm):
    """The same for what is there already; photos can go."""

    def __init__(
        self, data: Any = None, files: Any = None, *, review: Review, initial: dict[str, Any] | None = None
    ) -> None:
        names = ("stars", "tags", "said", "service", "environment", "value", "is_named")
        there_is = {name: getattr(review, name) for name in names} | (initial or {})
        super().__init__(data, files, initial=there_is)
        there = list(review.photos.order_by("pk"))
        self.fields["without"] = forms.TypedMultipleChoiceField(
            label=_("Take away"),
            choices=[(photo.pk, _("Photo %(number)d") % {"number": n}) for n, photo in enumerate(there, 1)],
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


class ReportForm(CleanTextMixin):
    rule = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=[pair for pair in Rule.choices if pair[0] != Rule.BURST],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong")},
    )
    said = forms.CharField(
        label=_("What should we know?"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(CleanTextMixin):
    said = forms.CharField(
        label=_("Your public answer"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": _("Write your answer first"),
            "max_length": _(
                "This has %(show_value)d characters; the limit is %(limit_value)d. Shorten it a little"
            ),
        },
    )
