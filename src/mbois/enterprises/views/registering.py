"""The pages of a registration, step by step."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mbois import clock
from mbois.enterprises import drafts, forms, policy
from mbois.enterprises.actions.owners import NikKnown, holder, nik_taken
from mbois.enterprises.drafts import KEYS, STEPS, Journey
from mbois.enterprises.models import Draft, Owner, size_of
from mbois.enterprises.views.common import held_scan, posted, signed_in
from mbois.people import consents, identity
from mbois.people.models import HeldUpload
from mbois.refused import Refused
from mbois.web import show
from mbois.web.components import Fact, Step
from mbois.web.confirm import ask_first
from mbois.web.given import whole_number


def _journey(request: HttpRequest, draft: uuid.UUID) -> Journey:
    """The person's own draft; anybody else's does not exist."""
    by = signed_in(request)
    found = Draft.objects.filter(uuid=draft, made_by=by).first()
    if found is None:
        raise Http404
    return Journey(found, by)


# In the address of a step: say what is wrong with what was typed.
CHECK = "periksa"


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """What one needs, what was begun before, and the start."""
    by = signed_in(request)
    if request.method == "POST":
        try:
            draft = drafts.begin(by, for_other=request.POST.get("for") == "other")
        except Refused as refused:
            messages.error(request, refused.message)
            return redirect("enterprise_new")
        return redirect("registration_step", draft=draft.uuid, step=KEYS[0])
    begun = [Journey(draft, by) for draft in drafts.open_drafts(by)[: drafts.MOST_DRAFTS]]
    context = {"begun": begun, "may_assist": policy.can_register_others(by)}
    return render(request, "enterprises/begin.html", context)


@login_required
def resume(request: HttpRequest, draft: uuid.UUID) -> HttpResponse:
    """Where one stopped."""
    journey = _journey(request, draft)
    step = journey.draft.step if journey.draft.step in KEYS else KEYS[0]
    return redirect("registration_step", draft=draft, step=step)


@login_required
@require_POST
def discard(request: HttpRequest, draft: uuid.UUID) -> HttpResponse:
    """Throw a draft away, after asking."""
    journey = _journey(request, draft)
    if asked := ask_first(
        request,
        question=_("Discard this registration?"),
        verb=_("Discard"),
        detail=_("What was typed for %(name)s is then gone.") % {"name": journey.name()},
        danger=True,
    ):
        return asked
    drafts.discard(journey.draft)
    messages.success(request, _("The registration was discarded."))
    return redirect("enterprise_new")


@login_required
@require_POST
@sensitive_post_parameters()
def autosave(request: HttpRequest, draft: uuid.UUID, step: str) -> HttpResponse:
    """Keep what is being typed, as it stands."""
    journey = _journey(request, draft)
    if journey.draft.sent_as:
        return JsonResponse({"sent": True}, status=409)
    if step in {"tempat", "usaha", "pemilik", "ukuran"}:
        journey.keep(step, forms.plain(request.POST))
    return JsonResponse({"saved": show.jam(clock.now())})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
def step(request: HttpRequest, draft: uuid.UUID, step: str) -> HttpResponse:
    """One step: shown with what was typed, kept when posted, and on to the next."""
    journey = _journey(request, draft)
    if journey.draft.sent_as:
        messages.info(request, _("This registration was sent already."))
        return redirect("enterprise", enterprise=journey.draft.sent_as)
    if step not in KEYS:
        raise Http404
    if step == "foto":
        return _files(request, journey)
    if step == "kirim":
        return _send(request, journey)
    if request.method == "POST":
        return _typed(request, journey, step)
    if CHECK in request.GET and step in journey.values:
        form, context = _checked(journey, step)
        return _page(request, journey, step, {"known_owner": None} | context | {"form": form})
    known = journey.known_owner if step == "pemilik" else None
    return _page(request, journey, step, {"form": journey.form(step, quiet=True), "known_owner": known})


def _page(
    request: HttpRequest, journey: Journey, step: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    here = KEYS.index(step)
    bar = [
        Step(
            one.label,
            "now"
            if number == here
            else "done"
            if journey.is_done(one.key) and one.key in _seen(journey)
            else "todo",
            url=f"../{one.key}/" if number != here else "",
        )
        for number, one in enumerate(STEPS)
    ]
    return render(
        request,
        f"enterprises/register/{step}.html",
        {
            "journey": journey,
            "draft": journey.draft,
            "steps_bar": bar,
            "step": STEPS[here],
            "number": here + 1,
            "count": len(STEPS),
            "previous": STEPS[here - 1] if here else None,
            **context,
        },
        status=status,
    )


def _seen(journey: Journey) -> set[str]:
    """The steps where something was said."""
    said = {key for key in KEYS if key in journey.values}
    if journey.known_owner:
        said.add("pemilik")
    if journey.values.get("photos") or journey.values.get("licences"):
        said.add("foto")
    return said


def _onward(journey: Journey, step: str, wanted: str) -> HttpResponse:
    target = wanted if wanted in KEYS else KEYS[min(KEYS.index(step) + 1, len(KEYS) - 1)]
    return redirect("registration_step", draft=journey.draft.uuid, step=target)


def _typed(request: HttpRequest, journey: Journey, step: str) -> HttpResponse:
    """Keep the step, right or wrong; go on only when it is right. Else the step is opened again and says
    what is wrong: an answer to a POST could not be gone back to."""
    if step == "pemilik" and (answer := _choose_owner(request, journey)):
        return answer
    journey.keep(step, forms.plain(request.POST))
    form, _context = _checked(journey, step)
    if not form.is_valid():
        return redirect(f"{request.path}?{CHECK}")
    return _onward(journey, step, request.POST.get("go", ""))


def _checked(journey: Journey, step: str) -> tuple[Any, dict[str, Any]]:
    """The form of a step as it was typed, with all that is wrong with it, and what to show beside it."""
    form = journey.form(step)
    context: dict[str, Any] = {}
    if form.is_valid() and step == "pemilik":
        context |= _held_by_somebody(journey, form)
    if form.is_valid() and step == "tempat" and journey.draft.for_other:
        village = journey.village
        if village and not policy.can_register_for_others(journey.by, village):
            form.add_error("village", _("You may register others only in the area you serve."))
    return form, context


def _choose_owner(request: HttpRequest, journey: Journey) -> HttpResponse | None:
    """An officer takes a known owner's record, or leaves it."""
    chosen = request.POST.get("known_owner")
    if chosen is None or not journey.draft.for_other:
        return None
    owner = Owner.objects.visible_to(journey.by).filter(pk=whole_number(chosen) or 0).first()
    journey.keep_extra(known_owner=owner.pk if owner else None)
    return _onward(journey, "pemilik", "" if owner else "pemilik")


def _held_by_somebody(journey: Journey, form: Any) -> dict[str, Any]:
    """What to say where the NIK is known in the region: its record to an officer who registers somebody.
    Who registers themselves is told nothing (see `owners.own_record`)."""
    if not journey.draft.for_other:
        return {}
    nik, village = form.cleaned_data["nik"], journey.village
    owner = holder(village.region_id, nik) if village and village.region_id and nik else None
    if owner is None:
        return {}
    visible = Owner.objects.visible_to(journey.by).filter(region=owner.region_id, pk=owner.pk).exists()
    if visible:
        form.refuse(NikKnown(owner))
        return {"pointed": owner}
    form.refuse(nik_taken())
    return {}


def _files(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Photos and licences: each is kept as soon as it has arrived."""
    photos: Any = forms.PhotosForm()
    licence: Any = forms.LicenceForm()
    held: HeldUpload | None = None
    status = 200
    if request.method == "POST":
        do = request.POST.get("go", "")
        try:
            if do.startswith("less-photo:"):
                journey.remove_photo(do.partition(":")[2])
                return _onward(journey, "foto", "foto")
            if do.startswith("less-licence:"):
                place = whole_number(do.partition(":")[2])
                if place is not None:
                    journey.remove_licence(place)
                return _onward(journey, "foto", "foto")
            photos = forms.PhotosForm(request.POST, request.FILES)
            says_licence = "scan" in request.FILES or any(
                request.POST.get(name) for name in ("kind", "number", "held")
            )
            licence = forms.LicenceForm(request.POST, request.FILES) if says_licence else licence
            if photos.is_valid():
                for refused in journey.add_photos(photos.cleaned_data["photos"]):
                    photos.refuse(refused, "photos")
            if says_licence:
                held = held_scan(licence, journey.by)
                if licence.is_valid():
                    journey.add_licence(forms.plain(request.POST), held)
                    licence = forms.LicenceForm()
            if photos.is_valid() and not licence.errors:
                return _onward(journey, "foto", "foto" if do == "more" else "")
        except Refused as refused:
            licence.refuse(refused, "scan")
        status = 422
    context = {
        "form": photos,
        "licence": licence,
        "held": held,
        "photos": journey.photos,
        "licences": journey.licences,
    }
    return _page(request, journey, "foto", context, status)


def _send(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Everything once more, the consent, and off it goes."""
    if journey.missing:
        first = journey.missing[0]
        messages.warning(request, _("First complete this step: %(step)s.") % {"step": first.label})
        return redirect("registration_step", draft=journey.draft.uuid, step=first.key)
    form = forms.SendForm(*posted(request), for_other=journey.draft.for_other)
    if request.method == "POST" and form.is_valid():
        try:
            enterprise = journey.send(signature=form.cleaned_data.get("signature"))
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(
                request,
                _("%(name)s is registered with the number %(number)s and waits for verification.")
                % {"name": enterprise.name, "number": enterprise.number},
            )
            return redirect("enterprise", enterprise=enterprise.number)
    told = journey.registration()
    text = consents.current(drafts.CONSENT)
    language = get_language() or "id"
    context = {
        "form": form,
        "told": told,
        "facts": _summary(journey, told),
        "alike": journey.alike(),
        "photos": journey.photos,
        "licences": journey.licences,
        "consent_title": text.title(language),
        "consent_body": text.body(language),
    }
    return _page(request, journey, "kirim", context, status=422 if form.errors else 200)


def _summary(journey: Journey, told: Any) -> list[tuple[str, object, list[Fact]]]:
    size = size_of(told.capital, told.annual_sales)
    village = told.village
    near = " ".join(f"{name} {value}" for name, value in (("RT", told.rt), ("RW", told.rw)) if value)
    place = ", ".join(part for part in (told.address, near) if part)
    owner = journey.known_owner
    nik = owner.nik_masked if owner else identity.masked(told.nik)
    return [
        (
            "usaha",
            _("Business"),
            [
                Fact(_("Name"), told.name),
                Fact(_("What it makes or sells"), told.description or "–"),
                Fact(_("Kind of business (KBLI)"), str(told.kbli) if told.kbli else "–"),
                Fact("NIB", told.nib or "–"),
                Fact(_("Running since"), show.tanggal(told.started_on) if told.started_on else "–"),
            ],
        ),
        ("tempat", _("Place"), [Fact(_("Village"), village.full_name), Fact(_("Address"), place or "–")]),
        (
            "pemilik",
            _("Owner"),
            [
                Fact(_("Name"), owner.name if owner else told.owner_name),
                Fact("NIK", nik or "–"),
                Fact(_("Phone"), show.telepon(told.owner_phone) if told.owner_phone else "–"),
            ],
        ),
        (
            "ukuran",
            _("Size"),
            [
                Fact(_("Capital"), show.rupiah(told.capital) if told.capital is not None else "–"),
                Fact(
                    _("Sales in a year"),
                    show.rupiah(told.annual_sales) if told.annual_sales is not None else "–",
                ),
                Fact(_("Size"), size.label, note=_("By PP 7/2021, from capital and sales")),
            ],
        ),
    ]
