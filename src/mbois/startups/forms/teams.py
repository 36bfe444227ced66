"""What a startup says of itself, and who belongs to it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mbois.enterprises.models import Enterprise, Subsector
from mbois.startups.forms.fields import area
from mbois.startups.models import (
    Startup,
    Subject,
)
from mbois.web.forms import Form, PhotoField


class StartupForm(Form):
    """What a startup says of itself."""

    name = forms.CharField(label=_("Name of the startup"), max_length=80)
    pitch = forms.CharField(
        label=_("In one sentence"),
        max_length=200,
        required=False,
        help_text=_("For whom, and what becomes easier. A child of twelve should understand it."),
    )
    about = forms.CharField(label=_("A little more"), max_length=2000, required=False, widget=area(5))
    subsector = forms.ChoiceField(
        label=_("Subsector"), required=False, choices=[("", _("None of them")), *Subsector.choices]
    )
    link = forms.URLField(label=_("Website or app"), required=False, max_length=300, assume_scheme="https")
    picture = PhotoField(label=_("Picture or screen of the product"), required=False, camera=False)
    enterprise = forms.ChoiceField(
        label=_("My registered business"),
        required=False,
        help_text=_(
            "If the startup is a business of yours in the registry, link it: nothing is typed twice."
        ),
    )
    public = forms.BooleanField(
        label=_("Show our startup to everybody: name, sentence, picture and link, never our names or phones"),
        required=False,
    )

    def __init__(
        self, *args: Any, startup: Startup, enterprises: Sequence[Enterprise], **kwargs: Any
    ) -> None:
        kwargs.setdefault(
            "initial",
            {
                "name": startup.name,
                "pitch": startup.pitch,
                "about": startup.about,
                "subsector": startup.subsector,
                "link": startup.link,
                "enterprise": str(startup.enterprise_id or ""),
                "public": startup.public_since is not None,
            },
        )
        super().__init__(*args, **kwargs)
        if enterprises:
            self.fields["enterprise"].choices = [  # type: ignore[attr-defined]
                ("", _("None")),
                *((str(one.pk), one.name) for one in enterprises),
            ]
        else:
            del self.fields["enterprise"]


class InviteForm(Form):
    name = forms.CharField(label=_("Whom do you invite?"), max_length=80)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Without one, you get a link to send by WhatsApp."),
    )


class DutyForm(Form):
    duty = forms.CharField(
        label=_("What do you do in the team?"),
        max_length=60,
        required=False,
    )


class ContactForm(Form):
    """What a visitor writes to a startup."""

    subject = forms.ChoiceField(
        label=_("What is it about?"), choices=Subject.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(label=_("Your name"), max_length=120)
    organisation = forms.CharField(label=_("Organisation"), max_length=120, required=False)
    reach = forms.CharField(label=_("Phone or e-mail where you can be reached"), max_length=120)
    message = forms.CharField(label=_("Your message"), max_length=1000, widget=area(4))
