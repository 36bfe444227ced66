"""What people write, without what nobody sees."""

import re

# Controls but for line ends, tabs and NUL (which is refused where it comes in), soft hyphens and spaces
# without width, marks that turn the direction of what follows, and letters that are blank.
_UNSEEN = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2069\u2800\u3164\ufeff\uffa0\ufff9-\ufffb]"
)
# They join what stands beside them, in some scripts and in pictures of several signs.
_JOINERS = re.compile("[\u200c\u200d]")


def seen(text: str) -> str:
    """The text as a reader sees it: a reason of invisible signs is none, a name cannot turn a line around."""
    kept = _UNSEEN.sub("", text)
    alone = _JOINERS.sub("", kept)
    return kept if alone.strip() else alone
