"""Enterprises that may be one and the same: found at entry, by a nightly search, and decided on.

What speaks for two being one is added up in `_SCORE`; two owners whose NIKs are known and differ
speak against it. From `LIKELY` on, a person is asked to look.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mbois import clock
from mbois.enterprises import identities, policy
from mbois.enterprises.models import DuplicatePair, Enterprise, OwnerMatch, State
from mbois.enterprises.models.duplicates import STEWARDS
from mbois.enterprises.names import GENERIC, compared
from mbois.people import identity
from mbois.people.models import Person, Role
from mbois.refused import Refused

if TYPE_CHECKING:
    from mbois.enterprises.actions import Registration

LIKELY = 0.65
SIMILAR_NAME = 0.4
# What more enterprises than this share (a placeholder phone, a word of every second name) is no sign.
SHARED_BY_AT_MOST = 40

REASONS = {
    "same_name": gettext_lazy("same name"),
    "similar_name": gettext_lazy("similar name"),
    "same_phone": gettext_lazy("same phone"),
    "same_owner": gettext_lazy("same owner (NIK)"),
    "claimed": gettext_lazy("two people give the same NIK"),
    "same_owner_name": gettext_lazy("owner of the same name"),
    "same_village": gettext_lazy("same village"),
    "same_district": gettext_lazy("same district"),
    "different_nik": gettext_lazy("but the owners' NIKs differ"),
}

# `a` and `b` are the two: name, generic, village, phone, owner_phone, owner, owner_name, nik.
_FACTS = """
    similarity(a.name, b.name) AS alike,
    a.generic AND b.generic AS generic,
    a.name = b.name AS same_name,
    a.village = b.village AS same_village,
    left(a.village, 8) = left(b.village, 8) AS same_district,
    a.phones && b.phones AS same_phone,
    (a.nik <> '' AND a.nik = b.nik) OR a.owner = b.owner AS same_owner,
    a.nik <> '' AND a.nik = b.nik AND a.owner <> 0 AND a.owner <> b.owner AS claimed,
    a.owner_name <> '' AND a.owner_name = b.owner_name AS same_owner_name,
    a.nik <> '' AND b.nik <> '' AND a.nik <> b.nik AS different_nik
"""
_SCORE = """
    least(1, greatest(0,
        alike * CASE WHEN generic THEN 0.2 ELSE 0.55 END
        + CASE WHEN same_village THEN 0.25 WHEN same_district THEN 0.08 ELSE 0 END
        + CASE WHEN same_phone THEN 0.3 ELSE 0 END
        + CASE WHEN claimed THEN 0.65 ELSE 0 END
        + CASE WHEN same_owner THEN 0.25 WHEN same_owner_name THEN 0.2 ELSE 0 END
        - CASE WHEN different_nik THEN 0.3 ELSE 0 END
    ))
"""
_REASONS = f"""
    array_remove(ARRAY[
        CASE WHEN same_name THEN 'same_name' WHEN alike >= {SIMILAR_NAME} THEN 'similar_name' END,
        CASE WHEN same_phone THEN 'same_phone' END,
        CASE WHEN claimed THEN 'claimed' WHEN same_owner THEN 'same_owner' WHEN same_owner_name THEN 'same_owner_name' END,
        CASE WHEN same_village THEN 'same_village' WHEN same_district THEN 'same_district' END,
        CASE WHEN different_nik THEN 'different_nik' END
    ], NULL)
"""
_ENTERPRISE = """
    e.id, e.compared_name AS name, e.compared_name ~ %(generic)s AS generic, e.village_id AS village,
    array_remove(ARRAY[e.phone, o.phone]::text[], '') AS phones,
    o.id AS owner, o.compared_name AS owner_name, coalesce(nullif(o.nik_hash, ''), o.nik_claim_hash) AS nik
"""
_JOIN = "enterprises_enterprise e JOIN enterprises_owner o ON o.region_id = e.region_id AND o.id = e.owner_id"


@dataclass(frozen=True)
class Candidate:
    """An enterprise that may be the one being entered; `score` is between 0 and 1."""

    enterprise: Enterprise
    score: float
    reasons: list[str]

    @property
    def in_words(self) -> str:
        """ "same name, same phone, same village", in the language of the reader."""
        return in_words(self.reasons)


def in_words(reasons: list[str]) -> str:
    """The reasons of a pair as one line."""
    return ", ".join(str(REASONS[reason]) for reason in reasons if reason in REASONS)


def candidates(
    region_id: str,
    name: str,
    village: str,
    phone: str = "",
    nik_hash: str = "",
    exclude: int | None = None,
    *,
    owner: int = 0,
    owner_name: str = "",
    limit: int = 10,
) -> list[Candidate]:
    """The enterprises of this region that the given one may be, likeliest first.

    `village` is an area code, `phone` E.164, `nik_hash` the digest of the owner's NIK, `owner` their key
    where they have a record; other regions are never looked at. Three queries.
    """
    given: dict[str, str | int | float] = {
        "region": region_id,
        "name": compared(name),
        "village": village,
        "phone": str(phone or ""),
        "nik": nik_hash,
        "owner": owner,
        "owner_name": compared(owner_name) if owner_name else "",
        "generic": GENERIC,
        "likely": LIKELY,
        "exclude": exclude or 0,
        "limit": limit,
    }
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(SIMILAR_NAME)])
        cursor.execute(
            f"""
            WITH a AS (
                SELECT %(name)s::text AS name, %(name)s::text ~ %(generic)s AS generic,
                       %(village)s::text AS village, array_remove(ARRAY[%(phone)s::text], '') AS phones,
                       %(owner)s::bigint AS owner, %(owner_name)s::text AS owner_name, %(nik)s::text AS nik
            ), near AS (
                (SELECT id FROM enterprises_enterprise
                  WHERE region_id = %(region)s AND compared_name %% %(name)s
                  ORDER BY village_id = %(village)s DESC, similarity(compared_name, %(name)s) DESC LIMIT 200)
                UNION
                SELECT id FROM enterprises_enterprise
                 WHERE region_id = %(region)s AND phone = %(phone)s AND phone <> ''
                UNION
                SELECT e.id FROM {_JOIN}
                 WHERE e.region_id = %(region)s AND o.region_id = %(region)s AND o.id IN (
                     SELECT id FROM enterprises_owner
                      WHERE region_id = %(region)s AND phone = %(phone)s AND phone <> ''
                     UNION
                     SELECT id FROM enterprises_owner
                      WHERE region_id = %(region)s AND nik_hash = %(nik)s AND nik_hash <> '')
            ), b AS (
                SELECT {_ENTERPRISE} FROM {_JOIN}
                 WHERE e.region_id = %(region)s AND e.id IN (SELECT id FROM near)
                   AND e.state <> 'merged' AND e.id <> %(exclude)s
            ), facts AS (SELECT b.id, {_FACTS} FROM a, b)
            SELECT id, {_SCORE} AS score, {_REASONS} AS reasons FROM facts
             WHERE {_SCORE} >= %(likely)s ORDER BY score DESC, id LIMIT %(limit)s
            """,
            given,
        )
        found = cursor.fetchall()
    if not found:
        return []
    enterprises = (
        Enterprise.objects.filter(region=region_id)
        .select_related("owner", "village__parent")
        .in_bulk([key for key, _score, _reasons in found])
    )
    return [Candidate(enterprises[key], float(score), reasons) for key, score, reasons in found]


def alike(
    told: "Registration", *, by: Person, exclude: int | None = None, published: bool = False
) -> list[Candidate]:
    """Enterprises that may be the one somebody registers, as far as they may see them, likeliest first.

    An officer of its village is shown what any of its facts says. Others learn of similar names only,
    never that a number or a phone is known; with `published` also of verified ones they do not see.
    """
    region = told.village.region_id
    if region is None:
        return []
    officer = policy.can_register_for_others(by, told.village)
    nik = identities.clean_nik(told.nik) if officer else ""
    found = candidates(
        region,
        told.name,
        told.village.pk,
        phone=identities.clean_phone(told.owner_phone or told.phone) if officer else "",
        nik_hash=identity.digest("nik", nik) if nik else "",
        exclude=exclude,
        owner_name=told.owner_name if officer else "",
        limit=5,
    )
    visible = set(
        Enterprise.objects.visible_to(by)
        .filter(region=region, pk__in=[one.enterprise.pk for one in found])
        .values_list("pk", flat=True)
    )
    public = [one for one in found if one.enterprise.state == State.VERIFIED] if published else []
    return [one for one in found if one.enterprise.pk in visible or (one in public and not officer)]


# Who is compared with whom in the search of a whole region: those of a village that share a word of
# their name few there have (a lone word: its beginning), those of a district with the same name, and
# those that share a phone, an owner, or name and owner's name. Never all with all.
_PAIRS = f"""
    WITH things AS MATERIALIZED (
        SELECT {_ENTERPRISE} FROM {_JOIN}
         WHERE e.region_id = %(region)s AND o.region_id = %(region)s AND e.state <> 'merged'
    ), signs AS (
        SELECT id, 'w' || village || '|' || word AS sign
          FROM things, regexp_split_to_table(name, ' ') AS word WHERE length(word) > 2
        UNION ALL
        SELECT id, 'b' || village || '|' || left(name, 3) FROM things WHERE name NOT LIKE '%% %%'
        UNION ALL
        SELECT id, 'n' || left(village, 8) || '|' || name FROM things WHERE NOT generic
        UNION ALL
        SELECT id, 'o' || owner FROM things
        UNION ALL
        SELECT id, 'k' || nik FROM things WHERE nik <> ''
        UNION ALL
        SELECT id, 'p' || name || '|' || owner_name FROM things WHERE owner_name <> ''
        UNION ALL
        SELECT DISTINCT id, 't' || phone FROM things, unnest(phones) AS phone
    ), groups AS (
        SELECT array_agg(id) AS ids FROM signs
         GROUP BY sign HAVING count(*) BETWEEN 2 AND {SHARED_BY_AT_MOST}
    ), near AS (
        SELECT DISTINCT one, other FROM groups, unnest(ids) AS one, unnest(ids) AS other WHERE one < other
    ), facts AS (
        SELECT a.id AS one, b.id AS other, {_FACTS}
          FROM near JOIN things a ON a.id = near.one JOIN things b ON b.id = near.other
    )
    SELECT one, other, {_SCORE} AS score, to_jsonb({_REASONS}) AS reasons FROM facts
     WHERE {_SCORE} >= %(likely)s
"""


@transaction.atomic
def find_all(region_id: str) -> int:
    """Search a whole region and bring its work list up to date; decided pairs stay decided.

    Open pairs that no longer look alike leave the list. Gives the number of open pairs. Two searches
    of one region at once wait for each other.
    """
    given: dict[str, str | float | datetime] = {
        "region": region_id,
        "generic": GENERIC,
        "likely": LIKELY,
        "now": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"duplicates:{region_id}"])
        cursor.execute(f"CREATE TEMPORARY TABLE found_pairs ON COMMIT DROP AS {_PAIRS}", given)
        cursor.execute(
            """
            INSERT INTO enterprises_duplicatepair
                (region_id, left_id, right_id, score, reasons, state, found_at)
            SELECT %(region)s, one, other, score, reasons, 'open', %(now)s FROM found_pairs
            ON CONFLICT (region_id, left_id, right_id) DO UPDATE
                SET score = excluded.score, reasons = excluded.reasons
                WHERE enterprises_duplicatepair.state = 'open'
                  AND (enterprises_duplicatepair.score, enterprises_duplicatepair.reasons)
                      IS DISTINCT FROM (excluded.score, excluded.reasons)
            """,
            given,
        )
        cursor.execute(
            """
            DELETE FROM enterprises_duplicatepair p
             WHERE p.region_id = %(region)s AND p.state = 'open'
               AND NOT EXISTS (SELECT FROM found_pairs f WHERE f.one = p.left_id AND f.other = p.right_id)
            """,
            given,
        )
        cursor.execute("DROP TABLE found_pairs")
    return DuplicatePair.objects.filter(region=region_id, state=DuplicatePair.State.OPEN).count()


def open_pairs(person: Person) -> "QuerySet[DuplicatePair]":
    """The work list of a steward: pairs still to be looked at, of enterprises that both live."""
    return (
        DuplicatePair.objects.visible_to(person)
        .filter(state=DuplicatePair.State.OPEN)
        .exclude(left__state=State.MERGED)
        .exclude(right__state=State.MERGED)
    )


def is_steward(person: Person, region_id: str) -> bool:
    """Who may decide about duplicates, merge, and import: agency officer and region admin."""
    return person.has_role(region_id, *STEWARDS)


def _locked(pair: DuplicatePair, by: Person) -> DuplicatePair:
    if not is_steward(by, pair.region_id):
        raise Refused(_("You may not decide about duplicates here."), code="forbidden", status=403)
    return DuplicatePair.objects.select_for_update().get(region=pair.region_id, pk=pair.pk)


@transaction.atomic
def keep_apart(pair: DuplicatePair, *, by: Person) -> DuplicatePair:
    """Two different enterprises: the pair leaves the work list and is not proposed again."""
    pair = _locked(pair, by)
    if pair.state != DuplicatePair.State.OPEN:
        raise Refused(_("This pair has been decided already."), code="decided", status=409)
    pair.state, pair.decided_by, pair.decided_at = DuplicatePair.State.DIFFERENT, by, clock.now()
    pair.save(update_fields=["state", "decided_by", "decided_at"])
    return pair


@transaction.atomic
def look_again(pair: DuplicatePair, *, by: Person) -> DuplicatePair:
    """Take back that two are different: the pair is open again."""
    pair = _locked(pair, by)
    if pair.state != DuplicatePair.State.DIFFERENT:
        raise Refused(_("Only a pair found to be different can be opened again."), code="decided", status=409)
    pair.state, pair.decided_by, pair.decided_at = DuplicatePair.State.OPEN, None, None
    pair.save(update_fields=["state", "decided_by", "decided_at"])
    return pair


# --- across regions -------------------------------------------------------------------------------


@transaction.atomic
def find_owner_matches() -> int:
    """Find owners whose NIK another region holds as well. Gives the number of new pairs.

    Only a job runs this, and only a region admin of both regions sees what it finds: nobody who enters or
    looks for a NIK learns from it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO enterprises_ownermatch
                (left_id, right_id, left_region_id, right_region_id, found_at, note)
            SELECT a.id, b.id, a.region_id, b.region_id, %s, ''
              FROM enterprises_owner a
              JOIN enterprises_owner b
                ON b.nik_hash = a.nik_hash AND b.id > a.id AND b.region_id <> a.region_id
             WHERE a.nik_hash <> ''
            ON CONFLICT (left_id, right_id) DO NOTHING
            """,
            [clock.now()],
        )
        return cursor.rowcount


def owner_matches(person: Person) -> "QuerySet[OwnerMatch]":
    """Pairs of owners in two regions, for somebody who is region admin of both."""
    regions = person.regions_with(Role.REGION_ADMIN)
    return OwnerMatch.objects.filter(left_region__in=regions, right_region__in=regions)


@transaction.atomic
def settle_owner_match(match: OwnerMatch, *, note: str, by: Person) -> OwnerMatch:
    """Write down what was found out about the same NIK in two regions."""
    found = owner_matches(by).select_for_update().filter(pk=match.pk).first()
    if found is None:
        raise Refused(_("There is no such pair."), code="not_found", status=404)
    if not note.strip():
        raise Refused(_("Write what was found out."), field="note", code="required")
    if found.settled_at:
        raise Refused(_("Somebody has settled this already."), code="decided", status=409)
    found.note, found.settled_by, found.settled_at = note.strip(), by, clock.now()
    found.save(update_fields=["note", "settled_by", "settled_at"])
    return found


def regions_with_enterprises() -> Iterator[str]:
    """The regions a nightly search has to look at."""
    yield from Enterprise.objects.order_by("region_id").values_list("region_id", flat=True).distinct()
