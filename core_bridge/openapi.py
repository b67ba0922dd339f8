"""The OpenAPI documents of both directions, made from the wire models."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic.json_schema import models_json_schema

from . import wire
from .inbound import EVENTS_PATH
from .wire.event import MEDIA_TYPE, PAGE_LIMIT

Schema = dict[str, Any]

_UUID: Schema = {"type": "string", "format": "uuid"}
_CORE_ID: Schema = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"}
_SIGNED: list[Schema] = [{"signedToken": []}]
_UNDER = "/v1/proceedings/{proceedingId}"
_PUTS: Sequence[tuple[str, type[wire.Wire], type[wire.Wire]]] = (
    ("/v1/applications/{applicationId}", wire.Application, wire.ApplicationReceived),
    ("/v1/messages/{messageId}", wire.Message, wire.Received),
    (_UNDER + "/replies/{replyId}", wire.Reply, wire.Received),
    (_UNDER + "/withdrawal", wire.Withdrawal, wire.Received),
    (_UNDER + "/decisions/{decisionId}/receipt", wire.DecisionReceipt, wire.Received),
    (_UNDER + "/challenges/{challengeId}", wire.Challenge, wire.Received),
)


def core_side() -> Schema:
    """Return what a core must answer."""
    paths: Schema = {path: {"put": _put(path, body, answer)} for path, body, answer in _PUTS}
    paths["/v1/files/{fileId}"] = {"put": _put_file()}
    paths["/v1/prefill"] = {"post": _prefill()}
    paths["/v1/changes"] = {"get": _changes()}
    paths["/v1/documents/{documentId}"] = {"get": _document()}
    models = {model for _, body, answer in _PUTS for model in (body, answer)}
    models |= {wire.FileKept, wire.PrefillRequest, wire.PrefillAnswer, wire.ChangesPage}
    return _openapi("Uks: what a casework core answers", paths, models)


def portal_side() -> Schema:
    """Return what the portal answers to a core."""
    batch = {"type": "array", "maxItems": PAGE_LIMIT, "items": _ref("Event")}
    push = {
        "summary": "Push events; 202 says that they are stored",
        "security": _SIGNED,
        "requestBody": {"required": True, "content": {MEDIA_TYPE: {"schema": batch}}},
        "responses": {"202": {"description": "Stored"}, **_problems(400, 401, 403, 413, 415)},
    }
    return _openapi("Uks: what the portal answers to a core", {EVENTS_PATH: {"post": push}}, {wire.Event})


def _put(path: str, body: type[wire.Wire], answer: type[wire.Wire]) -> Schema:
    return {
        "summary": (body.__doc__ or "").strip(),
        "security": _SIGNED,
        "parameters": _parameters(path),
        "requestBody": {"required": True, "content": _json(body)},
        "responses": {
            "201": {"description": "Stored now", "content": _json(answer)},
            "200": {"description": "The same was stored before", "content": _json(answer)},
            **_problems(400, 401, 404, 409, 413, 422),
        },
    }


def _put_file() -> Schema:
    digest: Schema = {
        "name": "Content-Digest",
        "in": "header",
        "required": True,
        "schema": {"type": "string"},
    }
    any_bytes = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    return {
        "summary": "Hand over a file's bytes (RFC 9530 digest), at most 20 MiB",
        "security": _SIGNED,
        "parameters": [*_parameters("/v1/files/{fileId}"), digest],
        "requestBody": {"required": True, "content": any_bytes},
        "responses": {
            "201": {"description": "Stored now", "content": _json(wire.FileKept)},
            "200": {"description": "The same was stored before", "content": _json(wire.FileKept)},
            **_problems(400, 401, 409, 413),
        },
    }


def _prefill() -> Schema:
    return {
        "summary": "Ask what the registers know",
        "security": _SIGNED,
        "requestBody": {"required": True, "content": _json(wire.PrefillRequest)},
        "responses": {
            "200": {"description": "The facts", "content": _json(wire.PrefillAnswer)},
            **_problems(400, 401, 413),
        },
    }


def _changes() -> Schema:
    limit = {"type": "integer", "minimum": 1, "maximum": PAGE_LIMIT, "default": PAGE_LIMIT}
    return {
        "summary": "Everything the core has said, in order; never past an event that may still commit",
        "security": _SIGNED,
        "parameters": [
            {"name": "after", "in": "query", "schema": {"type": "string"}},
            {"name": "limit", "in": "query", "schema": limit},
        ],
        "responses": {
            "200": {"description": "A page", "content": _json(wire.ChangesPage)},
            **_problems(400, 401),
        },
    }


def _document() -> Schema:
    any_bytes = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    return {
        "summary": "A document's bytes",
        "security": _SIGNED,
        "parameters": _parameters("/v1/documents/{documentId}"),
        "responses": {"200": {"description": "The bytes", "content": any_bytes}, **_problems(401, 404)},
    }


def _parameters(path: str) -> list[Schema]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    of_core = {"proceedingId", "decisionId", "documentId"}
    return [
        {"name": name, "in": "path", "required": True, "schema": _CORE_ID if name in of_core else _UUID}
        for name in names
    ]


def _json(model: type[wire.Wire]) -> Schema:
    return {"application/json": {"schema": _ref(model.__name__)}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_REASONS: Mapping[int, str] = {
    400: "Not what the contract says",
    401: "The caller is unknown, or the token is used, old or of another body; nothing was read",
    403: "The caller may not say this",
    404: "Not known here",
    409: "Another body is stored under this id",
    413: "Too big",
    415: "Another media type is needed",
    422: "Not possible as the matter stands",
}


def _problems(*statuses: int) -> Schema:
    content = {"application/problem+json": {"schema": _ref("Problem")}}
    return {str(status): {"description": _REASONS[status], "content": content} for status in statuses}


def _openapi(title: str, paths: Schema, models: set[type[wire.Wire]]) -> Schema:
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1"},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": _schemas(models),
            "securitySchemes": {
                "signedToken": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT (ES256): iss, aud, iat, exp at most 60 s later, jti once, "
                    "digest = base64 of the body's SHA-256",
                }
            },
        },
    }


def _schemas(models: set[type[wire.Wire]]) -> Schema:
    with_events = models | set(wire.ALL) if models & {wire.Event, wire.ChangesPage} else models
    ordered = sorted(with_events, key=lambda model: model.__name__)
    _, made = models_json_schema(
        [(model, "validation") for model in ordered],
        by_alias=True,
        ref_template="#/components/schemas/{model}",
    )
    schemas: Schema = made["$defs"]
    if "Event" in schemas:
        schemas["Event"]["oneOf"] = [
            {"properties": {"type": {"const": data.TYPE}, "data": _ref(data.__name__)}} for data in wire.ALL
        ]
    text: Schema = {"type": "string"}
    schemas["Problem"] = {
        "type": "object",
        "properties": {"status": {"type": "integer"}, "code": text, "title": text},
        "required": ["status", "code", "title"],
    }
    return dict(sorted(schemas.items()))
