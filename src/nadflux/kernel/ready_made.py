"""Entries of the cache that a wheel brings along: lowered bodies and machine code, made when the wheel was built.

Their names hold the hash of what they were made from, as in the user's own cache, so that an entry of another text or
generator is never found. Each carries the SHA-256 of its name and content. `nox -s wheel` writes them.
"""

from __future__ import annotations

import hashlib
import logging
import zlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "ready_made"
"""Inside the package, beside the code that would make the same; absent in a checkout."""

HASH_BYTES = 32


def read(name: str) -> bytes | None:
    """Return the content of an entry; None where the wheel has none, or a damaged one, which a warning reports once."""
    try:
        entry = (FOLDER / name).read_bytes()
    except OSError:
        return None
    try:
        content = zlib.decompress(entry[HASH_BYTES:])
    except zlib.error:
        content = None
    if content is None or entry[:HASH_BYTES] != _hash(name, content):
        _say(name)
        return None
    return content


def write(name: str, content: bytes) -> None:
    """Write an entry.

    Raises
    ------
    OSError
        Where the package's folder cannot be written.
    """
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / name).write_bytes(_hash(name, content) + zlib.compress(content, 9))


def _hash(name: str, content: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\0" + content).digest()


@cache
def _say(name: str) -> None:
    logging.getLogger("nadflux").warning(
        "nadflux: %s, which came with the installation, is damaged; it is made again in every process until "
        "nadflux is reinstalled", FOLDER / name,
    )  # fmt: skip
