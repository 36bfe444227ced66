"""The page about the API, drawn from its own OpenAPI description: plain HTML, no script."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override

from mbois.api import api


@dataclass(frozen=True)
class Value:
    """A parameter of a call or a field of its body."""

    name: str
    where: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True)
class Operation:
    """One call: what it takes and what it answers."""

    method: str
    path: str
    anchor: str
    summary: str
    description: str
    needs_token: bool
    values: tuple[Value, ...]
    example: str
    answers: tuple[str, ...]


def api_docs(request: HttpRequest) -> HttpResponse:
    """`/api/docs`"""
    return render(request, "web/api_docs.html", {"groups": groups(get_language() or settings.LANGUAGE_CODE)})


@dataclass(frozen=True)
class Group:
    """The operations of a room."""

    name: str
    title: str
    operations: list[Operation]


@cache
def groups(language: str) -> list[Group]:
    """Every operation of the API by room, in a language."""
    with override(language):
        return _groups()


def _groups() -> list[Group]:
    schema = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    components = schema.get("components", {}).get("schemas", {})
    titles = {tag["name"]: tag["description"] for tag in schema.get("tags", [])}
    found: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["api"])[0]
            found.setdefault(tag, []).append(_operation(path, method, operation, components))
    return [Group(tag, titles.get(tag, tag), operations) for tag, operations in found.items()]


def _operation(path: str, method: str, operation: dict[str, Any], components: dict[str, Any]) -> Operation:
    values = [
        Value(
            name=given["name"],
            where=given["in"],
            kind=_kind(given.get("schema", {}), components),
            required=bool(given.get("required")),
            description=given.get("description") or given.get("schema", {}).get("description") or "",
        )
        for given in operation.get("parameters", [])
    ]
    content = operation.get("requestBody", {}).get("content", {})
    body: dict[str, Any] = {}
    for media in content.values():
        body = _resolved(media.get("schema", {}), components)
        for name, field in body.get("properties", {}).items():
            values.append(
                Value(
                    name=name,
                    where="body",
                    kind=_kind(field, components),
                    required=name in body.get("required", []),
                    description=_resolved(field, components).get("description") or "",
                )
            )
    return Operation(
        method=method.upper(),
        path=path,
        anchor=operation.get("operationId", f"{method}{path}"),
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        needs_token=bool(operation.get("security")),
        values=tuple(sorted(values, key=lambda value: not value.required)),
        example=_example(path, method, operation, values),
        answers=tuple(str(status) for status in operation.get("responses", {})),
    )


def _resolved(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return _resolved(components.get(schema["$ref"].rsplit("/", 1)[-1], {}), components)
    return schema


def _kind(schema: dict[str, Any], components: dict[str, Any]) -> str:
    """The type of a value in a few words: `integer`, `string (date)`, `integer, optional`."""
    schema = _resolved(schema, components)
    if "anyOf" in schema:
        kinds = [_kind(part, components) for part in schema["anyOf"]]
        return " / ".join(kind for kind in kinds if kind != "null")
    if "enum" in schema:
        return ", ".join(str(choice) for choice in schema["enum"])
    kind = str(schema.get("type", "any"))
    if kind == "array":
        return f"[{_kind(schema.get('items', {}), components)}]"
    return f"{kind} ({schema['format']})" if "format" in schema else kind


def _example(path: str, method: str, operation: dict[str, Any], values: list[Value]) -> str:
    parts = [
        f"curl '{settings.SITE_URL}{path}'"
        if method == "get"
        else f"curl -X {method.upper()} '{settings.SITE_URL}{path}'"
    ]
    if operation.get("security"):
        parts.append("-H 'Authorization: Bearer TOKEN'")
    parts += [f"-H '{value.name}: …'" for value in values if value.where == "header" and value.required]
    body = {value.name: f"<{value.kind}>" for value in values if value.where == "body" and value.required}
    if body:
        parts += ["-H 'Content-Type: application/json'", f"-d '{json.dumps(body, ensure_ascii=False)}'"]
    return " \\\n  ".join(parts)
