"""The registry of enterprises: who makes what, where, since when, and how big."""

from mbois.enterprises.models.classification import Kbli, KbliCrosswalk, KbliWord, Subsector
from mbois.enterprises.models.drafts import Draft
from mbois.enterprises.models.duplicates import DuplicatePair, Merge, OwnerMatch
from mbois.enterprises.models.enterprises import (
    TRANSITIONS,
    Enterprise,
    Owner,
    SearchWord,
    State,
)
from mbois.enterprises.models.imports import Export, ImportRow, ImportRun
from mbois.enterprises.models.records import Licence, Photo, Review
from mbois.enterprises.models.sizes import Size, size_of

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
    "SearchWord",
    "Size",
    "State",
    "Subsector",
    "size_of",
]
