"""Merges and their undoing as lines of a business's story."""

from django.db.models import Q
from django.utils.translation import gettext as _

from mbois.enterprises.models import Enterprise, Merge
from mbois.people.models import Person
from mbois.web.components import Event


def events(enterprise: Enterprise, *, reader: Person) -> list[Event]:
    """What was merged into this business, or this one into another, and what was undone. Who may not see
    the other reads its number only. One query, a second where there was a merge."""
    region = enterprise.region_id
    merges = list(
        Merge.objects.filter(Q(winner=enterprise.pk) | Q(loser=enterprise.pk), region=region).select_related(
            "winner", "loser", "made_by", "undone_by"
        )
    )
    if not merges:
        return []
    keys = {key for merge in merges for key in (merge.winner_id, merge.loser_id)}
    seen = set(
        Enterprise.objects.visible_to(reader).filter(region=region, pk__in=keys).values_list("pk", flat=True)
    )
    lines = []
    for merge in merges:
        kept = merge.winner_id == enterprise.pk
        other = merge.loser if kept else merge.winner
        known = other.pk in seen
        which = {"other": f"{other.name} ({other.number})" if known else other.number}
        url = other.get_absolute_url() if known else ""
        what = _("%(other)s was merged into this business") if kept else _("Merged into %(other)s")
        lines.append(Event(merge.made_at, what % which, merge.made_by.name, url=url))
        if merge.undone_at:
            by = merge.undone_by.name if merge.undone_by else ""
            lines.append(
                Event(merge.undone_at, _("The merge with %(other)s was undone") % which, by, url=url)
            )
    return lines
