"""Registrations begun and not sent yet."""

import json
import uuid
from typing import Any

from django.db import models

from mbois.people import identity
from mbois.people.models import Person
from mbois.places.models import Region


class Draft(models.Model):
    """A registration somebody has begun and not sent: theirs alone until they send it.

    What was typed is sealed, since an identity number is in it. Once sent the values are gone and
    `sent_as` leads a second tab, a double tap or the back button to what came of it.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    made_by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="registration_drafts")
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    for_other = models.BooleanField(default=False)
    values_sealed = models.TextField(blank=True)
    step = models.CharField(max_length=20, blank=True)
    sent_as = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["made_by", "-changed_at"], name="draft_of_person")]

    def __str__(self) -> str:
        return f"draft {self.uuid}"

    @property
    def values(self) -> dict[str, Any]:
        """What was typed so far, as it was typed."""
        return json.loads(identity.unseal(self.values_sealed)) if self.values_sealed else {}

    @values.setter
    def values(self, values: dict[str, Any]) -> None:
        self.values_sealed = identity.seal(json.dumps(values)) if values else ""
