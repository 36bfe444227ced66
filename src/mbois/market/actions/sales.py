"""Taking in sales reports: looked at first, then written as orders that are received.

A report tells what happened; the stock of today was counted after it. So these orders move no stock.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.market import policy
from mbois.market.codes import ORDER, new_code
from mbois.market.models import Order, OrderLine, OrderState, Payment, SalesFile, Variant
from mbois.market.salesfiles import BY_KEY, FIELDS, SOURCES, ReportLine, guess, read_report, understand
from mbois.people.models import Person
from mbois.refused import Refused, require

CHUNK = 500
# What names a buyer is not even kept until the report is taken in.
_PERSONAL = (
    "penerima",
    "receiver",
    "shippingname",
    "shipping name",
    "billing",
    "nationalregistration",
    "username",
    "pembeli",
    "buyer",
    "telepon",
    "phone",
    "alamat",
    "address",
    "email",
    "recipient",
    "customer",
)


@dataclass
class Outcome:
    """What a report would do: orders that are new, known, called off or not done yet, lines that cannot be
    understood by the field that is wrong, and orders that are left out whole with such a line."""

    new: int = 0
    known: int = 0
    over: int = 0
    waiting: int = 0
    amount: int = 0
    unmatched: int = 0
    wrong: dict[str, int] = field(default_factory=dict)
    partial: int = 0
    first: str = ""
    last: str = ""


@transaction.atomic
def bring_report(enterprise: Enterprise, *, channel: str, name: str, data: bytes, by: Person) -> SalesFile:
    """Read a report and keep it for a look. Its columns are those of the last one with the same headings."""
    require(policy.can_handle_orders(by, enterprise))
    if channel not in SOURCES:
        raise Refused(_("Choose the marketplace."), field="channel", code="required")
    report = read_report(data)
    hidden = {
        place
        for place, heading in enumerate(report.columns)
        if any(word in heading.casefold() for word in _PERSONAL)
    }
    rows = [["" if place in hidden else cell for place, cell in enumerate(row)] for row in report.rows]
    before = (
        SalesFile.objects.filter(
            region=enterprise.region_id, enterprise=enterprise, channel=channel, columns=report.columns
        )
        .order_by("-made_at")
        .first()
    )
    return SalesFile.objects.create(
        region_id=enterprise.region_id,
        enterprise=enterprise,
        channel=channel,
        file_name=name[-200:],
        sha256=hashlib.sha256(data).hexdigest(),
        columns=report.columns,
        mapping=before.mapping if before else guess(report.columns),
        rows=rows,
        made_by=by,
    )


def choose_columns(file: SalesFile, mapping: Mapping[str, int], *, by: Person) -> None:
    """Keep which column is which."""
    require(policy.can_handle_orders(by, file.enterprise))
    missing = [one for one in FIELDS if one.required and one.key not in mapping]
    if missing:
        raise Refused(
            _("Say which column is “%(field)s”.") % {"field": missing[0].label},
            field=missing[0].key,
            code="required",
        )
    if "price" not in mapping and "total" not in mapping:
        raise Refused(_("Say which column is the price."), field="price", code="required")
    file.mapping = {key: place for key, place in mapping.items() if key in BY_KEY}
    file.save(update_fields=["mapping"])


def dry_run(file: SalesFile) -> Outcome:
    """What taking it in would do."""
    outcome, _orders = _sorted(file)
    return outcome


def _sorted(file: SalesFile) -> tuple[Outcome, dict[str, list[ReportLine]]]:
    outcome = Outcome()
    wrong: Counter[str] = Counter()
    by_number: dict[str, list[ReportLine]] = defaultdict(list)
    lacking = set()
    for row in file.rows:
        line = understand(row, file.mapping)
        if line.wrong:
            wrong[line.wrong] += 1
            lacking |= set() if line.over else {line.number}
        else:
            by_number[line.number].append(line)
    outcome.wrong = dict(wrong)
    known = set(
        Order.objects.filter(region=file.region_id, channel=file.channel, external__in=list(by_number))
        .known_to(file.enterprise_id)
        .values_list("external", flat=True)
    )
    skus = {line.sku for lines in by_number.values() for line in lines} - {""}
    mine = set(
        Variant.objects.filter(region=file.region_id, seller=file.enterprise_id, sku__in=skus).values_list(
            "sku", flat=True
        )
    )
    fresh: dict[str, list[ReportLine]] = {}
    days = []
    for number, lines in by_number.items():
        if number in known:
            outcome.known += 1
        elif all(line.over for line in lines):
            outcome.over += 1
        elif not all(line.done or line.over for line in lines):
            outcome.waiting += 1
        else:
            if number in lacking:  # half of it would stay half: it is known from then on
                outcome.partial += 1
                continue
            fresh[number] = [line for line in lines if not line.over]
            outcome.new += 1
            outcome.amount += sum(line.quantity * line.price for line in fresh[number])
            outcome.unmatched += sum(1 for line in fresh[number] if line.sku not in mine)
            days += [line.at for line in fresh[number] if line.at]
    if days:
        outcome.first, outcome.last = (clock.local_date(day).isoformat() for day in (min(days), max(days)))
    return outcome, fresh


@transaction.atomic
def take_report(file: SalesFile, *, by: Person) -> Outcome:
    """Write the orders of a report, those that are not known yet. The same report again changes nothing."""
    require(policy.can_handle_orders(by, file.enterprise))
    known = (
        SalesFile.objects.select_for_update(of=("self",), no_key=True)
        .select_related("enterprise")
        .filter(region=file.region_id, pk=file.pk)
        .first()
    )
    if known is None:
        raise Refused(_("This report was thrown away."), code="gone", status=409)
    file = known
    if file.state == SalesFile.State.DONE:
        return Outcome(**file.outcome)
    outcome, fresh = _sorted(file)
    skus = {line.sku for lines in fresh.values() for line in lines} - {""}
    variants = dict(
        Variant.objects.filter(region=file.region_id, seller=file.enterprise_id, sku__in=skus).values_list(
            "sku", "pk"
        )
    )
    try:
        with transaction.atomic():
            for numbers in _chunks(list(fresh)):
                _write(file, {number: fresh[number] for number in numbers}, variants)
    except IntegrityError:
        raise Refused(
            _("Somebody took in some of these orders just now. Please try again."), code="again", status=409
        ) from None
    file.outcome, file.rows, file.state = vars(outcome), [], SalesFile.State.DONE
    file.applied_at = clock.now()
    file.save(update_fields=["outcome", "rows", "state", "applied_at"])
    return outcome


def _chunks(numbers: list[str]) -> list[list[str]]:
    return [numbers[begin : begin + CHUNK] for begin in range(0, len(numbers), CHUNK)]


def _write(file: SalesFile, fresh: dict[str, list[ReportLine]], variants: dict[str, int]) -> None:
    region_id = file.region_id
    codes: set[str] = set()
    while len(codes) < len(fresh):
        codes.add(new_code(ORDER, region_id))
    orders = []
    for code, (number, lines) in zip(sorted(codes), fresh.items(), strict=True):
        at = min(line.at for line in lines if line.at)
        orders.append(
            Order(
                region_id=region_id,
                enterprise=file.enterprise,
                code=code,
                channel=file.channel,
                external=number,
                buyer_name=SOURCES[file.channel] or file.channel,
                payment=Payment.CHANNEL,
                goods=sum(line.quantity * line.price for line in lines),
                state=OrderState.RECEIVED,
                placed_at=at,
                confirmed_at=at,
                sent_at=at,
                received_at=at,
            )
        )
    Order.objects.bulk_create(orders)
    saved: list[Any] = []
    for order, lines in zip(orders, fresh.values(), strict=True):
        saved += [
            OrderLine(
                region_id=region_id,
                order=order,
                variant_id=variants.get(line.sku),
                title=line.title,
                sku=line.sku,
                quantity=line.quantity,
                price=line.price,
            )
            for line in lines
        ]
    OrderLine.objects.bulk_create(saved)


def discard_report(file: SalesFile, *, by: Person) -> None:
    """Throw away a report that was not taken in."""
    require(policy.can_handle_orders(by, file.enterprise))
    # asked of the database: another tab may have taken it in meanwhile
    SalesFile.objects.filter(region=file.region_id, pk=file.pk, state=SalesFile.State.READ).delete()
