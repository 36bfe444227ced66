"""Compiles the translations of the rooms: `.po` is what we write, `.mo` is what gettext reads."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOMS = Path(__file__).resolve().parent


def compile_translations(below: Path = ROOMS) -> int:
    """Compile every `.po` below a folder that is newer than its `.mo`; gives how many were."""
    compiled = 0
    for source in below.glob("*/locale/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as written:
            catalogue = read_po(written, locale=source.parent.parent.name)
        draft = target.with_suffix(f".mo.{os.getpid()}")
        with draft.open("wb") as output:
            write_mo(output, catalogue)
        draft.replace(target)
        compiled += 1
    return compiled
