"""What the registry shows elsewhere: destinations, cards of the home page, figures, lists to choose from."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mbois.enterprises import duplicates, policy, queries
from mbois.enterprises.actions.telling import tell_of_withdrawal
from mbois.enterprises.models import Draft, Enterprise, Licence, Owner, State
from mbois.enterprises.models.enterprises import REGION_READERS
from mbois.people import claims, consents, identity, mine
from mbois.people.models import Person, Role
from mbois.web import choices, figures, home, navigation
from mbois.web.choices import Option, Source

READERS = frozenset({str(role) for role in (*REGION_READERS, Role.VILLAGE_OFFICER)})
STEWARDS = frozenset({str(Role.AGENCY_OFFICER), str(Role.REGION_ADMIN)})
REVIEWERS = frozenset({str(Role.VILLAGE_OFFICER), str(Role.AGENCY_OFFICER)})


def register() -> None:
    """Called once, when the program starts."""
    navigation.register(
        navigation.Item(
            "my_enterprises",
            _("My business"),
            "store",
            order=60,
            # staff find their own on the home page
            visible=lambda request: not getattr(request.user, "roles", None),
        )
    )
    navigation.register(
        navigation.Item(
            "enterprise_queue",
            _("To check"),
            "clipboard-check",
            roles=REVIEWERS,
            order=15,
            badge=lambda request: _waiting(request),
        )
    )
    navigation.register(
        navigation.Item("enterprises", _("Businesses"), "building-2", roles=READERS, order=35)
    )
    navigation.register(
        navigation.Item(
            "duplicates",
            _("Duplicates"),
            "git-merge",
            roles=STEWARDS,
            order=36,
            badge=lambda request: _open_pairs(request),
        )
    )
    home.register(_home)
    figures.register(
        figures.Figure(
            "enterprises",
            _("verified businesses"),
            _("Businesses in the registry that an officer has verified, counted now."),
            compute=lambda: Enterprise.objects.published().count() or None,
            order=10,
        )
    )
    choices.register("kbli", Source(search=_kbli_options, find=_kbli_option))
    mine.register_part("enterprises", _held)
    consents.on_withdrawal(tell_of_withdrawal)
    claims.register_proof(_last_digits)
    claims.register_mover(_move)


def _waiting(request: HttpRequest) -> int:
    return queries.waiting_for(request.user).count() if isinstance(request.user, Person) else 0


def _open_pairs(request: HttpRequest) -> int:
    return duplicates.open_pairs(request.user).count() if isinstance(request.user, Person) else 0


def _home(request: HttpRequest) -> list[home.Section] | None:
    person = request.user
    if not isinstance(person, Person):
        return None
    found: list[home.Section] = []
    if policy.can_review_any(person):
        waiting = queries.waiting_for(person)
        count = waiting.count()
        if count:
            context = {"count": count, "oldest": waiting.first()}
            found.append(home.Section("enterprises/parts/home_queue.html", context, order=10))
    rows = list(queries.owned_by(person)[:5])
    for row in rows:
        if row.state == State.RETURNED:
            found.append(home.Section("enterprises/parts/home_returned.html", {"row": row}, order=8))
    if rows or not person.roles:
        drafts = Draft.objects.filter(made_by=person, sent_as="").count()
        context = {"rows": rows, "drafts": drafts}
        found.append(home.Section("enterprises/parts/home_owner.html", context, order=30))
    return found


def _kbli_options(text: str) -> list[Option]:
    return [
        Option(f"{one.kbli.edition}:{one.kbli.code}", str(one.kbli), ", ".join(one.words))
        for one in queries.kbli_like(text)
    ]


def _kbli_option(value: str) -> Option | None:
    kbli = queries.kbli_named(value)
    return Option(f"{kbli.edition}:{kbli.code}", str(kbli)) if kbli else None


def _held(person: Person) -> list[dict[str, object]]:
    """What the registries hold of an owner, for their own download; numbers masked."""
    owners = Owner.objects.filter(person=person).select_related("region", "village")
    return [
        mine.plain(owner)
        | {
            "region": owner.region.name,
            "nik": owner.nik_masked,
            "village": owner.village.name if owner.village else None,
            "enterprises": [
                mine.plain(one)
                | {
                    "kbli": one.kbli.code if one.kbli else None,
                    "village": one.village.name,
                    "licences": [
                        mine.plain(paper)
                        for paper in Licence.objects.filter(region=one.region_id, enterprise=one)
                    ],
                }
                for one in owner.enterprises.filter(region=owner.region_id).select_related("kbli", "village")
            ],
        }
        for owner in owners
    ]


def _last_digits(person: Person, answer: str) -> bool | None:
    """Whether these are the last four digits of the person's NIK; None where none is known."""
    sealed = Owner.objects.filter(person=person).exclude(nik_sealed="").values_list("nik_sealed", flat=True)
    known = [identity.unseal(one)[-4:] for one in sealed]
    return answer in known if known else None


def _move(old: Person, new: Person) -> None:
    """The owner's records follow somebody who takes over their account."""
    Owner.objects.filter(person=old).update(person=new)
