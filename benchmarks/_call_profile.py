"""Call profile of one command: how often work is done that once would do, and calls that climb up the layers."""

from __future__ import annotations

import contextlib
import io
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

PACKAGE = "nadflux"
ROOT = Path(__file__).resolve().parents[1]

PROGRESS = "nadflux.faces.cli._progress."


@dataclass
class Profile:
    """Calls that a command made.

    Attributes
    ----------
    calls : Counter of str
        Calls of each function of the package, by module and name.
    climbs : Counter of (str, str)
        Calls from a lower layer into a higher one, by the two functions.
    """

    calls: Counter[str] = field(default_factory=Counter)
    climbs: Counter[tuple[str, str]] = field(default_factory=Counter)


def layers() -> dict[str, int]:
    """Return the rank of each room, 0 for the highest, from the contract of import-linter."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    contract = tomllib.loads(text)["tool"]["importlinter"]["contracts"][0]["layers"]
    return {room.strip(): rank for rank, layer in enumerate(contract) for room in layer.split("|")}


def profile(words: Sequence[str]) -> Profile:
    """Run a command in this process and record its calls.

    Parameters
    ----------
    words : sequence of str
        Arguments of ``nadflux``, such as ``["simulate", "woman, 62 y"]``.
    """
    from nadflux.faces.cli import main

    result, ranks = Profile(), layers()

    def record(frame: FrameType, event: str, argument: object) -> None:
        del argument
        callee = _name(frame) if event == "call" else ""
        if not callee or frame.f_code.co_name.startswith("<"):
            return
        result.calls[callee] += 1
        caller = _caller(frame)
        # A function handed down to report progress is called from below by design.
        if caller and not callee.startswith(PROGRESS) and _rank(callee, ranks) < _rank(caller, ranks):
            result.climbs[caller, callee] += 1

    before = sys.argv
    sys.argv = ["nadflux", *words]
    sys.setprofile(record)
    try:
        with _silence(), contextlib.suppress(SystemExit):
            main()
    finally:
        sys.setprofile(None)
        sys.argv = before
    return result


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def _caller(frame: FrameType) -> str:
    """Name the nearest function of the package that leads to a call; comprehensions and libraries are left out."""
    above = frame.f_back
    while above is not None and (not _name(above) or above.f_code.co_name.startswith("<")):
        above = above.f_back
    return "" if above is None else _name(above)


def _name(frame: FrameType) -> str:
    module = frame.f_globals.get("__name__", "")
    return f"{module}.{frame.f_code.co_qualname}" if module.split(".")[0] == PACKAGE else ""


def _rank(name: str, ranks: dict[str, int]) -> int:
    room = ".".join(name.split(".")[:2])
    return ranks.get(room, 0)
