"""The creative desk: the owner's list, what creators find, the page of a job."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mbois import clock
from mbois.market import desk, policy
from mbois.market.actions import desk as actions
from mbois.market.actions import dressing
from mbois.market.forms_desk import CallOffForm, DeliverForm, JobForm, WordsForm
from mbois.market.models import (
    CREATORS_TURN,
    UNDER_WAY,
    CreativeJob,
    JobKind,
    JobState,
    JobVersion,
    Product,
    VersionFile,
)
from mbois.market.models.campaigns import ORGANISERS
from mbois.market.views.common import posted, selling, signed_in
from mbois.people.models import Membership, Person, Role
from mbois.people.views.files import serve
from mbois.refused import Refused, require
from mbois.web import show
from mbois.web.components import badge
from mbois.web.given import whole_number
from mbois.web.tables import Choice, Column, Empty, Filter, Table


def job_or_404(request: HttpRequest, code: str) -> CreativeJob:
    """The job of this code, if the person may see it; else it does not exist."""
    found: CreativeJob | None = (
        CreativeJob.objects.visible_to(signed_in(request))
        .coded(code.replace("\x00", ""))
        .select_related("enterprise__owner__person", "enterprise__village__parent", "creator", "region")
        .first()
    )
    if found is None:
        raise Http404
    return found


def pay_shown(job: CreativeJob) -> str:
    return show.rupiah(job.pay) if job.pay else _("Voluntary")


# --- the owner's side -----------------------------------------------------------------------------


@login_required
@require_safe
def jobs(request: HttpRequest, enterprise: str) -> HttpResponseBase:
    """What this enterprise asked for."""
    row = selling(request, enterprise)
    table = Table(
        request,
        rows=CreativeJob.objects.filter(region=row.region_id, enterprise=row).select_related("creator"),
        columns=[
            Column(
                "kind",
                gettext_lazy("Job"),
                value=lambda one: JobKind(one.kind).label,
                link=CreativeJob.get_absolute_url,
                note=lambda one: f"{one.wish[:80]}{'…' if len(one.wish) > 80 else ''}",
            ),
            Column("state", gettext_lazy("State"), html=lambda one: badge(one.state_shown), sort="state"),
            Column("creator", gettext_lazy("Creator"), value=lambda one: one.creator or "–"),
            Column("pay", gettext_lazy("Pay"), value=pay_shown, number=True),
            Column(
                "wanted", gettext_lazy("Wanted by"), value="wanted_by", show=show.tanggal, sort="wanted_by"
            ),
        ],
        filters=[
            Filter(
                "keadaan",
                gettext_lazy("State"),
                [Choice(state.value, state.label, Q(state=state)) for state in JobState],
            )
        ],
        order="-wanted",
        empty=Empty(
            gettext_lazy("Nothing asked for yet"),
            gettext_lazy(
                "Photographers, writers and designers of the city help: say what you need, by when."
            ),
            reverse("creative_job_new", kwargs={"enterprise": row.number}),
            gettext_lazy("Ask for help"),
        ),
    )
    return table.answer(
        "market/desk/jobs.html",
        {"enterprise": row, "can_ask": policy.can_ask(signed_in(request), row), "counts": desk.counted(row)},
    )


@login_required
@require_http_methods(["GET", "POST"])
def job_new(request: HttpRequest, enterprise: str) -> HttpResponse:
    """Ask for photos, text or a design."""
    row = selling(request, enterprise)
    by = signed_in(request)
    products = list(
        Product.objects.filter(region=row.region_id, enterprise=row)
        .exclude(state="withdrawn")
        .order_by("name", "pk")[:200]
    )
    chosen = request.GET.get("produk", "")
    form = JobForm(
        posted(request)[0],
        products=products,
        initial={"products": [str(one.pk) for one in products if one.code == chosen]},
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        keys = set(told["products"])
        try:
            job = actions.ask(
                row,
                [one for one in products if str(one.pk) in keys],
                kind=told["kind"],
                wish=told["wish"],
                wanted_by=told["wanted_by"],
                pay=told["pay"],
                by=by,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Your wish is on the desk. You are told when somebody takes it."))
            return redirect(job)
    context = {
        "enterprise": row,
        "form": form,
        "products": products,
        "can_ask": policy.can_ask(by, row),
    }
    return render(request, "market/desk/job_new.html", context, status=422 if form.errors else 200)


# --- creators and coordinators --------------------------------------------------------------------


@login_required
@require_safe
def creative_desk(request: HttpRequest) -> HttpResponse:
    """For a creator: one's own jobs and the open ones. For a coordinator: who waits."""
    person = signed_in(request)
    makes, oversees = person.regions_with(Role.CREATOR), person.regions_with(*ORGANISERS)
    if not makes and not oversees:
        raise PermissionDenied
    context: dict[str, Any] = {"person": person, "makes": makes, "oversees": oversees}
    if makes:
        mine = (
            CreativeJob.objects.filter(creator=person, state__in=UNDER_WAY)
            .select_related("enterprise__village__parent")
            .prefetch_related("items__product")
            .order_by("deliver_by", "pk")
        )
        kind = request.GET.get("jenis", "")
        offers = desk.waiting_for_creator(makes).select_related("enterprise__village__parent")
        if kind in JobKind.values:
            offers = offers.filter(kind=kind)
        context |= {
            "mine": mine,
            "offers": offers.prefetch_related("items__product")[:60],
            "kinds": JobKind.choices,
            "kind": kind,
            "record": desk.record_of(person),
        }
    if oversees:
        rows = ("enterprise__village__parent", "creator")
        context |= {
            "to_take": desk.waiting_for_creator(oversees).select_related(*rows)[:30],
            "to_answer": desk.waiting_for_owner(oversees).select_related(*rows)[:30],
            "late": desk.late(oversees).select_related(*rows)[:30],
        }
    return render(request, "market/desk/desk.html", context)


@login_required
@require_safe
def creator(request: HttpRequest, creator: int) -> HttpResponse:
    """What a creator has done: for themselves, for those whose jobs they took, for who coordinates."""
    person = signed_in(request)
    found = get_object_or_404(Person, pk=creator)
    if found.pk != person.pk:
        regions = person.regions_with(*ORGANISERS)
        theirs = Membership.objects.in_force().filter(person=found, role=Role.CREATOR, region__in=regions)
        known = CreativeJob.objects.visible_to(person).filter(creator=found)
        if not theirs.exists() and not known.exists():
            raise Http404
    context = {"creator": found, "record": desk.record_of(found), "works": desk.portfolio_of(found)}
    return render(request, "market/desk/creator.html", context)


# --- a job ----------------------------------------------------------------------------------------


def _page(
    request: HttpRequest,
    job: CreativeJob,
    *,
    status: int = 200,
    deliver: DeliverForm | None = None,
    words: WordsForm | None = None,
    cancel: CallOffForm | None = None,
) -> HttpResponse:
    person = signed_in(request)
    versions = list(JobVersion.objects.filter(region=job.region_id, job=job).select_related("answered_by"))
    asked = request.GET.get("versi", "")
    # Whoever took it after somebody gave it back sees their own versions only.
    sells = policy.can_sell(person, job.enterprise)
    works_on = sells or policy.coordinates_desk(person, job.region_id)
    if not works_on:
        versions = [one for one in versions if one.by_id == person.pk]
    shown = next((one for one in versions if str(one.number) == asked), versions[-1] if versions else None)
    items = desk.items_of(job, shown)
    answers = policy.can_answer(person, job)
    delivers = policy.can_deliver(person, job) and job.state in CREATORS_TURN
    if delivers and deliver is None:
        deliver = DeliverForm(job=job, products=[one.product for one in items])
    owner = job.enterprise.owner
    phone = owner.phone or job.enterprise.phone or owner.person.contact_phone or owner.person.phone
    context = {
        "job": job,
        "enterprise": job.enterprise,
        "kind": JobKind(job.kind).label,
        "pay": pay_shown(job),
        "items": items,
        "versions": versions,
        "shown": shown,
        "files": desk.files_of(shown),
        "works_on": works_on,
        "sells": sells,
        "is_creator": job.creator_id == person.pk,
        "can_take": policy.can_take(person, job),
        "deliver": deliver if delivers else None,
        "answering": answers and job.state == JobState.DELIVERED and shown is not None and not shown.answer,
        "can_cancel": answers and job.is_open,
        "can_undo": answers and dressing.can_be_undone(job),
        "can_show": answers and job.state == JobState.ACCEPTED,
        "phone": phone if job.creator_id == person.pk and policy.sees_phone(person, job) else "",
        "creators_phone": job.creator.phone
        if job.creator and works_on and policy.sees_phone(person, job)
        else "",
        "words": words or WordsForm(),
        "cancel": cancel or CallOffForm(),
        "days_left": (job.deliver_by - clock.today()).days if job.deliver_by else None,
    }
    return render(request, "market/desk/job.html", context, status=status)


@login_required
@require_safe
def job(request: HttpRequest, job: str) -> HttpResponse:
    """A job, with what each side may do now."""
    return _page(request, job_or_404(request, job))


@login_required
@require_http_methods(["POST"])
def job_step(request: HttpRequest, job: str) -> HttpResponse:
    """Take it, give it back, deliver, ask for a change, accept, undo, call off."""
    row = job_or_404(request, job)
    by, verb = signed_in(request), request.POST.get("verb")
    step = _STEPS.get(str(verb))
    if step is None:
        raise Http404
    try:
        answer = step(request, row, by)
    except Refused as refused:
        messages.error(request, refused.message)
        answer = None
    if answer is not None:
        return answer
    if not CreativeJob.objects.visible_to(by).filter(region=row.region_id, pk=row.pk).exists():
        return redirect("creative_desk")
    return redirect(row)


def _take(request: HttpRequest, row: CreativeJob, by: Person) -> None:
    taken = actions.take(row, by=by)
    messages.success(
        request,
        _("It is yours. Deliver by %(day)s; the owner's phone is on this page.")
        % {"day": show.tanggal(taken.deliver_by)},
    )


def _give_back(request: HttpRequest, row: CreativeJob, by: Person) -> None:
    actions.give_back(row, by=by)
    messages.success(request, _("Given back. Somebody else can take it now."))


def _deliver(request: HttpRequest, row: CreativeJob, by: Person) -> HttpResponse | None:
    require(policy.can_deliver(by, row))
    products = [one.product for one in desk.items_of(row, None)]
    form = DeliverForm(request.POST, request.FILES, job=row, products=products)
    if form.is_valid():
        try:
            actions.deliver(row, form.told(), by=by)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Delivered. The owner is told."))
            return None
    return _page(request, row, deliver=form, status=422)


def _change(request: HttpRequest, row: CreativeJob, by: Person) -> HttpResponse | None:
    form = WordsForm(request.POST)
    if form.is_valid():
        actions.ask_for_change(row, words=form.cleaned_data["words"], by=by)
        messages.success(request, _("The creator is told what should be different."))
        return None
    return _page(request, row, words=form, status=422)


def _accept(request: HttpRequest, row: CreativeJob, by: Person) -> None:
    seen: dict[int, str] = {}
    places: dict[int, list[tuple[int, int]]] = {}
    for name, value in request.POST.items():
        kind, _dash, rest = name.partition("-")
        told = str(value).strip()
        if kind == "seen" and (key := whole_number(rest)) is not None:
            seen[key] = told
        elif kind == "place":
            product, picture = map(whole_number, rest.split("-", 1)) if "-" in rest else (None, None)
            if product is not None and picture is not None:
                chosen = places.setdefault(product, [])
                if place := whole_number(told, most=99):
                    chosen.append((place, picture))
    actions_of = {key: [picture for _place, picture in sorted(rows)] for key, rows in places.items()}
    dressing.accept(
        row, by=by, seen=seen, photos=actions_of, may_be_shown=request.POST.get("may_be_shown") == "1"
    )
    if row.kind == JobKind.DESIGN:
        messages.success(request, _("Accepted. Thank you for answering."))
    else:
        messages.success(request, _("Accepted: it is on the product now. You can undo it for 30 days."))


def _undo(request: HttpRequest, row: CreativeJob, by: Person) -> None:
    dressing.undo(row, by=by)
    messages.success(request, _("Undone: the product is as it was before."))


def _show(request: HttpRequest, row: CreativeJob, by: Person) -> None:
    dressing.allow_showing(row, allowed=request.POST.get("may_be_shown") == "1", by=by)
    messages.success(request, _("Saved."))


def _cancel(request: HttpRequest, row: CreativeJob, by: Person) -> HttpResponse | None:
    form = CallOffForm(request.POST)
    if form.is_valid():
        actions.call_off(row, reason=form.cleaned_data["reason"], by=by)
        messages.success(request, _("Called off."))
        return None
    return _page(request, row, cancel=form, status=422)


_STEPS: dict[str, Any] = {
    "take": _take,
    "give_back": _give_back,
    "deliver": _deliver,
    "change": _change,
    "accept": _accept,
    "undo": _undo,
    "show": _show,
    "cancel": _cancel,
}


@login_required
@require_safe
def job_file(request: HttpRequest, job: str, job_document: uuid.UUID) -> HttpResponse:
    """A design that was delivered, for those who see the job: its creator, the asking side, who
    coordinates."""
    row, person = job_or_404(request, job), signed_in(request)
    if not (
        row.creator_id == person.pk
        or policy.can_sell(person, row.enterprise)
        or policy.coordinates_desk(person, row.region_id)
    ):
        raise Http404
    rows = VersionFile.objects.filter(region=row.region_id, version__job=row)
    if row.creator_id == person.pk:
        rows = rows.filter(version__by=person)
    found = get_object_or_404(rows.select_related("document"), document__uuid=job_document)
    file = found.document
    inline = file.is_image and "unduh" not in request.GET
    return serve(request, file.file, kind=file.kind, name=file.name, etag=file.sha256[:32], inline=inline)
