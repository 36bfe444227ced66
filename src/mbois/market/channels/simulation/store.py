"""What a simulator knows, kept in one SQLite file so that it survives a restart: shops, tokens, what
is listed, what was sold, what it is told to do wrong, and the pushes it still has to send.

This is no part of the city's records: it stands for what a marketplace keeps on its own machines.
"""

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS shop (id TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS code (code TEXT PRIMARY KEY, shop TEXT NOT NULL, until REAL NOT NULL);
CREATE TABLE IF NOT EXISTS token (
    access TEXT PRIMARY KEY, refresh TEXT UNIQUE NOT NULL, shop TEXT NOT NULL,
    until REAL NOT NULL, refresh_until REAL NOT NULL, refresh_used INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS item (
    id INTEGER PRIMARY KEY AUTOINCREMENT, shop TEXT NOT NULL, sku TEXT NOT NULL, title TEXT NOT NULL,
    body TEXT NOT NULL, request TEXT, state TEXT NOT NULL DEFAULT 'live', created REAL NOT NULL,
    updated REAL NOT NULL);
CREATE INDEX IF NOT EXISTS item_of_shop ON item (shop, sku);
CREATE TABLE IF NOT EXISTS model (
    id INTEGER PRIMARY KEY AUTOINCREMENT, item INTEGER NOT NULL REFERENCES item ON DELETE CASCADE,
    sku TEXT NOT NULL, name TEXT NOT NULL, price INTEGER NOT NULL, stock INTEGER NOT NULL CHECK (stock >= 0));
CREATE INDEX IF NOT EXISTS model_of_item ON model (item);
CREATE INDEX IF NOT EXISTS model_by_sku ON model (sku);
CREATE TABLE IF NOT EXISTS picture (
    id TEXT PRIMARY KEY, width INTEGER NOT NULL, height INTEGER NOT NULL, bytes INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS sale (
    id TEXT PRIMARY KEY, shop TEXT NOT NULL, state TEXT NOT NULL, buyer TEXT NOT NULL,
    placed REAL NOT NULL, updated REAL NOT NULL);
CREATE INDEX IF NOT EXISTS sale_of_shop ON sale (shop, updated);
CREATE TABLE IF NOT EXISTS sale_line (
    id INTEGER PRIMARY KEY AUTOINCREMENT, sale TEXT NOT NULL REFERENCES sale ON DELETE CASCADE,
    item INTEGER NOT NULL, model INTEGER NOT NULL, sku TEXT NOT NULL, title TEXT NOT NULL,
    quantity INTEGER NOT NULL, price INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS line_of_sale ON sale_line (sale);
CREATE TABLE IF NOT EXISTS fault (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, path TEXT NOT NULL, times INTEGER NOT NULL,
    value REAL NOT NULL);
CREATE TABLE IF NOT EXISTS push (
    id INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL, due REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    answer TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class OutOfStock(Exception):
    """There is less of it than the buyer wants."""


@dataclass(frozen=True)
class Tokens:
    """What a shop was given: `until` and `refresh_until` are seconds since 1970."""

    access: str
    refresh: str
    shop: str
    until: float
    refresh_until: float


class Store:
    """One file, one connection, one thread at a time."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=20)
        self.connection.row_factory = sqlite3.Row
        self.connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
        self.connection.executescript(SCHEMA)
        self.lock = threading.RLock()

    def close(self) -> None:
        with self.lock:
            self.connection.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All or nothing, and nobody else meanwhile."""
        with self.lock:
            if self.connection.in_transaction:
                yield
                return
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with self.lock:
            return self.connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        found = self.rows(sql, *values)
        return found[0] if found else None

    def run(self, sql: str, *values: Any) -> int:
        """Returns the key of the new row."""
        with self.lock:
            return self.connection.execute(sql, values).lastrowid or 0

    # --- settings and time ---------------------------------------------------------------------

    def setting(self, name: str, default: str = "") -> str:
        row = self.row("SELECT value FROM setting WHERE name = ?", name)
        return row["value"] if row else default

    def keep(self, name: str, value: str) -> None:
        self.run(
            "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            value,
        )

    def now(self) -> float:
        """The simulator's clock, which may be told to be wrong by some seconds."""
        return time.time() + float(self.setting("skew", "0"))

    # --- shops and tokens ----------------------------------------------------------------------

    def code_for(self, shop: str) -> str:
        """A code that is good once, for ten minutes."""
        code = secrets.token_hex(16)
        self.run("INSERT INTO code VALUES (?, ?, ?)", code, shop, self.now() + 600)
        return code

    def redeem(self, code: str, *, lasts: float, refresh_lasts: float) -> Tokens | None:
        """Tokens for a code, once."""
        with self.writing():
            row = self.row("SELECT shop FROM code WHERE code = ? AND until > ?", code, self.now())
            if row is None:
                return None
            self.run("DELETE FROM code WHERE code = ?", code)
            return self.issue(row["shop"], lasts=lasts, refresh_lasts=refresh_lasts)

    def issue(self, shop: str, *, lasts: float, refresh_lasts: float) -> Tokens:
        made = Tokens(
            secrets.token_hex(20),
            secrets.token_hex(20),
            shop,
            self.now() + lasts,
            self.now() + refresh_lasts,
        )
        self.run(
            "INSERT INTO token (access, refresh, shop, until, refresh_until) VALUES (?, ?, ?, ?, ?)",
            made.access,
            made.refresh,
            shop,
            made.until,
            made.refresh_until,
        )
        return made

    def refresh(self, token: str, *, lasts: float, refresh_lasts: float) -> Tokens | None:
        """New tokens for a refresh token, which is good once; the old access token ends with it."""
        with self.writing():
            row = self.row(
                "SELECT shop FROM token WHERE refresh = ? AND refresh_used = 0 AND refresh_until > ?",
                token,
                self.now(),
            )
            if row is None:
                return None
            self.run("UPDATE token SET refresh_used = 1, until = 0 WHERE refresh = ?", token)
            return self.issue(row["shop"], lasts=lasts, refresh_lasts=refresh_lasts)

    def shop_of(self, access: str) -> str | None:
        row = self.row("SELECT shop FROM token WHERE access = ? AND until > ?", access, self.now())
        return row["shop"] if row else None

    # --- what is listed ------------------------------------------------------------------------

    def add_item(
        self,
        shop: str,
        *,
        sku: str,
        title: str,
        body: object,
        models: Sequence[dict[str, Any]],
        request: str = "",
    ) -> int:
        """List something; `models` are dicts of sku, name, price (rupiah) and stock."""
        with self.writing():
            item = self.run(
                "INSERT INTO item (shop, sku, title, body, request, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?)",
                *(shop, sku, title, json.dumps(body), request, self.now(), self.now()),
            )
            self.add_models(item, models)
        return item

    def add_models(self, item: int, models: Sequence[dict[str, Any]]) -> None:
        for model in models:
            self.run(
                "INSERT INTO model (item, sku, name, price, stock) VALUES (?, ?, ?, ?, ?)",
                *(item, model["sku"], model["name"], model["price"], model["stock"]),
            )

    def revise_item(self, item: int, *, title: str = "", sku: str = "", body: dict[str, Any]) -> None:
        """Change what is said of something; what `body` does not name stays."""
        with self.writing():
            there = self.row("SELECT * FROM item WHERE id = ?", item)
            assert there is not None
            self.run(
                "UPDATE item SET title = ?, sku = ?, body = ?, updated = ? WHERE id = ?",
                title or there["title"],
                sku or there["sku"],
                json.dumps(json.loads(there["body"]) | body),
                self.now(),
                item,
            )

    def items(
        self, shop: str, *, offset: int = 0, limit: int = 100_000, skus: Sequence[str] = ()
    ) -> list[sqlite3.Row]:
        """What is live in a shop, oldest first; with `skus`, where the item or one of its models has one."""
        marks = ",".join("?" * len(skus))
        which = (
            f" AND (sku IN ({marks}) OR id IN (SELECT item FROM model WHERE sku IN ({marks})))"
            if skus
            else ""
        )
        return self.rows(
            f"SELECT * FROM item WHERE shop = ? AND state != 'gone'{which} ORDER BY id LIMIT ? OFFSET ?",
            *(shop, *skus, *skus, limit, offset),
        )

    def models(self, item: int) -> list[sqlite3.Row]:
        return self.rows("SELECT * FROM model WHERE item = ? ORDER BY id", item)

    def item(self, shop: str, item: Any) -> sqlite3.Row | None:
        return self.row("SELECT * FROM item WHERE shop = ? AND id = ? AND state != 'gone'", shop, item)

    def set_stock(self, model: int, stock: int) -> None:
        self._touch("UPDATE model SET stock = ? WHERE id = ?", stock, model)

    def set_price(self, model: int, price: int) -> None:
        self._touch("UPDATE model SET price = ? WHERE id = ?", price, model)

    def _touch(self, sql: str, value: int, model: int) -> None:
        with self.writing():
            self.run(sql, value, model)
            self.run(
                "UPDATE item SET updated = ? WHERE id = (SELECT item FROM model WHERE id = ?)",
                self.now(),
                model,
            )

    # --- what is sold --------------------------------------------------------------------------

    def sell(self, shop: str, lines: Sequence[tuple[int, int]], buyer: dict[str, str], *, number: str) -> str:
        """A buyer takes (model, quantity) of each. Raises OutOfStock, and then nothing is sold."""
        with self.writing():
            self.run(
                "INSERT INTO sale VALUES (?, ?, 'paid', ?, ?, ?)",
                *(number, shop, json.dumps(buyer), self.now(), self.now()),
            )
            for model, quantity in lines:
                row = self.row(
                    "SELECT model.*, item.title FROM model JOIN item ON item.id = model.item "
                    "WHERE model.id = ? AND item.shop = ? AND item.state = 'live'",
                    model,
                    shop,
                )
                if row is None or row["stock"] < quantity or quantity < 1:
                    raise OutOfStock
                self.run("UPDATE model SET stock = stock - ? WHERE id = ?", quantity, model)
                self.run(
                    "INSERT INTO sale_line (sale, item, model, sku, title, quantity, price) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)",
                    *(number, row["item"], model, row["sku"], row["title"], quantity, row["price"]),
                )
        return number

    def sales(self, shop: str, *, since: float, until: float, offset: int, limit: int) -> list[sqlite3.Row]:
        return self.rows(
            "SELECT * FROM sale WHERE shop = ? AND updated BETWEEN ? AND ? ORDER BY updated, id LIMIT ? OFFSET ?",
            *(shop, since, until, limit, offset),
        )

    def sale(self, shop: str, number: str) -> sqlite3.Row | None:
        return self.row("SELECT * FROM sale WHERE shop = ? AND id = ?", shop, number)

    def lines(self, sale: str) -> list[sqlite3.Row]:
        return self.rows("SELECT * FROM sale_line WHERE sale = ? ORDER BY id", sale)

    def move(self, sale: str, state: str) -> None:
        """To `shipped`, `done` or `cancelled`; what is cancelled goes back on the shelf."""
        with self.writing():
            row = self.row("SELECT state FROM sale WHERE id = ?", sale)
            if row is None or row["state"] in ("done", "cancelled"):
                return
            self.run("UPDATE sale SET state = ?, updated = ? WHERE id = ?", state, self.now(), sale)
            if state == "cancelled":
                for line in self.lines(sale):
                    self.run(
                        "UPDATE model SET stock = stock + ? WHERE id = ?", line["quantity"], line["model"]
                    )

    # --- doing wrong ---------------------------------------------------------------------------

    def misbehave(self, kind: str, *, times: int = 1, path: str = "", value: float = 0) -> None:
        self.run("INSERT INTO fault (kind, path, times, value) VALUES (?, ?, ?, ?)", kind, path, times, value)

    def behave(self) -> None:
        with self.writing():
            self.run("DELETE FROM fault")
            self.keep("skew", "0")

    def fault(self, path: str, *kinds: str) -> sqlite3.Row | None:
        """The next wrong thing to do at this path, used up by asking."""
        marks = ",".join("?" * len(kinds))
        with self.writing():
            row = self.row(
                f"SELECT * FROM fault WHERE times > 0 AND kind IN ({marks}) AND instr(?, path) > 0 ORDER BY id LIMIT 1",
                *(*kinds, path),
            )
            if row is not None:
                self.run("UPDATE fault SET times = times - 1 WHERE id = ?", row["id"])
        return row


def path_of(data_dir: Path, name: str) -> Path:
    """Where a simulator keeps what it knows."""
    return data_dir / "simulators" / f"{name}.sqlite"
