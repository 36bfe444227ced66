"""What comes to a simulator and what goes back, whichever platform it plays."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from typing import Any
from urllib.parse import parse_qsl


@dataclass
class Request:
    method: str
    path: str
    params: dict[str, str]
    headers: Mapping[str, str]
    body: bytes
    shop: str = ""

    def json(self) -> Any:
        try:
            return json.loads(self.body or b"{}")
        except ValueError:
            raise Problem("body", "The body is not JSON.") from None

    def form(self) -> dict[str, str]:
        if self.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))
        return {}

    def file(self, name: str) -> bytes:
        """A file of a multipart form."""
        head = f"Content-Type: {self.headers.get('Content-Type', '')}\r\n\r\n".encode()
        message = BytesParser().parsebytes(head + self.body)
        for part in message.walk():
            if part.get_param("name", header="content-disposition") == name:
                content = part.get_payload(decode=True)
                return content if isinstance(content, bytes) else b""
        raise Problem("image", "There is no file.")


@dataclass
class Answer:
    status: int = 200
    content: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        if isinstance(self.content, bytes):
            return self.content
        if isinstance(self.content, str):
            return self.content.encode()
        return json.dumps(self.content).encode()

    def type(self) -> str:
        return "text/html; charset=utf-8" if isinstance(self.content, str) else "application/json"


class Problem(Exception):
    """What the platform refuses: `kind` is ours, each platform says it in its own form."""

    def __init__(self, kind: str, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.field = field


Handler = Callable[["Request"], object]
