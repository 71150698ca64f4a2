"""Machine code and lowered programs kept on disk; anything unreadable is made again.

What came with the installation (`ready_made`) is read first; the rest lies in a folder of the user. What lies there is
executed. Hence the folder must be the user's own, and every entry carries a code of its name and content under a key
that only the user can read: what another program wrote is no entry. Nothing is unpickled.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

from nadflux.kernel import ready_made
from nadflux.kernel.private_folder import PrivateFolder, private_folder
from nadflux.kernel.program import Program
from nadflux.kernel.stored_values import DamagedValueError, pack, unpack

CODE_BYTES = KEY_BYTES = 32
KEY_FILE = "key"
MOST_BYTES = 2**30
"""Size of the folder beyond which the entries least recently used are removed."""

Value = TypeVar("Value")


def directory() -> Path:
    """Return the folder of the cache: ``NADFLUX_CACHE_DIR``, or the user's cache folder."""
    chosen = os.environ.get("NADFLUX_CACHE_DIR")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_cache_dir("nadflux", appauthor=False)) / "kernel"


@cache
def generator_hash() -> str:
    """Return the hash of this package's own source: a change of the generator makes old entries useless."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def key_of(*parts: object) -> str:
    """Return a file name for what the parts and the generator determine."""
    return hashlib.sha256(repr((generator_hash(), *parts)).encode()).hexdigest()


def read(name: str) -> bytes | None:
    """Return the stored bytes, or None where there are none, they are damaged or not of this user's making.

    What came with the installation is as good as its code, and needs no folder of the user.
    """
    ready = ready_made.read(name)
    if ready is not None:
        return ready
    with private_folder(directory()) as folder:
        content = folder.read(name) if folder is not None else None
        key = _key(folder) if folder is not None and content is not None else None
    if content is None or key is None:
        return None
    code, data = content[:CODE_BYTES], content[CODE_BYTES:]
    return data if hmac.compare_digest(code, _code(key, name, data)) else None


def write(name: str, data: bytes) -> None:
    """Store bytes in one move and keep the folder within its bound; a cache that cannot be written is no error."""
    with private_folder(directory(), make=True) as folder, contextlib.suppress(OSError):
        if folder is None:
            return
        if _key(folder) is None:
            _make_key(folder)
        key = _key(folder)
        if key is not None:
            folder.write(name, _code(key, name, data) + data)
            folder.trim(MOST_BYTES, kept=(KEY_FILE,))


def cached_program(key: str, build: Callable[[], Program]) -> Program:
    """Return the program for a key, built only if the cache does not hold it.

    Parameters
    ----------
    key : str
        Must change with everything that ``build`` depends on, e.g. the hash of the model text and tables.
    """
    return cached_value(f"{key_of('program', key)}.program", Program, build)


def cached_value(name: str, kind: type[Value], build: Callable[[], Value]) -> Value:
    """Return the dataclass of a name, built only if the cache does not hold it.

    Parameters
    ----------
    name : str
        File name, of `key_of`.
    kind : type
        The dataclass, of fields that `nadflux.kernel.stored_values` knows.
    build : callable
    """
    data = read(name)
    if data is not None:
        with contextlib.suppress(DamagedValueError):
            return unpack(data, kind)
    value = build()
    with contextlib.suppress(TypeError):  # a value that cannot be stored is made each time
        write(name, pack(value, kind))
    return value


def _key(folder: PrivateFolder) -> bytes | None:
    key = folder.read(KEY_FILE, others_read=False)
    return key if key is not None and len(key) == KEY_BYTES else None


def _make_key(folder: PrivateFolder) -> None:
    """Write a key; where another process did so meanwhile, theirs stays."""
    try:
        folder.write(KEY_FILE, secrets.token_bytes(KEY_BYTES), replace=False)
    except OSError:  # it is there, or the disk knows no links
        if _key(folder) is None:
            folder.write(KEY_FILE, secrets.token_bytes(KEY_BYTES))


def _code(key: bytes, name: str, data: bytes) -> bytes:
    message = hmac.new(key, name.encode() + b"\0", hashlib.sha256)
    message.update(data)
    return message.digest()
