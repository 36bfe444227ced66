"""Changing what is registered: the record itself, licences, photos; checking a registration."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois import clock
from mbois.enterprises import actions, drafts, forms, policy, queries
from mbois.enterprises.duplicates import candidates
from mbois.enterprises.models import Enterprise, Licence, Photo, Review, State
from mbois.enterprises.views.common import held_scan, posted, seen, signed_in
from mbois.people import consents, documents
from mbois.people.actions import record_consent
from mbois.people.actions import unmask as unmask_number
from mbois.people.models import Consent, Person, Purpose
from mbois.refused import Refused
from mbois.web import show
from mbois.web.confirm import ask_first
from mbois.web.tables import Choice, Column, Empty, Filter, Table


def _editable(request: HttpRequest, number: str) -> Enterprise:
    enterprise = seen(request, number)
    if not policy.can_edit(signed_in(request), enterprise):
        raise PermissionDenied
    return enterprise


def _about(enterprise: Enterprise, by: Person) -> dict[str, Any]:
    """What is told of a file that is stored with an enterprise."""
    return {
        "region_id": enterprise.region_id,
        "purpose": Purpose.ENTERPRISE,
        "by": by,
        "subject": enterprise.owner.person,
    }


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("nik", "npwp")
def edit(request: HttpRequest, enterprise: str) -> HttpResponse:
    """Change anything about the business or its owner."""
    row = _editable(request, enterprise)
    form = forms.ChangeForm(posted(request)[0], enterprise=row)
    if request.method == "POST" and form.is_valid():
        before = row.state
        try:
            row = actions.update_enterprise(row, form.changes(), by=signed_in(request))
        except Refused as refused:
            form.refuse(refused)
        else:
            if before == State.VERIFIED and row.state == State.SUBMITTED:
                messages.warning(
                    request, _("Saved. What identifies the business has changed, so the officer looks again.")
                )
            else:
                messages.success(request, _("Saved."))
            return redirect("enterprise", enterprise=row.number)
    context = {"enterprise": row, "form": form, "owns": policy.owns(signed_in(request), row)}
    return render(request, "enterprises/edit.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def resubmit(request: HttpRequest, enterprise: str) -> HttpResponse:
    """Send a returned registration again."""
    row = _editable(request, enterprise)
    actions.resubmit(row, by=signed_in(request))
    messages.success(request, _("Sent again. You will hear from the officer."))
    return redirect("enterprise", enterprise=row.number)


@login_required
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, enterprise: str) -> HttpResponse:
    """The owner's yes to being in the registry, where it is not recorded yet."""
    row = _editable(request, enterprise)
    person = signed_in(request)
    owns = policy.owns(person, row)
    form = forms.SendForm(*posted(request), for_other=not owns)
    if request.method == "POST" and form.is_valid():
        evidence = form.cleaned_data.get("signature")
        try:
            record_consent(
                row.owner.person,
                drafts.CONSENT,
                region_id=row.region_id,
                by=person,
                method=Consent.Method.SELF if owns else consents.method_of(evidence),
                evidence=evidence,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The consent is recorded."))
            return redirect("enterprise", enterprise=row.number)
    text = consents.current(drafts.CONSENT)
    language = get_language() or "id"
    context = {"enterprise": row, "form": form, "title": text.title(language), "body": text.body(language)}
    return render(request, "enterprises/consent.html", context, status=422 if form.errors else 200)


# --- licences and photos --------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def licence_new(request: HttpRequest, enterprise: str) -> HttpResponse:
    """Record a licence."""
    row = _editable(request, enterprise)
    return _licence_page(request, row, None)


@login_required
@require_http_methods(["GET", "POST"])
def licence(request: HttpRequest, enterprise: str, licence: int) -> HttpResponse:
    """Change a licence."""
    row = _editable(request, enterprise)
    found = get_object_or_404(Licence, region=row.region_id, enterprise=row, pk=licence)
    return _licence_page(request, row, found)


def _licence_page(request: HttpRequest, row: Enterprise, old: Licence | None) -> HttpResponse:
    initial = (
        {name: getattr(old, name) for name in ("kind", "number", "issuer", "issued_on", "expires_on")}
        if old
        else {}
    )
    person = signed_in(request)
    form = forms.LicenceForm(*posted(request), initial=initial)
    held = held_scan(form, person) if request.method == "POST" else None
    if request.method == "POST" and form.is_valid():
        told = {name: value for name, value in form.cleaned_data.items() if name != "scan"}
        try:
            with documents.together():
                document = documents.attach(held, **_about(row, person)) if held else None
                if old:
                    actions.change_licence(old, by=person, document=document, **told)
                else:
                    actions.add_licence(row, by=person, document=document, **told)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The licence is saved."))
            return redirect("enterprise", enterprise=row.number)
    context = {"enterprise": row, "form": form, "licence": old, "held": held}
    return render(request, "enterprises/licence.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def licence_remove(request: HttpRequest, enterprise: str, licence: int) -> HttpResponse:
    """Take a licence off, after asking."""
    row = _editable(request, enterprise)
    found = get_object_or_404(Licence, region=row.region_id, enterprise=row, pk=licence)
    if asked := ask_first(
        request,
        question=_("Remove %(licence)s?") % {"licence": found},
        verb=_("Remove"),
        danger=True,
    ):
        return asked
    actions.remove_licence(found, by=signed_in(request))
    messages.success(request, _("The licence was removed."))
    return redirect("enterprise", enterprise=row.number)


@login_required
@require_http_methods(["GET", "POST"])
def photos(request: HttpRequest, enterprise: str) -> HttpResponse:
    """Add photos and see those there are."""
    row = _editable(request, enterprise)
    person = signed_in(request)
    form = forms.CaptionForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        uploads, caption, kept = form.cleaned_data["photos"], form.cleaned_data["caption"], 0
        for upload in uploads:
            try:
                with documents.together():
                    document = documents.store(upload, pictures=True, **_about(row, person))
                    actions.add_photo(row, by=person, document=document, caption=caption)
                kept += 1
            except Refused as refused:
                form.add_error("photos", refused.message)
        if uploads and kept == len(uploads):
            messages.success(request, _("The photos are saved."))
            return redirect("enterprise", enterprise=row.number)
        if kept:
            messages.success(request, _("The other photos are saved."))
        elif not uploads:
            form.add_error("photos", _("Choose at least one photo."))
    there = (
        Photo.objects.filter(region=row.region_id, enterprise=row).select_related("document").order_by("pk")
    )
    context = {"enterprise": row, "form": form, "photos": there}
    return render(request, "enterprises/photos.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def photo_remove(request: HttpRequest, enterprise: str, photo: int) -> HttpResponse:
    """Take a photo off, after asking."""
    row = _editable(request, enterprise)
    found = get_object_or_404(Photo, region=row.region_id, enterprise=row, pk=photo)
    if asked := ask_first(request, question=_("Remove this photo?"), verb=_("Remove"), danger=True):
        return asked
    actions.remove_photo(found, by=signed_in(request))
    messages.success(request, _("The photo was removed."))
    return redirect("enterprise_photos", enterprise=row.number)


# --- the officer ----------------------------------------------------------------------------------


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponseBase:
    """The registrations that wait for this officer, longest waiting first."""
    person = signed_in(request)
    if not policy.can_review_any(person):
        raise PermissionDenied
    today = clock.today()

    def days(row: Enterprise) -> int:
        return (today - clock.local_date(row.submitted_at)).days

    old, week = queries.waited_since(today, days=7), queries.waited_since(today, days=3)
    table = Table(
        request,
        rows=queries.waiting_for(person),
        columns=[
            Column(
                "name",
                gettext_lazy("Business"),
                link=lambda row: row.review_url,
                note=lambda row: f"{row.number} · {row.owner.name}",
                sort="name",
            ),
            Column(
                "village",
                gettext_lazy("Village"),
                value="village.name",
                note=lambda row: row.village.parent.name,
                sort=("village__name", "submitted_at"),
            ),
            Column(
                "kbli",
                gettext_lazy("Kind"),
                value=lambda row: row.kbli.title if row.kbli else "",
                phone=False,
            ),
            Column(
                "waits",
                gettext_lazy("Waits since"),
                value="submitted_at",
                show=show.lama,
                sort="submitted_at",
            ),
        ],
        search=partial(queries.searched, by=person),
        search_label=_("Name, owner, number, village or product"),
        filters=[
            Filter(
                "age",
                _("Waiting"),
                [
                    Choice("new", _("up to 3 days"), Q(submitted_at__gte=week)),
                    Choice("days", _("3 to 7 days"), Q(submitted_at__lt=week, submitted_at__gte=old)),
                    Choice("old", _("over 7 days"), Q(submitted_at__lt=old)),
                ],
            ),
        ],
        order="waits",
        mark=lambda row: "late" if days(row) > 7 else "soon" if days(row) > 3 else "",
        caption=_("Registrations to check"),
        empty=Empty(_("Nothing waits for you"), _("New registrations appear here."), art="inbox"),
    )
    return table.answer("enterprises/queue.html")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, enterprise: str) -> HttpResponse:
    """Look at a registration and say what becomes of it."""
    person = signed_in(request)
    row = seen(request, enterprise)
    if not policy.can_review(person, row):
        raise PermissionDenied
    form = forms.ReviewForm(posted(request)[0])
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.review_enterprise(
                row, outcome=told["outcome"], reasons=told["reasons"], checks=told["checks"], by=person
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _said(told["outcome"]) % {"name": row.name})
            following = queries.waiting_for(person).first()
            return (
                redirect(following.review_url)
                if "next" in request.POST and following
                else redirect("enterprise_queue")
            )
    alike = candidates(
        row.region_id,
        row.name,
        row.village_id,
        phone=str(row.phone or row.owner.phone or ""),
        nik_hash=row.owner.nik_told_hash,
        exclude=row.pk,
        owner=row.owner_id,
        owner_name=row.owner.name,
        limit=5,
    )
    visible = set(
        Enterprise.objects.visible_to(person)
        .filter(region=row.region_id, pk__in=[one.enterprise.pk for one in alike])
        .values_list("pk", flat=True)
    )
    region = row.region_id
    context = {
        "enterprise": row,
        "form": form,
        "reasons": [str(reason) for reason in forms.ReviewForm.REASONS],
        "alike": [one for one in alike if one.enterprise.pk in visible],
        "photos": Photo.objects.filter(region=region, enterprise=row)
        .select_related("document")
        .order_by("pk"),
        "licences": Licence.objects.filter(region=region, enterprise=row).select_related("document"),
        "reviews": Review.objects.filter(region=region, enterprise=row)
        .select_related("reviewed_by")
        .order_by("-reviewed_at"),
        "tiles": settings.MAP_TILES,
        "others": queries.waiting_for(person).exclude(pk=row.pk).count(),
    }
    return render(request, "enterprises/review.html", context, status=422 if form.errors else 200)


def _said(outcome: str) -> str:
    sayings: dict[str, Callable[[], str]] = {
        Review.Outcome.VERIFIED: lambda: _("%(name)s is verified; the owner has been told."),
        Review.Outcome.RETURNED: lambda: _("%(name)s went back to its owner with your reasons."),
        Review.Outcome.REJECTED: lambda: _("%(name)s was rejected; the owner has been told why."),
    }
    return sayings[outcome]()


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
@sensitive_variables("number")
def unmask(request: HttpRequest, enterprise: str) -> HttpResponse:
    """Show the owner's whole NIK, once a reason is written down."""
    person = signed_in(request)
    row = seen(request, enterprise)
    if not row.owner.nik_told:
        raise Http404
    if not policy.can_unmask(person, row.owner):
        raise PermissionDenied
    form = forms.UnmaskForm(posted(request)[0])
    number = ""
    if request.method == "POST" and form.is_valid():
        try:
            number = unmask_number(
                row.owner.nik_told,
                kind="nik",
                region_id=row.region_id,
                record=row.number,
                by=person,
                reason=form.cleaned_data["reason"],
                subject=row.owner.person,
                allowed=True,
            )
        except Refused as refused:
            form.refuse(refused)
    context = {"enterprise": row, "form": form, "number": number}
    return render(request, "enterprises/unmask.html", context, status=422 if form.errors else 200)
