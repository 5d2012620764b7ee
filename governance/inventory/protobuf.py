"""Just enough of protobuf's wire format to tell an ONNX model from other bytes and to name its inputs."""

from __future__ import annotations

from collections.abc import Iterator

IR_VERSION, GRAPH, OPSET_IMPORT = 1, 7, 8
GRAPH_NODE, GRAPH_INPUT = 1, 11
VALUE_NAME = 1
HIGHEST_MODEL_FIELD = 30


class NotProtobuf(Exception):
    """The bytes are no ONNX model."""


def onnx_inputs(content: bytes) -> tuple[str, ...]:
    """Names of the inputs of an ONNX model. Raises NotProtobuf."""
    fields = list(_fields(content))
    graphs = [value for number, value in fields if number == GRAPH and isinstance(value, bytes)]
    versions = [value for number, value in fields if number == IR_VERSION and isinstance(value, int)]
    strange = any(number > HIGHEST_MODEL_FIELD for number, _ in fields)
    if strange or len(graphs) != 1 or len(versions) != 1 or not any(n == OPSET_IMPORT for n, _ in fields):
        raise NotProtobuf
    graph = list(_fields(graphs[0]))
    if not any(number == GRAPH_NODE for number, _ in graph):
        raise NotProtobuf
    return tuple(
        _name(value) for number, value in graph if number == GRAPH_INPUT and isinstance(value, bytes)
    )


def _name(value: bytes) -> str:
    for number, content in _fields(value):
        if number == VALUE_NAME and isinstance(content, bytes):
            return content.decode(errors="replace")
    raise NotProtobuf


def _fields(content: bytes) -> Iterator[tuple[int, int | bytes]]:
    """(field number, varint or bytes) of one message, in order."""
    at = 0
    while at < len(content):
        key, at = _varint(content, at)
        number, wire = key >> 3, key & 7
        if number == 0:
            raise NotProtobuf
        if wire == 0:
            value, at = _varint(content, at)
            yield number, value
            continue
        if wire == 2:
            size, at = _varint(content, at)
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
        else:
            raise NotProtobuf
        if at + size > len(content):
            raise NotProtobuf
        yield number, content[at : at + size]
        at += size


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(content):
            raise NotProtobuf
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise NotProtobuf
