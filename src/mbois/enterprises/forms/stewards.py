"""Forms of those who keep the registry in order: merging, settling, importing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mbois.enterprises.imports import COLUMNS
from mbois.enterprises.models import ImportRun
from mbois.places.models import Region
from mbois.places.numbers import typed
from mbois.web.forms import Form


class NumberForm(Form):
    """The number of the other record."""

    number = forms.CharField(
        label=_("Registry number of the other record"),
        max_length=20,
        widget=forms.TextInput({"placeholder": "U-3573-000123", "autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        given = str(self.cleaned_data["number"]).strip().upper()
        found = typed(given)
        return found[1] if found else given


class SettleForm(Form):
    """What was found out about the same NIK in two regions."""

    note = forms.CharField(
        label=_("What was found out"), widget=forms.Textarea({"rows": 4}), max_length=2000, required=False
    )


class UploadForm(Form):
    """A file of enterprises, and the region it is for."""

    region = forms.ModelChoiceField(queryset=Region.objects.none(), label=_("Region"), empty_label=None)
    file = forms.FileField(
        label=_("File (XLSX or CSV)"),
        help_text=_("The first line has the headings. At most 25 MB and 100,000 lines."),
        widget=forms.FileInput({"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
    )

    def __init__(self, *args: Any, regions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["region"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Region.objects.filter(pk__in=regions)
        if len(regions) == 1:
            field.widget = forms.HiddenInput()
            field.initial = regions[0]


class MappingForm(Form):
    """Which column of a file is which field: one choice for each heading."""

    def __init__(self, *args: Any, run: ImportRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = {place: key for key, place in run.mapping.items()}
        choices = [("", _("– leave out –")), *((column.key, column.label) for column in COLUMNS)]
        self.headings = list(run.columns)
        for place, heading in enumerate(run.columns):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=heading or _("(no heading)"),
                choices=choices,
                required=False,
                initial=fields.get(place, ""),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        taken: dict[str, str] = {}
        for name, key in list(cleaned.items()):
            if key and key in taken:
                self.add_error(name, _("Another column is this already."))
            elif key:
                taken[key] = name
        return cleaned

    @property
    def mapping(self) -> dict[str, int]:
        """{"name": 0, "village": 3}"""
        return {key: int(name.removeprefix("column-")) for name, key in self.cleaned_data.items() if key}
