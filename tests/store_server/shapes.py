"""What two schemas have in common: fields, which of them are required, types and choices."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]


def resolve(schema: Schema, root: Schema) -> Schema:
    """Follow a reference within `root`."""
    while "$ref" in schema:
        found: Any = root
        for key in schema["$ref"].removeprefix("#/").split("/"):
            found = found[key]
        schema = found
    return schema


def shape(schema: Schema | None, root: Schema) -> Any:
    """Reduce a schema to what it allows; a required field is marked with a star."""
    if schema is None:
        return None
    schema = resolve(schema, root)
    if "anyOf" in schema:
        return _union([shape(one, root) for one in schema["anyOf"]])
    if "enum" in schema:
        return sorted(schema["enum"])
    kind = schema.get("type")
    if isinstance(kind, list):
        return _union([shape({**schema, "type": one}, root) for one in kind])
    if kind == "array":
        return [shape(schema["items"], root)]
    if kind == "object":
        return _fields(schema, root)
    return "date-time" if schema.get("format") == "date-time" and kind == "string" else kind


def parameters(operation: Schema, root: Schema) -> dict[str, Any]:
    """Give each parameter's place, whether it is required, its type and its bounds."""
    found = {}
    for reference in operation.get("parameters", ()):
        parameter = resolve(reference, root)
        schema = _without_null(resolve(parameter["schema"], root), root)
        bounds = {name: schema.get(name) for name in ("minimum", "maximum", "maxLength")}
        name = parameter["name"].lower()
        required = parameter.get("required", False)
        found[name] = (parameter["in"], required, schema["type"], bounds)
    return found


def body(operation: Schema, root: Schema) -> Any:
    """Give the shape of what a request carries."""
    request = operation.get("requestBody")
    return shape(_json(request), root) if request else None


def success(operation: Schema, root: Schema) -> tuple[str, Any]:
    """Give status and shape of an answer that is no problem."""
    ((status, response),) = (
        (status, resolve(response, root))
        for status, response in operation["responses"].items()
        if status.startswith("2")
    )
    return status, shape(_json(response), root)


def _json(holder: Schema) -> Schema | None:
    schema: Schema | None = holder.get("content", {}).get("application/json", {}).get("schema")
    return schema


def _fields(schema: Schema, root: Schema) -> dict[str, Any]:
    if "properties" not in schema:
        return {"any name": shape(schema["additionalProperties"], root)}
    required = schema.get("required", ())
    return {
        f"{name}*" if name in required else name: shape(field, root)
        for name, field in schema["properties"].items()
    }


def _union(shapes: Sequence[Any]) -> Any:
    return {"one of": sorted(shapes, key=json.dumps)}


def _without_null(schema: Schema, root: Schema) -> Schema:
    kinds = [resolve(one, root) for one in schema.get("anyOf", ())]
    return next((kind for kind in kinds if kind.get("type") != "null"), schema)
