"""Two records of one enterprise become one; the other is left as a pointer, and it can be undone.

What hangs on an enterprise is known by name: every reference to it, in any room, must be registered
with `register_relation`, or nothing is merged. `Merge` keeps what moved and what each value was.
"""

from mbois.enterprises.merge.differences import shown_fields
from mbois.enterprises.merge.merging import Preview, better_winner, final, merge, preview
from mbois.enterprises.merge.relations import register_relation, relation, relations
from mbois.enterprises.merge.undoing import Undoing, preview_undo, undo, undo_until, why_not_undo

__all__ = [
    "Preview",
    "Undoing",
    "better_winner",
    "final",
    "merge",
    "preview",
    "preview_undo",
    "register_relation",
    "relation",
    "relations",
    "shown_fields",
    "undo",
    "undo_until",
    "why_not_undo",
]
