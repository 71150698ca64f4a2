"""Machine code and lowered programs kept on disk; anything unreadable is made again."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from nadflux.kernel.program import Program

DIGEST_BYTES = 32


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
    """Return the stored bytes, or None where there are none or they are damaged."""
    try:
        content = (directory() / name).read_bytes()
    except OSError:
        return None
    digest, data = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
    return data if hashlib.sha256(data).digest() == digest else None


def write(name: str, data: bytes) -> None:
    """Store bytes in one move; a cache that cannot be written is no error."""
    folder = directory()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(data).digest() + data)
            os.replace(temporary, folder / name)
        except OSError:
            Path(temporary).unlink(missing_ok=True)


def cached_program(key: str, build: Callable[[], Program]) -> Program:
    """Return the program for a key, built only if the cache does not hold it.

    Parameters
    ----------
    key : str
        Must change with everything that ``build`` depends on, e.g. the hash of the model text and tables.
    """
    name = f"{key_of('program', key)}.program"
    data = read(name)
    if data is not None:
        with contextlib.suppress(Exception):
            program = pickle.loads(data)
            if isinstance(program, Program):
                return program
    program = build()
    write(name, pickle.dumps(program, protocol=pickle.HIGHEST_PROTOCOL))
    return program
