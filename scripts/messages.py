#!/usr/bin/env python3
"""Bring the Indonesian of the rooms up to date with the code.

    python scripts/messages.py              every room
    python scripts/messages.py web people   these rooms
    python scripts/messages.py --check      change nothing, say what is wrong

Adds new texts (with an empty translation), keeps what is translated, drops what is no longer used,
and lists what still lacks its Indonesian.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from django.conf import settings

settings.configure(USE_I18N=True)

from mbois.web import translations  # noqa: E402


def main(arguments: list[str]) -> int:
    check = "--check" in arguments
    rooms = [name for name in arguments if not name.startswith("-")] or translations.rooms()
    if check:
        wrong = [line for room in rooms for line in translations.problems(room)]
        print("\n".join(wrong) or "Complete.")
        return 1 if wrong else 0
    for room in rooms:
        missing = translations.update(room)
        if missing:
            print(f"{translations.po_file(room)}: {len(missing)} without Indonesian")
            print("\n".join(f"  {english!r}" for english in missing))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
