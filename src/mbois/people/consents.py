"""The texts people agree to: kept as files, loaded as data, one row per version."""

import re
from collections.abc import Callable
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.people.models import Consent, ConsentText
from mbois.refused import Refused
from mbois.web.forms import DrawnSignature

FOLDER = Path(__file__).parent / "consent_texts"
_NAME = re.compile(r"^(?P<key>[a-z_]+)\.v(?P<version>\d+)\.(?P<language>id|en)\.md$")


def load_texts(folder: Path = FOLDER) -> int:
    """Load every version of every text (`ojir.v1.id.md` and `.en.md`: a first line `# Title`, then the
    text). A version that people may have agreed to is never changed: a changed file is refused."""
    found: dict[tuple[str, int], dict[str, tuple[str, str]]] = {}
    for path in sorted(folder.glob("*.md")):
        if not (match := _NAME.match(path.name)):
            raise Refused(f"{path.name} is not called key.vNUMBER.id.md or key.vNUMBER.en.md.")
        title, _newline, body = path.read_text().strip().partition("\n")
        texts = found.setdefault((match["key"], int(match["version"])), {})
        texts[match["language"]] = (title.removeprefix("# ").strip(), body.strip())
    for (key, version), texts in sorted(found.items()):
        if set(texts) != {"id", "en"}:
            raise Refused(f"{key} version {version} needs both languages.")
        values = {
            "title_id": texts["id"][0],
            "body_id": texts["id"][1],
            "title_en": texts["en"][0],
            "body_en": texts["en"][1],
        }
        row, new = ConsentText.objects.get_or_create(key=key, version=version, defaults=values)
        if not new and any(getattr(row, name) != value for name, value in values.items()):
            if row.consents.exists() or row.account_consents.exists():
                raise Refused(
                    f"People agreed to {key} version {version}: give the changed text a new version."
                )
            ConsentText.objects.filter(pk=row.pk).update(**values)
    return len(found)


def current(key: str) -> ConsentText:
    """The version of a text that is in force today. Loads the files first where none was loaded yet."""
    for attempt in range(2):
        text = ConsentText.objects.filter(key=key, valid_from__lte=clock.today()).order_by("-version").first()
        if text is not None:
            return text
        if attempt == 0:
            load_texts()
    raise Refused(_("There is no consent text for this."), code="no_consent_text")


def parts(paragraph: str) -> tuple[str, str]:
    """A paragraph as the words it begins with ("Who sees it") and the rest."""
    lead, found, rest = paragraph.partition(": ")
    if not found or len(lead) > 90 or "." in lead.replace("No. ", ""):
        return "", paragraph
    return lead, rest[:1].upper() + rest[1:]


def is_withdrawn(person_id: int, key: str, region_id: str) -> bool:
    """Whether somebody took back what they agreed to in a region, and has not agreed anew."""
    given = Consent.objects.filter(region=region_id, person=person_id, text__key=key)
    return given.exists() and not given.filter(withdrawn_at=None).exists()


# Called in the transaction in which somebody takes a consent back.
Withdrawn = Callable[[Consent], None]
_hooks: list[Withdrawn] = []


def on_withdrawal(hook: Withdrawn) -> None:
    """Let a room act where a consent is taken back (from its apps.py)."""
    _hooks.append(hook)


def tell_withdrawn(consent: Consent) -> None:
    for hook in _hooks:
        hook(consent)


def method_of(evidence: object) -> str:
    """How somebody agreed whose evidence an officer brings: drawn on the screen, or photographed."""
    return Consent.Method.SIGNATURE if isinstance(evidence, DrawnSignature) else Consent.Method.THUMB
