"""Filters and tags that every template knows without loading them."""

from functools import cache
from typing import Any
from urllib.parse import quote

from django import template
from django.forms import BaseForm, BoundField
from django.forms.widgets import CheckboxInput
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from mbois.web import icons, show
from mbois.web.components import Step, badge

register = template.Library()

for _filter in (
    show.angka,
    show.rupiah,
    show.rupiah_short,
    show.percent,
    show.tanggal,
    show.tanggal_pendek,
    show.hari_tanggal,
    show.bulan,
    show.bulan_pendek,
    show.waktu,
    show.jam,
    show.telepon,
    show.lama,
):
    register.filter(_filter.__name__, _filter)

register.simple_tag(badge, name="badge")


@register.simple_tag
@cache
def icon(name: str, size: int = 20, label: str = "") -> SafeString:
    """`{% icon "wallet" %}`: decoration, or with `label` a picture that is read out."""
    inside = mark_safe(icons.drawing(name))  # our own vendored file
    named = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" width="{}" height="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" {}>{}</svg>',
        size,
        size,
        named,
        inside,
    )


@register.inclusion_tag("web/parts/steps.html")
def steps(items: list[Step], label: str = "") -> dict[str, Any]:
    """`{% steps items %}`: where a thing stands, a list of `components.Step`."""
    return {"items": items, "label": label}


@register.inclusion_tag("web/parts/meter.html")
def meter(value: int, maximum: int, text: str = "") -> dict[str, Any]:
    """`{% meter paid total "33% is paid" %}`: how much of the whole, with the words for it."""
    share = value / maximum if maximum else 0
    return {"value": value, "maximum": maximum or 1, "text": text or show.percent(share)}


@register.inclusion_tag("web/parts/figure.html")
def figure(
    value: object, label: object, note: object = "", href: str = "", icon: str = "", tone: str = ""
) -> dict[str, Any]:
    """`{% figure "2.143" "businesses" note="…" href=url %}`: one large number on a card."""
    return {"value": value, "label": label, "note": note, "href": href, "icon": icon, "tone": tone}


@register.inclusion_tag("web/parts/empty.html")
def empty(
    title: object, text: object = "", url: str = "", action: object = "", art: str = "shop"
) -> dict[str, Any]:
    """`{% empty "No loan yet" "…" url "Apply" art="coins" %}`: art is shop, coins, search, inbox or path."""
    return {"title": title, "text": text, "url": url, "action": action, "art": art}


@register.inclusion_tag("web/parts/share.html")
def share(url: str, title: str, text: str = "", label: str = "") -> dict[str, Any]:
    """`{% share url title text %}`: the phone's own share sheet, else WhatsApp and copying."""
    message = f"{text or title} {url}".strip()
    return {"url": url, "title": title, "text": text, "label": label, "whatsapp": quote(message)}


@register.inclusion_tag("web/parts/field.html")
def field(bound: BoundField, label: object = "", narrow: bool = False) -> dict[str, Any]:
    """`{% field form.name %}`: label, help, input and errors, tied together for screen readers."""
    widget = bound.field.widget
    described = []
    if bound.help_text:
        described.append(f"{bound.auto_id}_helptext")
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
    attrs: dict[str, str | bool] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return {
        "field": bound,
        "input": bound.as_widget(attrs=attrs),
        "label": label or bound.label,
        "single_check": isinstance(widget, CheckboxInput),
        "grouped": bool(getattr(widget, "use_fieldset", False)),
        "optional": not bound.field.required
        and bound.name not in getattr(bound.form, "needed_later", ())
        and not isinstance(widget, CheckboxInput),
        "described": " ".join(described),
        "narrow": narrow,
        "kind": type(widget).__name__.lower(),
    }


@register.inclusion_tag("web/parts/form_fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """`{% form_fields form %}`: the error summary and every field of a form, without the buttons."""
    return {"form": form}


@register.inclusion_tag("web/parts/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """`{% error_summary form %}`: what is wrong, each with a link to its field; nothing if all is well."""
    return {"form": form, "wrong": [bound for bound in form if bound.errors] if form.is_bound else []}
