"""What a seller is shown of a product's listings: a bar for each channel, what is in the way, what would
help, and the one next thing to do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from mbois import clock
from mbois.market import quality
from mbois.market.channels import findings
from mbois.market.channels.listing import Finding, Judged
from mbois.market.channels.rules import RULES
from mbois.market.models import Product, Quality

GOOD, FAIR = 80, 50
# What a mending brought is shown for so long.
REMEMBERED = timedelta(days=30)
# Where on the product's page each field of a listing is.
ANCHORS = {
    "title": "#id_name",
    "description": "#id_description",
    "attributes": "#id_particulars",
    "brand": "#id_brand",
    "weight": "#harga",
    "price": "#harga",
    "variant": "#harga",
    "sku": "#harga",
}


def channel_name(channel: str) -> str:
    return RULES[channel].name or _("Shop page")


def level(score: int, *, blocked: bool = False) -> tuple[str, str]:
    """(the word for a score, its tone)."""
    if blocked:
        return _("Not accepted yet"), "bad"
    if score >= GOOD:
        return _("Good"), "ok"
    return (_("Fair"), "wait") if score >= FAIR else (_("Weak"), "bad")


@dataclass(frozen=True)
class Bar:
    """One channel: its score, what it was before the last mending, and a word for it."""

    channel: str
    name: str
    score: int
    before: int | None
    blocked: bool
    word: str
    tone: str


@dataclass(frozen=True)
class ToMend:
    """One thing to mend: what is wrong, what to do and where, at which channels it counts, and what it
    brings (`points` at the channel where it brings most, `lift` at all of them together)."""

    code: str
    what: str
    do: str
    url: str
    verb: str
    blocks: bool
    points: int
    lift: int
    names: Sequence[str]


@dataclass(frozen=True)
class Card:
    """Everything together. `chosen` is the channel whose findings are shown; empty: those of the shop page
    and every marketplace that is connected."""

    bars: Sequence[Bar]
    others: Sequence[Bar]
    blockers: Sequence[ToMend]
    advice: Sequence[ToMend]
    next: ToMend | None
    chosen: str = ""
    chosen_name: str = ""
    mended: Sequence[str] = field(default_factory=tuple)
    mended_at: datetime | None = None

    @property
    def rest(self) -> list[ToMend]:
        """The advice that is not the next thing to do."""
        return [one for one in self.advice if one is not self.next]

    @property
    def in_the_way(self) -> list[ToMend]:
        """The blockers that are not the next thing to do."""
        return [one for one in self.blockers if one is not self.next]


def card_of(product: Product, chosen: str = "") -> tuple[Card, bool]:
    """The card of a product, judged now; and whether what is kept of it is out of date."""
    told = quality.judged([product])[product.pk]
    main = quality.channels_of(product.enterprise)
    row = Quality.objects.filter(region=product.region_id, product=product).first()
    before: Mapping[str, int] = {}
    parts: list[str] = []
    mended_at = None
    if row is not None and row.mended_at is not None and clock.now() - row.mended_at < REMEMBERED:
        before, mended_at = row.before.get("scores", {}), row.mended_at
        now = {one.code for channel in main for one in told[channel].findings}
        parts = list(
            dict.fromkeys(findings.part_name(code) for code in row.before.get("found", []) if code not in now)
        )
    bars = [_bar(channel, told[channel], before.get(channel)) for channel in RULES]
    chosen = chosen if chosen in told else ""
    things = to_mend(product, {channel: told[channel] for channel in ([chosen] if chosen else main)})
    card = Card(
        bars=[bar for bar in bars if bar.channel in main],
        others=[bar for bar in bars if bar.channel not in main],
        blockers=[one for one in things if one.blocks],
        advice=[one for one in things if not one.blocks],
        next=things[0] if things else None,
        chosen=chosen,
        chosen_name=channel_name(chosen) if chosen else "",
        mended=parts,
        mended_at=mended_at,
    )
    kept = (row.scores, row.blocked) if row is not None else None
    return card, kept != (
        {channel: one.score for channel, one in told.items()},
        sorted(channel for channel, one in told.items() if one.blocked),
    )


def _bar(channel: str, told: Judged, before: int | None) -> Bar:
    word, tone = level(told.score, blocked=told.blocked)
    was = before if before is not None and before != told.score else None
    return Bar(channel, channel_name(channel), told.score, was, told.blocked, word, tone)


def to_mend(product: Product, told: Mapping[str, Judged]) -> list[ToMend]:
    """What to mend for these channels, each thing once: blockers first, what lifts the most first."""
    groups: dict[tuple[str, bool], list[tuple[str, Finding]]] = {}
    for channel, one in told.items():
        for finding in one.findings:
            groups.setdefault((finding.code, finding.blocks), []).append((channel, finding))
    found = []
    for (code, blocks), members in groups.items():
        # the strictest number: who follows it satisfies all of them
        strictest = max((finding for _channel, finding in members), key=lambda one: _number(one.told))
        what, do = findings.sentences(code, strictest.told)
        url, verb = where_to_mend(product, strictest.field)
        found.append(
            ToMend(
                code=code,
                what=what,
                do=do,
                url=url,
                verb=verb,
                blocks=blocks,
                points=max(finding.points for _channel, finding in members),
                lift=sum(finding.points for _channel, finding in members),
                names=[channel_name(channel) for channel, _finding in members],
            )
        )
    return sorted(found, key=lambda one: (not one.blocks, -one.lift, one.code))


def _number(told: str) -> tuple[int, int]:
    """How strict it is: the number in it, else how much is named."""
    last = told.rpartition("|")[2]
    return (int(last), 0) if last.isdigit() else (0, len(told))


def where_to_mend(product: Product, where: str) -> tuple[str, str]:
    """(the address where a field of a listing is mended, the words on the button)."""
    place = {"enterprise": product.enterprise.number, "product": product.code}
    if where == "photos":
        return reverse("product_photos", kwargs=place), _("To the photos")
    if where == "licence":
        url = reverse("pirt_step", kwargs={"enterprise": product.enterprise.number})
        return url, _("How to get P-IRT")
    verbs = {
        "title": _("Change the name"),
        "description": _("Write the description"),
        "attributes": _("Write the particulars"),
        "brand": _("Write the brand"),
        "weight": _("To weight and size"),
        "price": _("To the price"),
    }
    return reverse("product_edit", kwargs=place) + ANCHORS.get(where, ""), verbs.get(where, _("Mend it"))


def in_words(told: Judged) -> list[str]:
    """What blocks a product at one channel, a sentence each: what is wrong and what to do."""
    return [" ".join(findings.sentences(one.code, one.told)) for one in told.blockers]


def brought(changes: Iterable[quality.Mended]) -> str:
    """What a mending brought, in one line; empty where nothing changed."""
    lines = [
        _("%(channel)s %(before)s → %(after)s")
        % {"channel": channel_name(one.channel), "before": one.before, "after": one.after}
        for one in changes
    ]
    return _("Listing quality: %(changes)s.") % {"changes": ", ".join(lines)} if lines else ""
