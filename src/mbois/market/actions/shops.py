"""The shop page: what it says, how it is paid, whether it is open."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from mbois import clock
from mbois.enterprises.models import Enterprise, State
from mbois.enterprises.policy import owns
from mbois.market import policy, qris
from mbois.market.models import Shop
from mbois.people.actions import record_consent
from mbois.people.models import Consent, Person
from mbois.refused import Refused, require

CONSENT = "shop"
# Words that stand at the same place in addresses.
TAKEN: Sequence[str] = ("baru", "saya", "cari")


def _free_slug(enterprise: Enterprise, wanted: str) -> str:
    """An address of its own over all regions: the one wanted, or with a number. Held until committed."""
    base = slugify(wanted)[:50].strip("-") or slugify(enterprise.number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"shop:{base}"])
    others = Shop.objects.exclude(region=enterprise.region_id, enterprise=enterprise)
    taken = set(others.filter(slug__startswith=base).values_list("slug", flat=True)) | set(TAKEN)
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


@transaction.atomic
def save_shop(enterprise: Enterprise, *, by: Person, slug: str = "", **fields: Any) -> Shop:
    """Make or change the shop of an enterprise: tagline, about, whatsapp, qris.

    A changed QRIS must be confirmed anew. Refuses a QRIS that is not whole, is for one payment, or in
    another currency.
    """
    require(policy.can_sell(by, enterprise))
    Enterprise.objects.select_for_update(no_key=True).get(region=enterprise.region_id, pk=enterprise.pk)
    shop = Shop.objects.filter(region=enterprise.region_id, enterprise=enterprise).first()
    if shop is None:
        shop = Shop(region_id=enterprise.region_id, enterprise=enterprise)
    if not shop.slug or (slug and slugify(slug) != shop.slug):
        shop.slug = _free_slug(enterprise, slug or enterprise.name)
    shop.tagline = " ".join(str(fields.get("tagline", shop.tagline)).split())[:140]
    shop.about = str(fields.get("about", shop.about)).strip()[:2000]
    shop.whatsapp = fields.get("whatsapp", shop.whatsapp) or ""
    if "qris" in fields and fields["qris"].strip() != shop.qris:
        _set_qris(shop, fields["qris"].strip())
    if shop.is_open and not shop.whatsapp and not shop.takes_qris:
        raise Refused(
            _("An open shop needs a WhatsApp number or a confirmed QRIS."), field="whatsapp", code="no_way"
        )
    shop.save()
    return shop


def _set_qris(shop: Shop, payload: str) -> None:
    shop.qris, shop.qris_name, shop.qris_city, shop.qris_confirmed_at = payload, "", "", None
    if not payload:
        return
    try:
        said = qris.read(payload)
        qris.make_dynamic(payload, 1)
    except ValueError:
        raise Refused(
            _(
                "This is not a whole static QRIS in rupiah. Please copy the text of your own QRIS, "
                "the one without an amount."
            ),
            field="qris",
            code="qris",
        ) from None
    if len(payload) > 512 or not said.name.strip():
        raise Refused(_("This QRIS does not say whose it is."), field="qris", code="qris")
    shop.qris_name, shop.qris_city = said.name[:25], said.city[:15]


@transaction.atomic
def confirm_qris(shop: Shop, *, name: str, city: str, by: Person) -> Shop:
    """The owner says that the QRIS is theirs, having seen its name and city. Only the owner can."""
    shop = _locked(shop)
    if not owns(by, shop.enterprise):
        raise Refused(_("Only the owner confirms the QRIS."), code="forbidden", status=403)
    if not shop.qris or (shop.qris_name, shop.qris_city) != (name, city):
        raise Refused(_("The QRIS was changed meanwhile. Please look again."), code="moved_on", status=409)
    shop.qris_confirmed_at = clock.now()
    shop.save(update_fields=["qris_confirmed_at"])
    return shop


@transaction.atomic
def open_shop(shop: Shop, *, by: Person, method: str = Consent.Method.SELF, evidence: Any = None) -> Shop:
    """Show the shop to everybody, with the owner's consent to it."""
    shop = _locked(shop)
    require(policy.can_sell(by, shop.enterprise))
    if shop.enterprise.state != State.VERIFIED:
        raise Refused(
            _("The shop can be opened once an officer has verified the business."), code="not_verified"
        )
    if not shop.whatsapp and not shop.takes_qris:
        raise Refused(
            _("Give a WhatsApp number, or a QRIS and confirm it, so that buyers can order."),
            field="whatsapp",
            code="no_way",
        )
    shop.consent = record_consent(
        shop.enterprise.owner.person,
        CONSENT,
        region_id=shop.region_id,
        by=by,
        method=method,
        evidence=evidence,
    )
    shop.is_open, shop.opened_at = True, shop.opened_at or clock.now()
    shop.save(update_fields=["is_open", "opened_at", "consent"])
    return shop


@transaction.atomic
def close_shop(shop: Shop, *, by: Person) -> Shop:
    """Take the shop and all its products off the public pages. What was ordered stays."""
    shop = _locked(shop)
    require(policy.can_sell(by, shop.enterprise))
    shop.is_open = False
    shop.save(update_fields=["is_open"])
    return shop


def _locked(shop: Shop) -> Shop:
    return (
        Shop.objects.select_for_update(of=("self",), no_key=True)
        .select_related("enterprise__owner__person")
        .get(region=shop.region_id, pk=shop.pk)
    )
