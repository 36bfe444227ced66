"""A registration on its way: its steps, what was typed in each, and sending it.

Values are kept as they were typed, step by step, so nothing is lost: a closed browser, the back
button and a second tab on another step all find them again.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mbois.enterprises import actions, forms, policy
from mbois.enterprises.actions import Registration
from mbois.enterprises.duplicates import Candidate, alike
from mbois.enterprises.models import Draft, Enterprise, Licence, Owner
from mbois.people import consents, documents
from mbois.people.actions import record_consent
from mbois.people.models import Consent, Document, HeldUpload, Person, Purpose
from mbois.places import villages
from mbois.places.models import Area
from mbois.refused import Refused

MOST_DRAFTS = 20
CONSENT = "registry"


@dataclass(frozen=True)
class StepName:
    """A step of the registration: its word in the address, what it is called, its form."""

    key: str
    label: object
    form: type[forms.StepForm] | None


STEPS = [
    StepName("tempat", _("Place"), forms.PlaceForm),
    StepName("usaha", _("Business"), forms.BusinessForm),
    StepName("pemilik", _("Owner"), forms.OwnerForm),
    StepName("ukuran", _("Size"), forms.SizeForm),
    StepName("foto", _("Photos and licences"), None),
    StepName("kirim", _("Check and send"), None),
]
KEYS = [step.key for step in STEPS]


def begin(by: Person, *, for_other: bool) -> Draft:
    """A new registration. Refuses somebody else's from a person who may not, and very many open ones."""
    if for_other and not policy.can_register_others(by):
        raise Refused(_("You may not register other people."), code="forbidden", status=403)
    if open_drafts(by).count() >= MOST_DRAFTS:
        raise Refused(_("There are many unfinished registrations already. Send or discard one first."))
    return Draft.objects.create(made_by=by, for_other=for_other, step=KEYS[0])


def open_drafts(by: Person) -> Any:
    """What this person has begun and not sent, the latest first."""
    return Draft.objects.filter(made_by=by, sent_as="").order_by("-changed_at")


@transaction.atomic
def remove_old(now: datetime) -> int:
    """Throw away drafts that were sent a month ago, or touched last half a year ago; says how many."""
    sent = Q(changed_at__lt=now - timedelta(days=30)) & ~Q(sent_as="")
    old = Draft.objects.filter(sent | Q(changed_at__lt=now - timedelta(days=180)))
    return len([discard(draft) for draft in old.select_related("made_by")[:1000]])


@transaction.atomic
def discard(draft: Draft) -> None:
    """Throw a draft away with the files that were kept for it."""
    values = draft.values  # empty once it was sent: then the files are the enterprise's
    kept = [*values.get("photos", []), *(one.get("scan") for one in values.get("licences", []))]
    wanted = [uuid.UUID(one) for one in kept if one]
    documents.discard(Document.objects.filter(uuid__in=wanted, uploaded_by=draft.made_by_id))
    draft.delete()


class Journey:
    """A draft with its forms."""

    def __init__(self, draft: Draft, by: Person) -> None:
        self.draft = draft
        self.by = by
        self.values = draft.values

    def typed(self, key: str) -> dict[str, list[str]]:
        """What was typed in one step."""
        found: dict[str, list[str]] = self.values.get(key, {})
        return found

    def _data(self, typed: dict[str, list[str]]) -> QueryDict:
        data = QueryDict(mutable=True)
        for name, values in typed.items():
            data.setlist(name, values)
        return data

    def form(self, key: str, data: Any = None, *, quiet: bool = False) -> Any:
        """The form of a step with what is posted, or was typed before."""
        made = next(step.form for step in STEPS if step.key == key)
        assert made is not None
        extra: dict[str, Any] = {}
        if made is forms.OwnerForm:
            extra = {"for_other": self.draft.for_other, "place": self.place_code}
        if made is forms.PlaceForm and self.draft.for_other:
            extra = {"areas": policy.areas_to_register_in(self.by)}
        typed = self.typed(key)
        if data is None and key not in self.values:
            initial = {}
            if key == "pemilik" and not self.draft.for_other:
                initial = {"owner_name": self.by.name, "owner_phone": self.by.phone or ""}
            if key == "tempat" and len(extra.get("areas", ())) == 1:
                only = villages.find(extra["areas"][0])
                initial = {"village": only.code} if only else {}
            return made(initial=initial, **extra)
        form = made(data if data is not None else self._data(typed), **extra)
        form.quiet = quiet
        return form

    @property
    def place_code(self) -> str:
        return (self.typed("tempat").get("village") or [""])[0]

    @cached_property
    def village(self) -> Area | None:
        """The village of the business, once it was chosen."""
        form = self.form("tempat")
        if not (form.is_bound and form.is_valid()):
            return None
        village: Area | None = form.area("village")
        return village

    @cached_property
    def known_owner(self) -> Owner | None:
        """The owner's record that an officer chose, while it is still one they may use."""
        pk = self.values.get("known_owner")
        return Owner.objects.visible_to(self.by).filter(pk=pk).first() if pk else None

    def is_done(self, key: str) -> bool:
        """Whether a step says all that is needed."""
        if key == "foto":
            return True
        if key == "kirim":
            return False
        if key == "pemilik" and self.known_owner:
            return True
        form = self.form(key)
        return bool(form.is_bound and form.is_valid())

    @cached_property
    def missing(self) -> list[StepName]:
        """The steps that still lack something."""
        return [step for step in STEPS if step.key != "kirim" and not self.is_done(step.key)]

    def name(self) -> str:
        """What to call it in a list."""
        return (self.typed("usaha").get("name") or [""])[0].strip() or str(_("A business without a name yet"))

    # keeping

    def keep(self, key: str, typed: dict[str, list[str]]) -> None:
        """Keep what was typed in a step; the other steps stay as another tab left them."""
        self._keep(lambda kept: kept.update({key: typed}), step=key)

    def keep_extra(self, **values: Any) -> None:
        """Keep something beside the steps: photos, licences, the owner chosen."""
        self._keep(lambda kept: kept.update(values))

    @transaction.atomic
    def _keep(self, change: Callable[[dict[str, Any]], None], *, step: str = "") -> None:
        """Change what is kept as it stands now: another tab may have added to it."""
        draft = Draft.objects.select_for_update().get(pk=self.draft.pk)
        if draft.sent_as:
            return
        kept = draft.values
        change(kept)
        draft.values = kept
        draft.step = step or draft.step
        if self_village := Area.objects.filter(pk=(kept.get("tempat", {}).get("village") or [""])[0]).first():
            draft.region_id = self_village.region_id
        draft.save()
        self._is_now(draft)

    def _is_now(self, draft: Draft) -> None:
        self.draft, self.values = draft, draft.values
        for name in ("village", "known_owner", "missing"):
            self.__dict__.pop(name, None)

    # files

    def _documents(self, ids: list[str]) -> list[Document]:
        wanted = [uuid.UUID(one) for one in ids]
        found = {
            document.uuid: document
            for document in Document.objects.filter(uuid__in=wanted, uploaded_by=self.by)
        }
        return [found[one] for one in wanted if one in found]

    @property
    def photos(self) -> list[Document]:
        return self._documents(self.values.get("photos", []))

    @property
    def licences(self) -> list[dict[str, Any]]:
        """The licences told so far, as `add_licence` takes them, with `label` for people."""
        told = []
        for number, values in enumerate(self.values.get("licences", [])):
            form = forms.LicenceForm(self._data(values["typed"]))
            if form.is_valid():
                scan = self._documents([values["scan"]]) if values.get("scan") else []
                clean = {key: form.cleaned_data[key] for key in ("kind", "number", "issuer")}
                clean |= {key: form.cleaned_data[key] for key in ("issued_on", "expires_on")}
                label = Licence.Kind(clean["kind"]).label
                told.append({**clean, "document": scan[0] if scan else None, "place": number, "label": label})
        return told

    def _region(self) -> str:
        if self.village is None or self.village.region_id is None:
            raise Refused(_("Choose the village of the business first; then add files."))
        return self.village.region_id

    def add_photos(self, uploads: list[Any]) -> list[Refused]:
        """Keep photos with the draft; answers why some were not kept, each by its name."""

        def one_more(kept: dict[str, Any], photo: str) -> None:
            photos = kept.setdefault("photos", [])
            if len(photos) >= actions.MOST_PHOTOS:
                raise Refused(
                    _("There are %(most)d photos already. Remove one first.") % {"most": len(photos)}
                )
            photos.append(photo)

        refusals = []
        for upload in uploads:
            try:
                with documents.together():
                    document = documents.store(
                        upload,
                        region_id=self._region(),
                        purpose=Purpose.ENTERPRISE,
                        by=self.by,
                        pictures=True,
                    )
                    self._keep(partial(one_more, photo=str(document.uuid)))
            except Refused as refused:
                refusals.append(refused)
        return refusals

    def add_licence(self, typed: dict[str, list[str]], scan: HeldUpload | None) -> None:
        """Keep a licence with the draft."""
        with documents.together():
            document = (
                documents.attach(scan, region_id=self._region(), purpose=Purpose.ENTERPRISE, by=self.by)
                if scan
                else None
            )
            told = {"typed": typed, "scan": str(document.uuid) if document else ""}
            self._keep(lambda kept: kept.setdefault("licences", []).append(told))

    def remove_photo(self, photo: str) -> None:
        """Take a photo off, if it is there."""

        def without(kept: dict[str, Any]) -> None:
            if photo in kept.get("photos", []):
                kept["photos"].remove(photo)
                documents.discard(self._documents([photo]))

        self._keep(without)

    def remove_licence(self, place: int) -> None:
        """Take the licence in this place off, if there is one."""

        def without(kept: dict[str, Any]) -> None:
            licences = kept.get("licences", [])
            if 0 <= place < len(licences):
                scan = licences.pop(place).get("scan")
                documents.discard(self._documents([scan] if scan else []))

        self._keep(without)

    # sending

    def registration(self) -> Registration:
        """All steps together. Call it when nothing is missing."""
        told: dict[str, Any] = {}
        for key in ("tempat", "usaha", "pemilik", "ukuran"):
            form = self.form(key)
            if key == "pemilik" and self.known_owner:
                told |= {"owner_name": self.known_owner.name}
                continue
            form.is_valid()
            told |= form.told()
        told["owner_village"] = told.get("owner_village") or told["village"]
        return Registration(**told)

    def alike(self) -> list[Candidate]:
        """Enterprises that may be the same one, as far as this person may know of them."""
        if self.village is None or self.village.region_id is None or self.missing:
            return []
        return alike(self.registration(), by=self.by, published=True)

    @documents.together()
    def send(self, *, signature: Any = None) -> Enterprise:
        """Register it with its consent, photos and licences. A draft sent before answers what came of it."""
        draft = Draft.objects.select_for_update().get(pk=self.draft.pk)
        if draft.sent_as:
            return Enterprise.objects.numbered(draft.sent_as).get()
        self._is_now(draft)
        if self.missing:
            raise Refused(_("Something is still missing: %(step)s.") % {"step": self.missing[0].label})
        photos, licences = self.photos, self.licences
        enterprise = actions.register_enterprise(
            self.registration(), by=self.by, for_other=draft.for_other, owner=self.known_owner
        )
        region = enterprise.region_id
        subject = enterprise.owner.person
        record_consent(
            subject,
            CONSENT,
            region_id=region,
            by=self.by,
            method=consents.method_of(signature) if draft.for_other else Consent.Method.SELF,
            evidence=signature if draft.for_other else None,
        )
        for photo in photos:
            actions.add_photo(
                enterprise, by=self.by, document=self._of(enterprise, photo), told_at_start=True
            )
        for licence in licences:
            scan = self._of(enterprise, licence["document"]) if licence["document"] else None
            told = {key: licence[key] for key in ("kind", "number", "issuer", "issued_on", "expires_on")}
            actions.add_licence(enterprise, by=self.by, document=scan, told_at_start=True, **told)
        draft.values = {}
        draft.sent_as = enterprise.number
        draft.save()
        return enterprise

    def _of(self, enterprise: Enterprise, document: Document) -> Document:
        """The file as one of this region; it was stored for another where the village changed."""
        if document.region_id == enterprise.region_id:
            if document.subject_id is None and enterprise.owner.person_id != self.by.pk:
                Document.objects.filter(region=document.region_id, pk=document.pk).update(
                    subject=enterprise.owner.person
                )
            return document
        with document.file.open("rb") as kept:
            copy = ContentFile(kept.read(), name=document.name)
        return documents.store(
            copy,
            region_id=enterprise.region_id,
            purpose=Purpose.ENTERPRISE,
            by=self.by,
            subject=enterprise.owner.person,
        )
