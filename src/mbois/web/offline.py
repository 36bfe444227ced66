"""What works without a line: rooms name the pages a phone keeps when it has seen them, and the
files those pages need."""

_prefixes: list[str] = ["/luring/catatan/"]
_assets: list[str] = [
    "web/vendor/pico/pico.min.css",
    "web/tokens.css",
    "web/app.css",
    "web/app.js",
    "web/outbox.js",
    "web/offline.js",
    "web/records.js",
    "web/fieldform.js",
    "web/vendor/htmx/htmx.min.js",
    "web/vendor/plus-jakarta-sans/plus-jakarta-sans-latin-700-normal.woff2",
    "web/roofs.svg",
]
_scripts: list[str] = ["web/outbox.js"]


def keep(prefix: str) -> None:
    """Keep pages whose path begins so (`/kunjungan/`): seen once with a line, shown again without."""
    if prefix not in _prefixes:
        _prefixes.append(prefix)


def asset(path: str) -> None:
    """Fetch a static file ahead (`financing/visit.js`)."""
    if path not in _assets:
        _assets.append(path)


def script(path: str) -> None:
    """Run a static script inside the service worker, after ours."""
    if path not in _scripts:
        _scripts.append(path)


def prefixes() -> list[str]:
    return list(_prefixes)


def assets() -> list[str]:
    return list(_assets)


def scripts() -> list[str]:
    return list(_scripts)
