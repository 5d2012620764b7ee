"""Which format an artefact is in, by its content and never by its name. Nothing is opened, nothing can run.

Five formats hold numbers only and are accepted. Pickle and everything built on it (joblib, torch, pyfunc)
runs its author's code when opened, so it is refused whatever the file is called.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from governance.inventory import ubjson
from governance.inventory.archives import lists_too_much
from governance.inventory.protobuf import NotProtobuf, onnx_inputs
from governance.inventory.trees import fields, sound_lightgbm, sound_xgboost

XGBOOST_JSON: Final = "xgboost_json"
XGBOOST_UBJ: Final = "xgboost_ubj"
LIGHTGBM_TEXT: Final = "lightgbm_text"
ONNX: Final = "onnx"
SKOPS: Final = "skops"
FORMATS = (XGBOOST_JSON, XGBOOST_UBJ, LIGHTGBM_TEXT, ONNX, SKOPS)

HEAD_BYTES = 4_096
MODEL_LIMIT = 64 << 20
"""A model is read whole and its trees are followed before any library opens it."""
UNPACKED_LIMIT = 2 << 30
MOST_PARTS = ubjson.MOST_PARTS

OLD_PICKLE = re.compile(
    rb"c[\w.]+\r?\n[\w.]+\r?\n|\((?:[dl]p?\d*|c[\w.]+\n)|[\]})](?:q.|\.)|\(i[\w.]+\n", re.DOTALL
)
REFUSED_BY_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89HDF", "hdf5"),
    (b"\x1f\x8b", "compressed"),
    (b"BZh", "compressed"),
    (b"\xfd7zXZ", "compressed"),
    (b"\x04\x22\x4d\x18", "compressed"),
    (b"\x28\xb5\x2f\xfd", "compressed"),
    (b"x\x01", "compressed"),
    (b"x\x5e", "compressed"),
    (b"x\x9c", "compressed"),
    (b"x\xda", "compressed"),
    (b"binf", "xgboost_binary"),
    (b"bs64", "xgboost_binary"),
)


class RefusedArtefact(Exception):
    """The file may not be kept as an artefact to run. `rule` names why, `params` the facts of it."""

    def __init__(self, rule: str, **params: object) -> None:
        super().__init__(rule, params)
        self.rule = rule
        self.params = params


@dataclass(frozen=True)
class ArtefactFacts:
    """What the file says of itself. features: empty when the format does not name them here."""

    format: str
    features: tuple[str, ...] = ()
    objective: str = ""
    classes: int | None = None


def sniff(head: bytes, name: str = "") -> str:
    """The format that the first bytes show; 4,096 bytes are enough. `name` only enters the refusal.

    Raises RefusedArtefact: empty, pickle, torch, compressed, hdf5, xgboost_binary, archive, unknown_format.
    """
    refusal = _refusal(head)
    if refusal:
        raise RefusedArtefact(refusal, name=name)
    start = head.lstrip(b" \t\r\n")
    if start.startswith(b"{L") and b"learner" in start[:64]:
        return XGBOOST_UBJ
    if start.startswith(b"{") and b"\x00" not in head:
        return XGBOOST_JSON
    if head.startswith((b"tree\n", b"tree\r\n")):
        return LIGHTGBM_TEXT
    if head.startswith(b"PK\x03\x04"):
        return SKOPS
    if head.startswith(b"\x08") and head[1:2] < b"\x20":
        return ONNX
    raise RefusedArtefact("unknown_format", name=name)


def describe(source: BinaryIO, name: str = "") -> ArtefactFacts:
    """Read as much of the file as shows that it is what it looks like. Raises RefusedArtefact."""
    found = sniff(source.read(HEAD_BYTES), name)
    source.seek(0)
    if found == LIGHTGBM_TEXT:
        return _lightgbm(source)
    if found == SKOPS:
        return _skops(source)
    if found == ONNX:
        return _onnx(source)
    return _xgboost(source, found)


def _refusal(head: bytes) -> str | None:
    if not head.strip():
        return "empty"
    if head[:1] == b"\x80" and head[1:2] in (b"\x01", b"\x02", b"\x03", b"\x04", b"\x05"):
        return "pickle"
    if OLD_PICKLE.match(head):
        return "pickle"
    if head.startswith(b"PK") and b"data.pkl" in head:
        return "torch"
    return next((rule for magic, rule in REFUSED_BY_MAGIC if head.startswith(magic)), None)


def _xgboost(source: BinaryIO, found: str) -> ArtefactFacts:
    content = _whole(source)
    try:
        model = _parsed(content) if found == XGBOOST_JSON else ubjson.loads(content)
    except (ValueError, RecursionError, ubjson.NotUbjson) as broken:
        raise RefusedArtefact("broken_json") from broken
    try:
        learner = model["learner"]
        objective, several = (
            str(learner["objective"]["name"]),
            int(learner["learner_model_param"]["num_class"]),
        )
        names, sound = learner.get("feature_names") or [], sound_xgboost(learner)
    except (KeyError, TypeError, ValueError, AttributeError) as missing:
        raise RefusedArtefact("not_xgboost") from missing
    if not all(isinstance(each, str) for each in names):
        raise RefusedArtefact("not_xgboost")
    if not sound:
        raise RefusedArtefact("unsound_trees")
    return ArtefactFacts(found, tuple(names), objective, several or _classes(objective))


def _lightgbm(source: BinaryIO) -> ArtefactFacts:
    try:
        text = _whole(source).decode()
        header = fields(text.split("\nTree=", 1)[0])
        names, objective = header["feature_names"].split(), header.get("objective", "").split(" ")[0]
        several, highest = int(header["num_class"]), int(header["max_feature_idx"])
        sound = highest + 1 == len(names) and sound_lightgbm(text, len(names))
    except (KeyError, ValueError) as broken:
        raise RefusedArtefact("not_lightgbm") from broken
    if not sound:
        raise RefusedArtefact("unsound_trees")
    unnamed = names == [f"Column_{at}" for at in range(len(names))]
    classes = several if several > 1 else _classes(objective)
    return ArtefactFacts(LIGHTGBM_TEXT, () if unnamed else tuple(names), objective, classes)


def _parsed(content: bytes) -> Any:
    """JSON. Raises RefusedArtefact where there are so many small parts that they would fill the memory."""
    if content.count(b"{") + content.count(b"[") > MOST_PARTS:
        raise RefusedArtefact("model_too_large", limit=MOST_PARTS)
    return json.loads(content)


def _whole(source: BinaryIO) -> bytes:
    content = source.read(MODEL_LIMIT + 1)
    if len(content) > MODEL_LIMIT:
        raise RefusedArtefact("model_too_large", limit=MODEL_LIMIT)
    return content


def _classes(objective: str) -> int | None:
    return 2 if objective.startswith(("binary", "reg:logistic", "cross_entropy")) else None


def _skops(source: BinaryIO) -> ArtefactFacts:
    """A zip of one schema and arrays; the arrays are read with pickle forbidden."""
    if lists_too_much(source):
        raise RefusedArtefact("unpacks_too_large", limit=UNPACKED_LIMIT)
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            names = [member.filename for member in members]
            if any(name.endswith((".pkl", ".pickle")) for name in names):
                raise RefusedArtefact("torch")
            if "schema.json" not in names:
                raise RefusedArtefact("archive")
            strange = [
                name for name in names if not name.endswith((".npy", ".npz")) and name != "schema.json"
            ]
            if strange:
                raise RefusedArtefact("strange_members", members=strange[:5])
            if sum(member.file_size for member in members) > UNPACKED_LIMIT:
                raise RefusedArtefact("unpacks_too_large", limit=UNPACKED_LIMIT)
            with archive.open("schema.json") as schema:
                described = _parsed(schema.read(MODEL_LIMIT))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError) as broken:
        raise RefusedArtefact("broken_archive") from broken
    if not isinstance(described, dict) or "__class__" not in described or "_skops_version" not in described:
        raise RefusedArtefact("archive")
    return ArtefactFacts(SKOPS)


def _onnx(source: BinaryIO) -> ArtefactFacts:
    try:
        return ArtefactFacts(ONNX, onnx_inputs(_whole(source)))
    except NotProtobuf as broken:
        raise RefusedArtefact("unknown_format") from broken


def describe_bytes(content: bytes, name: str = "") -> ArtefactFacts:
    """`describe` for what is already in memory."""
    return describe(io.BytesIO(content), name)
