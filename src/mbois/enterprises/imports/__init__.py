"""Taking in files of enterprises: every line's fate is shown before anything is written.

The file itself is not kept. Its lines wait sealed until they are applied or discarded.
"""

from mbois.enterprises.imports.columns import COLUMNS, Column, guess
from mbois.enterprises.imports.running import (
    counts,
    discard,
    go_on,
    purge,
    start_applying,
    start_reading,
    upload,
)

__all__ = [
    "COLUMNS",
    "Column",
    "counts",
    "discard",
    "go_on",
    "guess",
    "purge",
    "start_applying",
    "start_reading",
    "upload",
]
