"""What becomes of personal data: kept, hashed with a key that never leaves, masked or dropped."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

import pyarrow as pa

from cxdata.intake.values.identifiers import masked
from cxdata.intake.values.words import SPACES
from cxdata.model.errors import IntakeError

_KEY_FILE = "identity.key"
_KEY_BYTES = 32
_HASH_LENGTH = 32
"""Hexadecimal digits of a hashed identifier: 128 bits, far from any collision."""


class Treatment(StrEnum):
    """What the person who brings an extract chooses for a column with personal data."""

    KEEP = "keep"
    HASH = "hash"
    MASK = "mask"
    DROP = "drop"


def treatment(name: str) -> Treatment:
    """Return a treatment by its name."""
    try:
        return Treatment(name)
    except ValueError:
        known = ", ".join(Treatment)
        raise IntakeError(f"There is no treatment named {name!r}; there are {known}.") from None


def local_key(folder: Path) -> bytes:
    """Return the key of a data folder, made once and readable by its owner alone.

    The same identifier gives the same hash in every extract of the folder, and none elsewhere.
    """
    path = folder / _KEY_FILE
    if not path.exists():
        _make_key(path)
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise IntakeError(
            f"The key {_KEY_FILE} in the data folder is damaged; restore it from a backup, as "
            "identifiers hashed with it cannot be matched with another."
        )
    return key


def _make_key(path: Path) -> None:
    """Write a new key whole or not at all; where another process was first, its key stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()


def hashed(value: str, key: bytes) -> str:
    """Return an identifier's keyed hash (HMAC-SHA256, its first 128 bits in hexadecimal)."""
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()[:_HASH_LENGTH]


def treat(
    batches: Iterable[pa.RecordBatch],
    treatments: Mapping[str, Treatment],
    key: Callable[[], bytes],
    missing: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[pa.RecordBatch]:
    """Give record batches with the named text columns treated.

    ``key`` is asked only where something is hashed. A cell that is missing (empty, or a word of
    ``missing`` for its column) stays as it is, so that no identifier is made of it. A dropped
    column stays, empty.
    """
    secret = key() if Treatment.HASH in treatments.values() else b""
    words = missing or {}
    for batch in batches:
        for name, chosen in treatments.items():
            if chosen is not Treatment.KEEP:
                place = batch.schema.get_field_index(name)
                if place < 0:
                    raise IntakeError(f"There is no column {name!r} to {chosen}.")
                kept = frozenset(words.get(name, ()))
                column = _treated(batch.column(place), chosen, secret, kept)
                batch = batch.set_column(place, name, column)
        yield batch


def _treated(column: pa.Array, chosen: Treatment, key: bytes, missing: frozenset[str]) -> pa.Array:
    """Treat each different value once."""
    if chosen is Treatment.DROP:
        return pa.nulls(len(column), pa.string())
    encoded = column.dictionary_encode()
    values = [_one(value, chosen, key, missing) for value in encoded.dictionary.to_pylist()]
    return pa.array(values, pa.string()).take(encoded.indices)


def _one(value: str | None, chosen: Treatment, key: bytes, missing: frozenset[str]) -> str | None:
    if value is None:
        return None
    bare = value.strip(SPACES)
    if not bare or bare in missing:
        return value
    return hashed(bare, key) if chosen is Treatment.HASH else masked(value)
