"""An import from upload to end: columns confirmed, dry run, applied; both in chunks.

Each chunk is one transaction, so a run that is killed goes on where it stopped, and none is done
twice. What a line would do is decided again in the moment it is done: if the registry has changed
since the dry run, the line is left for a person.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import pghistory
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _

from mbois import clock
from mbois.enterprises.duplicates import is_steward
from mbois.enterprises.imports import applying
from mbois.enterprises.imports.columns import BY_KEY, guess
from mbois.enterprises.imports.deciding import (
    Decision,
    Known,
    Seen,
    clashing,
    decide,
    fingerprint,
    keys_of,
    refused,
)
from mbois.enterprises.imports.reading import Cell, read
from mbois.enterprises.imports.sentences import in_every_language
from mbois.enterprises.imports.values import Reader, Told
from mbois.enterprises.imports.writing import copy, update_many
from mbois.enterprises.models import ImportRow, ImportRun
from mbois.people import identity
from mbois.people.models import Person
from mbois.refused import Refused

CHUNK = 2_000
Fate, State = ImportRow.Fate, ImportRun.State
# A line of these fates names a business that another line of the file may not name again.
_TELLING = frozenset({Fate.NEW, Fate.CHANGED, Fate.SAME})


def _require_steward(by: Person, region_id: str) -> None:
    if not is_steward(by, region_id):
        raise Refused(_("You may not import here."), code="forbidden", status=403)


@transaction.atomic
def upload(data: bytes, *, file_name: str, region_id: str, by: Person) -> ImportRun:
    """Read a file and keep its lines, sealed; the file itself is not kept. Nothing is decided yet."""
    _require_steward(by, region_id)
    sheet = read(data, mark_formulas=True, keep_beyond=True)
    if sheet.rivals:
        raise Refused(
            _("Several sheets of the file list businesses: %(sheets)s. Save each as a file of its own.")
            % {"sheets": ", ".join(sheet.rivals)},
            field="file",
            code="several_sheets",
        )
    run = ImportRun.objects.create(
        region_id=region_id,
        file_name=file_name[-200:],
        sha256=hashlib.sha256(data).hexdigest(),
        columns=sheet.columns,
        mapping=guess(sheet.columns),
        rows_total=len(sheet.rows),
        made_by=by,
    )
    empty = ("{}", "", "[]", Fate.UNREAD, "{}", "{}", "")
    copy(
        ImportRow,
        [
            *("region_id", "run_id", "line", "cells_sealed"),
            *("values", "values_sealed", "keys", "fate", "changes", "reasons", "field"),
        ],
        (
            (region_id, run.pk, line, identity.seal(json.dumps(cells, ensure_ascii=False)), *empty)
            for line, cells in sheet.rows
        ),
    )
    return run


@transaction.atomic
def start_reading(run: ImportRun, *, mapping: Mapping[str, int], by: Person) -> ImportRun:
    """Confirm which column is which field, and begin the dry run (again)."""
    run = _locked(run, by)
    if run.state not in (State.UPLOADED, State.READY):
        raise Refused(_("This import is under way or over."), code="state", status=409)
    mapping = {key: place for key, place in mapping.items() if key in BY_KEY}
    if len(set(mapping.values())) != len(mapping):
        raise Refused(_("One column of the file cannot be two fields."), field="mapping", code="twice")
    if any(not 0 <= place < len(run.columns) for place in mapping.values()):
        raise Refused(_("The file has no such column."), field="mapping", code="column")
    if "name" not in mapping and "number" not in mapping:
        raise Refused(
            _("Say which column is the name of the business (or its registry number)."),
            field="mapping",
            code="needs_name",
        )
    ImportRow.objects.filter(region=run.region_id, run=run).exclude(fate=Fate.UNREAD).update(fate=Fate.UNREAD)
    run.mapping, run.state, run.progressed_at = mapping, State.READING, clock.now()
    run.save(update_fields=["mapping", "state", "progressed_at"])
    return run


@transaction.atomic
def start_applying(run: ImportRun, *, by: Person) -> ImportRun:
    """Let what the dry run showed as new or changed become so."""
    run = _locked(run, by)
    if run.state != State.READY:
        raise Refused(_("This import is not ready, or has been applied already."), code="state", status=409)
    run.state, run.applied_by, run.progressed_at = State.APPLYING, by, clock.now()
    run.save(update_fields=["state", "applied_by", "progressed_at"])
    return run


@transaction.atomic
def discard(run: ImportRun, *, by: Person) -> ImportRun:
    """Give an import up before it is applied; what the file said is removed."""
    run = _locked(run, by)
    if run.state not in (State.UPLOADED, State.READING, State.READY):
        raise Refused(_("This import is being applied or is over."), code="state", status=409)
    ImportRow.objects.filter(region=run.region_id, run=run).delete()
    run.state = State.DISCARDED
    run.save(update_fields=["state"])
    return run


def _locked(run: ImportRun, by: Person) -> ImportRun:
    _require_steward(by, run.region_id)
    return ImportRun.objects.select_for_update().get(region=run.region_id, pk=run.pk)


def counts(run: ImportRun) -> dict[str, int]:
    """How many lines have each fate, how many are applied ("applied"), and of how many that can be taken
    something is said ("remarked")."""
    found = dict.fromkeys((*Fate.values, "applied", "remarked"), 0)
    rows = ImportRow.objects.filter(region=run.region_id, run=run)
    counted = rows.values_list("fate").annotate(
        Count("pk"), Count("applied_at"), remarked=Count("pk", filter=ImportRow.REMARKED)
    )
    for fate, lines, applied, remarked in counted:
        found[fate] = lines
        found["applied"] += applied
        found["remarked"] += remarked
    return found


# --- going on ------------------------------------------------------------------------------------


@contextmanager
def _alone(run: ImportRun) -> Iterator[bool]:
    """Whether nobody else works on this run; a dead worker's hold ends with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('enterprises.import'), %s)", [run.pk])
        free = cursor.fetchone()[0]
    try:
        yield free
    finally:
        if free:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('enterprises.import'), %s)", [run.pk])


def go_on(run: ImportRun) -> ImportRun:
    """Do what is left of the dry run or of applying it, chunk by chunk. Does nothing for a run that
    waits for a person or is over, or that another worker is busy with."""
    with _alone(run) as free:
        if not free:
            return run
        run = ImportRun.objects.select_related("made_by", "applied_by").get(region=run.region_id, pk=run.pk)
        if run.state == State.READING:
            reader, seen = Reader(run.region_id, run.mapping, width=len(run.columns)), _seen(run)
            while _read_chunk(run, reader, seen):
                pass
        elif run.state == State.APPLYING:
            codes = Reader(run.region_id, {}).codes
            while _apply_chunk(run, codes.pk):
                pass
    return run


def _seen(run: ImportRun) -> Seen:
    """What the lines read so far are known by, and say of their owners."""
    seen = Seen()
    rows = ImportRow.objects.filter(region=run.region_id, run=run, fate__in=_TELLING).order_by("line")
    for row in rows.only("line", "keys", "values", "values_sealed").iterator():
        seen.add(row.keys[1:], row.line, row.keys[0], applying.told_by(row))
    return seen


@transaction.atomic
def _read_chunk(run: ImportRun, reader: Reader, seen: Seen) -> bool:
    """Decide about the next lines; False when there are none left, and the run is ready."""
    run = ImportRun.objects.select_for_update().get(region=run.region_id, pk=run.pk)
    if run.state != State.READING:
        return False
    rows = list(
        ImportRow.objects.filter(region=run.region_id, run=run, fate=Fate.UNREAD)
        .order_by("line")
        .values_list("pk", "line", "cells_sealed")[:CHUNK]
    )
    run.progressed_at = clock.now()
    if not rows:
        run.state = State.READY
        run.save(update_fields=["state", "progressed_at"])
        return False
    cells: dict[int, list[Cell]] = {}
    told: dict[int, Told] = {}
    decisions: dict[int, Decision] = {}
    # how to say the fate of lines that repeat or contradict an earlier one of the file
    earlier: dict[int, Callable[[], Decision]] = {}
    for pk, _line, sealed in rows:
        cells[pk] = json.loads(identity.unseal(sealed))
        said = reader.read(cells[pk])
        if said.wrong:
            decisions[pk] = refused(said.wrong)
        else:
            told[pk] = said
    known = Known(run.region_id, list(told.values()))
    written = []
    for pk, line, _sealed in rows:
        known_line = told.get(pk)
        keys: list[str] = []
        if known_line is not None:
            keys, decisions[pk], by_earlier = _fate(known_line, line, known, seen)
            if by_earlier:
                earlier[pk] = by_earlier
        values = known_line.values if known_line else reader.glimpse(cells[pk])
        written.append(_row(pk, values, known_line, keys, decisions[pk]))
    here = {pk: decision.reason for pk, decision in decisions.items() if decision.reason}
    reasons = in_every_language(
        {pk: partial(_reason, reader, cells[pk], known, earlier.get(pk)) for pk in here}, here
    )
    update_many(ImportRow, run.region_id, [{**row, "reasons": reasons.get(row["id"], {})} for row in written])
    run.save(update_fields=["progressed_at"])
    return True


def _fate(
    said: Told, line: int, known: Known, seen: Seen
) -> tuple[list[str], Decision, Callable[[], Decision] | None]:
    """What a line is known by, and its fate; where that follows from an earlier line, also how to say it
    anew in another language."""
    keys, print_ = keys_of(said), fingerprint(said)
    earlier: Callable[[], Decision] | None = None
    if repeated := seen.repeats(keys, said.values.get("number", "")):
        earlier = partial(_again, *repeated, print_)
        return [print_, *keys], earlier(), earlier
    decision = decide(said, known)
    if decision.fate in _TELLING:
        if decision.enterprise is not None:
            keys.append(f"id:{decision.enterprise.pk}")
            repeated = seen.repeats(keys[-1:])
        if decision.owner is not None:
            keys.append(f"owner:{decision.owner.pk}")
        if repeated:
            earlier = partial(_again, *repeated, print_)
        elif clash := seen.clash(keys, said):
            earlier = partial(clashing, clash, said)
        else:
            seen.add(keys, line, print_, said)
    return [print_, *keys], earlier() if earlier else decision, earlier


def _reason(reader: Reader, cells: list[Cell], known: Known, earlier: Callable[[], Decision] | None) -> str:
    """Why a line has its fate, in the language that is active."""
    if earlier:
        return earlier().reason
    said = reader.read(cells)
    return (refused(said.wrong) if said.wrong else decide(said, known)).reason


def _again(line: int, said_there: str, said_here: str) -> Decision:
    """A line that names the business of an earlier one."""
    if said_there == said_here:
        return Decision(Fate.SAME, _("Says the same as line %(line)s.") % {"line": line})
    return Decision(
        Fate.CONFLICT, _("Line %(line)s is about the same business and says something else.") % {"line": line}
    )


def _row(
    pk: int, values: dict[str, Any], said: Told | None, keys: list[str], decision: Decision
) -> dict[str, Any]:
    secret = {"nik": said.nik, "npwp": said.npwp} if said and (said.nik or said.npwp) else None
    return {
        "id": pk,
        "values": values,
        "values_sealed": identity.seal(json.dumps(secret)) if secret else "",
        "keys": keys,
        "fate": decision.fate,
        "changes": decision.changes,
        "field": decision.field,
        "enterprise_id": decision.enterprise.pk if decision.enterprise else None,
    }


def _apply_chunk(run: ImportRun, codes: dict[str, int]) -> bool:
    """Do the next lines; False when there are none left, and the run is done."""
    try:
        return _apply(run, codes, CHUNK)
    except IntegrityError:
        # somebody registered the same NIK or NIB at this very moment: again, one line at a time
        for _line in range(CHUNK):
            try:
                if not _apply(run, codes, 1):
                    return False
            except IntegrityError:
                _leave_next(run)
        return True


def _next(run: ImportRun, count: int) -> list[ImportRow]:
    return list(
        ImportRow.objects.filter(
            region=run.region_id, run=run, fate__in=[Fate.NEW, Fate.CHANGED], applied_at=None
        )
        .defer("cells_sealed", "keys")
        .order_by("line")[:count]
    )


@transaction.atomic
def _apply(run: ImportRun, codes: dict[str, int], count: int) -> bool:
    run = (
        ImportRun.objects.select_for_update(of=("self",))
        .select_related("applied_by")
        .get(region=run.region_id, pk=run.pk)
    )
    if run.state != State.APPLYING:
        return False
    rows = _next(run, count)
    if not rows:
        _finish(run)
        return False
    assert run.applied_by is not None
    with pghistory.context(user=run.applied_by.pk, url=f"/usaha/impor/{run.pk}/"):
        applying.apply(run.region_id, rows, by=run.applied_by, codes=codes)
    ImportRun.objects.filter(region=run.region_id, pk=run.pk).update(progressed_at=clock.now())
    return True


@transaction.atomic
def _leave_next(run: ImportRun) -> None:
    for row in _next(run, 1):
        row.fate = Fate.CONFLICT
        row.reasons = in_every_language({row.pk: _taken_meanwhile})[row.pk]
        row.save(update_fields=["fate", "reasons"])


def _taken_meanwhile() -> str:
    return _("Somebody registered the same number at this moment. Please look at this line.")


def _finish(run: ImportRun) -> None:
    """Remove what was kept for applying, tell who did it, and have duplicates looked for."""
    from mbois.enterprises import tasks
    from mbois.people.notifications import notify

    _forget(run, but=(Fate.CONFLICT, Fate.ERROR))  # those are given back to be mended
    run.state, run.applied_at, run.progressed_at = State.DONE, clock.now(), clock.now()
    run.save(update_fields=["state", "applied_at", "progressed_at"])
    found = counts(run)
    notify(
        run.applied_by or run.made_by,
        "enterprises/imported",
        url=f"/usaha/impor/{run.pk}/",
        file=run.file_name,
        new=found[Fate.NEW],
        changed=found[Fate.CHANGED],
        left=found[Fate.CONFLICT] + found[Fate.ERROR],
    )
    tasks.look_for_duplicates(run.region_id)


def _forget(run: ImportRun, *, but: Sequence[str] = ()) -> None:
    """Empty what the lines of a run said, except of those with such a fate."""
    left = ImportRow.objects.filter(region=run.region_id, run=run).exclude(cells_sealed="")
    left.exclude(fate__in=but).update(cells_sealed="", values_sealed="", keys=[])


def purge(*, before: object) -> int:
    """Remove the lines of imports that nobody has gone on with since, and what lines that were not taken
    said; gives the number of such imports."""
    kept = ImportRow.objects.filter(region=OuterRef("region"), run=OuterRef("pk")).exclude(cells_sealed="")
    for run in ImportRun.objects.filter(Exists(kept), state=State.DONE, progressed_at__lt=before):
        _forget(run)
    old = ImportRun.objects.filter(state__in=[State.UPLOADED, State.READY], progressed_at__lt=before)
    for run in old:
        with transaction.atomic():
            ImportRow.objects.filter(region=run.region_id, run=run).delete()
            run.state = State.DISCARDED
            run.save(update_fields=["state"])
    return len(old)
