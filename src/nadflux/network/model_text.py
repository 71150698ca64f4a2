"""Text of a model file, unpacked if it is compressed, in the encoding that the file declares."""

from __future__ import annotations

import bz2
import gzip
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nadflux.errors import ModelError

MOST_BYTES = 200_000_000
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def read_model_text(path: Path) -> str:
    """Return the text of a model file, which may be packed with gzip or bzip2.

    Parameters
    ----------
    path : Path
        XML is decoded by its byte order mark or the encoding that it declares, all else as UTF-8.

    Raises
    ------
    ModelError
        For a file that cannot be read, is empty, too large or not in the encoding that it should have.
    """
    content = _unpacked(path)
    mark = next((encoding for start, encoding in _MARKS.items() if content.startswith(start)), None)
    declared = _DECLARED.match(content[:1000])
    encoding = mark or (declared[1].decode("ascii") if declared else "utf-8")
    # in XML all but names and notes is ASCII, so a wrong letter there is no reason to refuse a model
    lenient = "replace" if content.lstrip()[:1] == b"<" else "strict"
    try:
        text = content.decode(encoding, errors=lenient)
    except LookupError as error:
        raise ModelError(f"the file {str(path)!r} declares the unknown encoding {encoding!r}; give UTF-8") from error
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ModelError(
            f"the file {str(path)!r} is not {encoding.removesuffix('-sig').upper()} (byte "
            f"0x{content[error.start]:02x} in line {line}); save it as UTF-8 and try again"
        ) from error
    text = without_declaration(text)
    if not text.strip():
        raise ModelError(f"the model file {str(path)!r} is empty; give an SBML or Antimony file")
    return text


def without_declaration(text: str) -> str:
    """Return XML text without its first line ``<?xml ...?>``: what that says of the bytes no longer holds."""
    return _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"), count=1).lstrip()


def _unpacked(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(3)
        opener: Callable[..., Any] = open
        for mark, unpack in ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open)):
            opener = unpack if start.startswith(mark) else opener
        with opener(path, "rb") as file:
            content: bytes = file.read(MOST_BYTES + 1)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ModelError(f"cannot read the model file {str(path)[:200]!r}: {reason}") from error
    if len(content) > MOST_BYTES:
        raise ModelError(
            f"the model file {str(path)!r} holds more than {MOST_BYTES // 1_000_000} MB; give a smaller one"
        )
    return content
