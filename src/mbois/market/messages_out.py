"""What is written to buyers and sellers: filled WhatsApp messages, names of channels, steps."""

from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from mbois.market.models import Order, OrderState, Shop
from mbois.market.salesfiles import SOURCES
from mbois.web import show
from mbois.web.components import Step, steps_to


def channel_name(key: str) -> str:
    """What people call the way an order came."""
    return _("Own shop page") if key == "shop" else SOURCES.get(key) or _("Another marketplace")


def wa_link(phone: object, text: str) -> str:
    """The link that opens WhatsApp with a message to a number, ready to be sent."""
    digits = "".join(sign for sign in str(phone) if sign.isdigit())
    return f"https://wa.me/{digits}?text={quote(text)}" if digits else ""


def absolute(path: str) -> str:
    return str(settings.SITE_URL).rstrip("/") + path


def to_seller(order: Order, shop: Shop, name: str) -> str:
    """The buyer's message to the seller: what was ordered, its code, the link to follow it."""
    lines = [f"- {line.quantity} × {line.title} ({show.rupiah(line.amount)})" for line in order.lines.all()]
    text = "\n".join(
        [
            _("Hello %(shop)s, I ordered:") % {"shop": name},
            *lines,
            _("Total %(total)s. Order code %(code)s.")
            % {"total": show.rupiah(order.goods + order.shipping), "code": order.code},
            _("Name: %(name)s") % {"name": order.buyer_name},
            *([_("Address: %(address)s") % {"address": order.buyer_address}] if order.buyer_address else []),
            absolute(order.follow_url),
        ]
    )
    return wa_link(shop.whatsapp, text)


def to_buyer(order: Order, request: HttpRequest) -> str:
    """The seller's message to the buyer, after where the order stands."""
    if not order.buyer_phone:
        return ""
    text = "\n".join(
        [
            _("Hello %(buyer)s, this is about your order %(code)s: %(state)s.")
            % {"buyer": order.buyer_name, "code": order.code, "state": str(order.state_shown.label)},
            *(
                [
                    _("Sent with %(courier)s %(tracking)s.")
                    % {"courier": order.courier, "tracking": order.tracking}
                ]
                if order.courier
                else []
            ),
            *(
                [
                    _("You have paid already, so you get %(sum)s back.")
                    % {"sum": show.rupiah(order.goods + order.shipping)}
                ]
                if order.owes_money_back
                else []
            ),
            absolute(order.follow_url),
        ]
    )
    return wa_link(order.buyer_phone, text)


def steps_of(order: Order) -> list[Step]:
    """Where an order stands, as steps."""
    states = [OrderState.PLACED, OrderState.CONFIRMED, OrderState.SENT, OrderState.RECEIVED]
    moments = [order.placed_at, order.confirmed_at, order.sent_at, order.received_at]
    if order.state == OrderState.CANCELLED:
        reached = sum(moment is not None for moment in moments)
        found = steps_to([state.label for state in states[:reached]], reached)
        return [*found, Step(OrderState.CANCELLED.label, "bad", show.tanggal_pendek(order.cancelled_at))]
    at = states.index(OrderState(order.state))
    found = steps_to([state.label for state in states], at + 1)
    return [
        Step(step.label, step.state, show.tanggal_pendek(moment) if moment else "")
        for step, moment in zip(found, moments, strict=True)
    ]
