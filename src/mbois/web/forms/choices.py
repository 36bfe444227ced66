"""One of a long list, found by typing."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mbois.web import choices


class SearchChoice(forms.Widget):
    """A text box with suggestions; the chosen value travels beside it. Without JavaScript the text is
    sent, and where it fits several, they are offered to choose from."""

    template_name = "web/widgets/search_choice.html"

    def __init__(
        self, source: str, attrs: dict[str, Any] | None = None, *, among: Sequence[str] = ()
    ) -> None:
        self.source, self.among = source, among
        super().__init__(attrs)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        text = str(data.get(f"{name}_text", "")).strip()
        value = str(data.get(name, "")).strip()
        picked = str(data.get(f"{name}_pick", "")).strip()
        return {"value": picked or value, "text": text}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_text" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, None, attrs)
        given = value if isinstance(value, dict) else {"value": str(value or ""), "text": ""}
        option = choices.source(self.source).find(given["value"]) if given["value"] else None
        context["source"], context["among"] = self.source, ",".join(self.among)
        context["value"] = option.value if option else ""
        context["text"] = option.label if option else given["text"]
        context["offered"] = (
            [] if option or not given["text"] else choices.suggestions(self.source, given["text"], self.among)
        )
        return context


class SearchChoiceField(forms.Field):
    """One option of a registered source; cleans to its value (str) or ""."""

    default_error_messages = {
        "several": _("Several fit. Choose one of them."),
        "unknown": _("Nothing found for “%(text)s”. Try another word."),
    }

    def __init__(self, *, source: str, **kwargs: Any) -> None:
        self.source = source
        self.among: Sequence[str] = ()
        kwargs.setdefault("widget", SearchChoice(source))
        super().__init__(**kwargs)

    def offer(self, among: Sequence[str]) -> None:
        """Suggest only what lies in these parts of the list. Whether another value may be chosen is for
        a rule to say."""
        self.among = self.widget.among = among

    def to_python(self, value: Any) -> str:
        given = value if isinstance(value, dict) else {"value": str(value or ""), "text": ""}
        source = choices.source(self.source)
        option = source.find(given["value"]) if given["value"] else None
        # a text changed after choosing counts more than the old choice
        if option and (not given["text"] or given["text"] == option.label):
            return option.value
        if not given["text"]:
            return ""
        found = choices.suggestions(self.source, given["text"], self.among)
        exact = [one for one in found if one.label.casefold() == given["text"].casefold()]
        if option and option in found:
            return option.value
        if len(found) == 1 or len(exact) == 1:
            return (exact or found)[0].value
        if found:
            raise ValidationError(self.error_messages["several"], code="several")
        raise ValidationError(self.error_messages["unknown"], code="unknown", params={"text": given["text"]})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(initial or "") != str((data or {}).get("value", ""))
