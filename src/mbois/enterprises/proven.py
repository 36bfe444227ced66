"""What the registry itself proves of an enterprise: its NIB and its licences."""

from collections.abc import Callable, Collection
from datetime import date

from django.apps import apps
from django.db.models import Min, Q
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises import proofs
from mbois.enterprises.models import Enterprise, Licence


def nib(region_id: str, enterprises: Collection[int]) -> dict[int, date]:
    """Since when the NIB is recorded: from the registration on, or from the change that brought it."""
    known = Enterprise.objects.filter(region=region_id, pk__in=enterprises).exclude(nib="")
    found = {pk: clock.local_date(at) for pk, at in known.values_list("pk", "registered_at")}
    event = apps.get_model("enterprises", "EnterpriseEvent")
    without = (
        event.objects.filter(region=region_id, pgh_obj__in=list(found), nib="")
        .values_list("pgh_obj", flat=True)
        .distinct()
    )
    later = (
        event.objects.filter(region=region_id, pgh_obj__in=list(without))
        .exclude(nib="")
        .values_list("pgh_obj")
        .annotate(first=Min("pgh_created_at"))
    )
    return found | {pk: clock.local_date(at) for pk, at in later}


def licence(*kinds: str) -> Callable[[str, Collection[int]], dict[int, date]]:
    """Since when an enterprise has a licence of one of these kinds that is valid today."""

    def find(region_id: str, enterprises: Collection[int]) -> dict[int, date]:
        valid = Licence.objects.filter(
            Q(expires_on=None) | Q(expires_on__gte=clock.today()),
            region=region_id,
            enterprise__in=list(enterprises),
            kind__in=kinds,
        )
        since = Coalesce("issued_on", TruncDate("enterprise__registered_at", tzinfo=clock.JAKARTA))
        return dict(valid.values_list("enterprise").annotate(first=Min(since)))

    return find


def register() -> None:
    """Called when the program starts."""
    proofs.register(proofs.Proof("nib", _("NIB recorded"), nib))
    proofs.register(proofs.Proof("pirt", _("P-IRT recorded"), licence(Licence.Kind.PIRT)))
    proofs.register(proofs.Proof("halal", _("Halal certificate recorded"), licence(Licence.Kind.HALAL)))
