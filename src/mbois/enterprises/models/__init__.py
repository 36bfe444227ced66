"""The registry of enterprises: who makes what, where, since when, and how big."""

from mbois.enterprises.models.classification import Kbli, KbliCrosswalk, KbliWord, Subsector
from mbois.enterprises.models.drafts import Draft
from mbois.enterprises.models.duplicates import DuplicatePair, Merge, OwnerMatch
from mbois.enterprises.models.enterprises import (
    TRANSITIONS,
    Enterprise,
    Licence,
    Owner,
    Photo,
    Review,
    Size,
    State,
    size_of,
)
from mbois.enterprises.models.imports import Export, ImportRow, ImportRun

__all__ = [
    "TRANSITIONS",
    "Draft",
    "DuplicatePair",
    "Enterprise",
    "Export",
    "ImportRow",
    "ImportRun",
    "Kbli",
    "KbliCrosswalk",
    "KbliWord",
    "Licence",
    "Merge",
    "Owner",
    "OwnerMatch",
    "Photo",
    "Review",
    "Size",
    "State",
    "Subsector",
    "size_of",
]
