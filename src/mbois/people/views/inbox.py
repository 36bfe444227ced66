"""What the city told one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mbois.people import notifications
from mbois.people.forms import PreferencesForm
from mbois.people.models import Notification
from mbois.people.requests import SignedInRequest

A_PAGE = 20


@login_required
def inbox(request: SignedInRequest) -> HttpResponse:
    """The messages, newest first."""
    own = Notification.objects.filter(person=request.user)
    page = Paginator(own.select_related("person"), A_PAGE).get_page(request.GET.get("page"))
    items: list[dict[str, Any]] = [
        {"notification": one, "text": notifications.text_of(one)} for one in page.object_list
    ]
    waiting = any(one.read_at is None for one in page.object_list)
    return render(request, "people/inbox.html", {"items": items, "page": page, "waiting": waiting})


@login_required
@require_POST
def open_one(request: SignedInRequest, notification: int) -> HttpResponse:
    """Mark a message as read and go where it points."""
    own = get_object_or_404(Notification, pk=notification, person=request.user)
    notifications.mark_read(request.user, own.pk)
    if own.url.startswith("/") and url_has_allowed_host_and_scheme(own.url, allowed_hosts=None):
        return redirect(own.url)
    return redirect("inbox")


@login_required
@require_POST
def read_all(request: SignedInRequest) -> HttpResponse:
    """Mark every message as read."""
    notifications.mark_read(request.user)
    return redirect("inbox")


@login_required
def preferences(request: SignedInRequest) -> HttpResponse:
    """Which channels one wants besides the inbox."""
    wanted = notifications.wanted(request.user)
    missing = notifications.out_of_reach(request.user)
    form = PreferencesForm(
        request.POST if request.method == "POST" else None, wanted=wanted, out_of_reach=missing
    )
    if request.method == "POST" and form.is_valid():
        notifications.prefer(request.user, form.cleaned_data["channels"])
        messages.success(request, _("Saved."))
        return redirect("preferences")
    context = {"form": form, "missing": missing}
    return render(request, "people/preferences.html", context, status=422 if form.errors else 200)


def badge(request: HttpRequest) -> int:
    """How many messages wait, for the layout; asked once a request."""
    if not hasattr(request, "_unread"):
        request._unread = notifications.unread(request.user)  # type: ignore[attr-defined, arg-type]
    return int(request._unread)  # type: ignore[attr-defined]
