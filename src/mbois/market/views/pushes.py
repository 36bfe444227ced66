"""What marketplaces call: the seller's way back from agreeing, and pushes."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from mbois.enterprises.views.common import signed_in
from mbois.market.actions.connections import connect, push_url
from mbois.market.actions.fetching import keep_push
from mbois.market.channels.registry import PLATFORMS, app_of
from mbois.market.models import Connection, ConnectionState
from mbois.market.round_tasks import answer_push, defer_round
from mbois.refused import Refused

BIGGEST_PUSH = 256 * 1024


@login_required
@never_cache
@require_safe
def back(request: HttpRequest, channel: str) -> HttpResponse:
    """The marketplace sends the seller back with a code."""
    if channel not in PLATFORMS:
        raise Http404
    try:
        row = connect(channel, request.GET.dict(), by=signed_in(request))
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("home")
    defer_round(row.region_id, row.pk)
    messages.success(
        request, _("%(shop)s is connected.") % {"shop": row.shop_name or PLATFORMS[channel].name}
    )
    return redirect("connection", enterprise=row.enterprise.number, connection=row.pk)


@csrf_exempt
@require_POST
def push(request: HttpRequest, channel: str) -> HttpResponse:
    """A marketplace tells that something happened. Believed only with its signature over the raw body;
    even then it only wakes us. Answered 200 whatever it is about, so that it is not sent again."""
    platform, app = PLATFORMS.get(channel), app_of(channel)
    if platform is None or app is None:
        raise Http404
    raw_body = request.body
    if len(raw_body) > BIGGEST_PUSH or not platform.verify(
        app,
        url=push_url(channel),
        raw_body=raw_body,
        authorization=request.headers.get("Authorization", ""),
    ):
        return HttpResponse(status=401)
    try:
        message = json.loads(raw_body)
    except (ValueError, RecursionError):
        message = None
    if isinstance(message, dict):
        shop, order = platform.pushed(message)
        _take(channel, shop, order[:64], raw_body, message)
    return HttpResponse(status=200)


def _take(channel: str, shop: str, order: str, raw_body: bytes, message: dict[str, object]) -> None:
    if not shop or not f"{shop}{order}".isprintable():  # neither is the key of anything
        return
    connected = Connection.objects.filter(channel=channel, shop_id=shop, state=ConnectionState.CONNECTED)
    for row in connected:
        with transaction.atomic():
            event = keep_push(row, raw_body, message)
            if event is not None:
                answer_push.defer(
                    region_id=row.region_id, connection_id=row.pk, event_id=event.pk, order=order
                )
