"""Secrets of an installation that sets none: made once, kept beside its data, readable by its owner."""

import base64
import json
import os
import secrets
from pathlib import Path


def read_or_make(path: Path) -> dict[str, str]:
    """The secrets in `path`; two processes that start at once agree on one file."""
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    made = {
        "secret_key": secrets.token_urlsafe(48),
        "identity_key": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(made))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return json.loads(path.read_text())
