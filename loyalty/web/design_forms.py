"""What each step of the card designer asks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.look.contrast import MOST_SCRIM, SCRIM_STEP
from loyalty.look.cutting import LEAST_PART, Crop
from loyalty.models import FACES, DesignVersion, Layout, NumberStyle, Pattern
from loyalty.models.designs import OWN, PERMILLE
from loyalty.web.forms import NAMES
from portal.kernel.forms import CleanTextMixin


class GalleryForm(CleanTextMixin):
    """Which of the twelve faces, and what is drawn on it."""

    face = forms.ChoiceField(label=_("Face"), choices=[(face, NAMES[face]) for face in FACES], required=False)
    pattern = forms.ChoiceField(label=_("Pattern"), choices=Pattern.choices, widget=forms.RadioSelect)

    @classmethod
    def showing(cls, version: DesignVersion) -> "GalleryForm":
        return cls(initial={"face": version.face, "pattern": version.pattern})

    def said(self) -> dict[str, Any]:
        """Without a face chosen the card keeps its own colour."""
        data = self.cleaned_data
        return {name: data[name] for name in ("face", "pattern") if data[name]}


class PictureForm(CleanTextMixin):
    """Where the picture lies, which part of it, and how dark it is under text."""

    layout = forms.ChoiceField(label=_("Where"), choices=Layout.choices[1:], widget=forms.RadioSelect)
    x = forms.IntegerField(label=_("From the left"), min_value=0, max_value=PERMILLE, required=False)
    y = forms.IntegerField(label=_("From the top"), min_value=0, max_value=PERMILLE, required=False)
    width = forms.IntegerField(
        label=_("Width of the part"), min_value=LEAST_PART, max_value=PERMILLE, required=False
    )
    scrim = forms.IntegerField(label=_("Darken by (%)"), min_value=0, max_value=MOST_SCRIM, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, step in (("x", 5), ("y", 5), ("width", 5), ("scrim", SCRIM_STEP)):
            widget: Any = self.fields[name].widget
            widget.input_type = "range"
            widget.attrs["step"] = step

    @classmethod
    def showing(cls, version: DesignVersion) -> "PictureForm":
        placed = version.layout if version.layout != Layout.NONE else Layout.FULL
        at = {"x": version.crop_x, "y": version.crop_y, "width": version.crop_width}
        return cls(initial={"layout": placed, "scrim": version.scrim, **at})

    def crop(self) -> Crop | None:
        data = self.cleaned_data
        if data["width"] is None:
            return None
        return Crop(data["x"] or 0, data["y"] or 0, data["width"])


class UploadForm(CleanTextMixin):
    picture = forms.FileField(label=_("Picture"), widget=forms.FileInput(attrs={"accept": "image/*"}))


class TextForm(CleanTextMixin):
    """The words on the card, how its number is shown, and a colour of the shop's own."""

    name = forms.CharField(label=_("Name of the card"), max_length=30)
    slogan = forms.CharField(
        label=_("Slogan"), max_length=16, required=False, help_text=_("Up to 16 characters, on the card")
    )
    benefit_1 = forms.CharField(label=_("First benefit"), max_length=24, required=False)
    benefit_2 = forms.CharField(label=_("Second benefit"), max_length=24, required=False)
    benefit_3 = forms.CharField(label=_("Third benefit"), max_length=24, required=False)
    number_style = forms.ChoiceField(
        label=_("Number on the card"), choices=NumberStyle.choices, widget=forms.RadioSelect
    )
    own = forms.BooleanField(label=_("A colour of our own instead of the face"), required=False)
    base = forms.RegexField(
        label=_("Our colour"),
        regex=r"^#[0-9a-fA-F]{6}$",
        required=False,
        widget=forms.TextInput(attrs={"type": "color"}),
        error_messages={"invalid": _("Enter a colour such as #0b5a49")},
    )

    @classmethod
    def showing(cls, version: DesignVersion) -> "TextForm":
        benefits = {f"benefit_{i}": text for i, text in enumerate(version.benefits, start=1)}
        words = {name: getattr(version, name) for name in ("name", "slogan", "number_style")}
        colour = {"own": version.face == OWN, "base": version.base or "#0b5a49"}
        return cls(initial={**words, **benefits, **colour})

    def said(self, version: DesignVersion) -> dict[str, Any]:
        data = self.cleaned_data
        given = [data[f"benefit_{i}"].strip() for i in (1, 2, 3)]
        said = {name: data[name] for name in ("name", "slogan", "number_style")}
        said["benefits"] = [benefit for benefit in given if benefit]
        if data["own"] and data["base"]:
            return said | {"face": OWN, "base": data["base"].lower()}
        return said | ({"face": FACES[0], "base": ""} if version.face == OWN else {})


class ReturnForm(forms.Form):
    number = forms.IntegerField(min_value=1)
