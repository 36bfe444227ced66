"""The forms of the books."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.web.forms import DayField, Form


class SpanForm(Form):
    """From one day to another."""

    since = DayField(label=_("From"), required=False, latest=clock.today)
    until = DayField(label=_("Until"), required=False, latest=clock.today)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day lies before the first."))
        return cleaned


class DayForm(Form):
    """The end of one day."""

    on = DayField(label=_("At the end of"), required=False, latest=clock.today)


class CloseForm(Form):
    """The last day to close."""

    through = DayField(
        label=_("Close the books up to and with"),
        latest=lambda: clock.today() - timedelta(days=1),
        help_text=_("Nothing can be dated on or before this day any more. This cannot be undone."),
    )
