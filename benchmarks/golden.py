"""Bit for bit the same answers as another commit: the golden rule of every change that may move no result.

    python benchmarks/golden.py --against main

Some 50 questions over all commands go to the working tree as it is and to the other commit, each in a process of its
own on this machine, and the bits of every number are compared. Nothing is kept: processors and libraries differ, two
commits on one machine do not have to. Words, notes and records are not compared. Exit code: 0 if all numbers are equal
and both sides have the same ones, 1 otherwise, 2 where a side could not be asked.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from _golden_answers import Answer
from _golden_questions import CALLS, COMMANDS, NAMES

ROOT = Path(__file__).resolve().parents[1]
CANNOT_ASK = 2
INTERRUPTED = 130


@dataclass(frozen=True)
class Comparison:
    """Two answers to one question.

    Attributes
    ----------
    values : int
        Numbers that both sides have.
    differing : int
        Those whose bits differ; a NaN equals a NaN, 0 and -0 differ.
    largest : float
        Largest relative difference, over the larger of the two; infinite where one is no finite number.
    worst : str
        Path of that number.
    only_here, only_there : tuple of str
        Paths that one side alone has, or has in another shape.
    failed : str
        Why a side did not answer.
    """

    values: int = 0
    differing: int = 0
    largest: float = 0.0
    worst: str = ""
    only_here: tuple[str, ...] = ()
    only_there: tuple[str, ...] = ()
    failed: str = ""

    @property
    def equal(self) -> bool:
        """True if both sides gave the same numbers under the same names, and gave some."""
        return self.values > 0 and not (self.differing or self.only_here or self.only_there or self.failed)


def compare(here: Answer, there: Answer) -> Comparison:
    """Compare the bits of two answers, path by path."""
    if isinstance(here, str) or isinstance(there, str):
        sides = (("here", here), ("there", there))
        return Comparison(failed="; ".join(f"{side}: {said}" for side, said in sides if isinstance(said, str)))
    both = {path: None for path in here if path in there and here[path].shape == there[path].shape}
    different = {path: found for path in both if (found := _differences(here[path], there[path])).size}
    worst = max(different, key=lambda path: float(different[path].max()), default="")
    return Comparison(
        values=sum(here[path].size for path in both),
        differing=sum(found.size for found in different.values()),
        largest=float(different[worst].max()) if worst else 0.0,
        worst=worst,
        only_here=tuple(path for path in here if path not in both),
        only_there=tuple(path for path in there if path not in both),
    )


def _differences(here: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Return relative differences, shape (differing,), of the float64 numbers whose bits differ."""
    same = (here.view(np.uint64) == there.view(np.uint64)) | (np.isnan(here) & np.isnan(there))
    a, b = here[~same], there[~same]
    scale = np.maximum(np.abs(a), np.abs(b))
    with np.errstate(invalid="ignore"):
        relative = np.abs(a - b) / np.where(scale > 0, scale, 1.0)
    return np.where(np.isfinite(relative), relative, np.inf)


@contextlib.contextmanager
def checked_out(commit: str) -> Iterator[Path]:
    """Give a folder that holds a commit; it is gone afterwards, also after Ctrl-C."""
    with tempfile.TemporaryDirectory(prefix="golden-") as folder:
        side = Path(folder, "there")
        git = ("git", "-C", str(ROOT), "worktree")
        subprocess.run([*git, "add", "--quiet", "--detach", str(side), commit], check=True)
        try:
            yield side
        finally:
            subprocess.run([*git, "remove", "--force", str(side)], check=True)


def ask(sides: Sequence[Path], names: Sequence[str], *, fresh: bool) -> list[dict[str, Answer]]:
    """Ask the named questions of source trees, all at once.

    Raises
    ------
    subprocess.CalledProcessError
        Where a process ended without answers.
    """
    with tempfile.TemporaryDirectory(prefix="golden-") as folder, contextlib.ExitStack() as running:
        files = [Path(folder, f"answers-{k}") for k in range(len(sides))]
        processes = []
        for side, file in zip(sides, files, strict=True):
            command = [
                sys.executable,
                str(Path(__file__).with_name("_golden_answers.py")),
                str(side),
                str(file),
                *names,
            ]
            cache = file.with_name(f"{file.name}-cache") if fresh else None
            environment = _environment(side, folder, cache)
            processes.append(running.enter_context(subprocess.Popen(command, env=environment, cwd=folder)))
            running.callback(processes[-1].kill)
        for process in processes:
            if process.wait():
                raise subprocess.CalledProcessError(process.returncode, process.args)
        return [pickle.loads(file.read_bytes()) for file in files]


def _environment(side: Path, temporary: str, cache: Path | None) -> dict[str, str]:
    """Return the variables of a process that asks one side; its files go with the temporary folder."""
    changed = {"PYTHONPATH": str(side / "src"), "TMPDIR": temporary}
    return {**os.environ, **changed, **({"NADFLUX_CACHE_DIR": str(cache)} if cache is not None else {})}


def table(found: dict[str, Comparison]) -> str:
    """Return the comparisons as text: a line for every question, then the differences in words."""
    lines = [f"{'question':20}{'values':>9}{'differing':>11}{'largest':>10}{'only here':>11}{'only there':>12}"]
    for name, one in found.items():
        numbers = f"{one.values:9}{one.differing:11}{one.largest:10.1e}{len(one.only_here):11}{len(one.only_there):12}"
        lines.append(f"{name:20}{numbers}{'  FAILED' if one.failed else ''}")
    for name, one in found.items():
        lines += [f"{name}: {words}" for words in _words(one)]
    unequal = sum(not one.equal for one in found.values())
    values = sum(one.values for one in found.values())
    lines.append(
        f"{len(found)} questions, {values} values: " + (f"{unequal} not equal" if unequal else "all bits equal")
    )
    return "\n".join(lines)


def _words(one: Comparison) -> Iterator[str]:
    if one.failed:
        yield one.failed
    elif one.values == 0:
        yield "nothing to compare"
    if one.differing:
        yield f"largest difference at {one.worst}"
    for side, paths in (("here", one.only_here), ("there", one.only_there)):
        if paths:
            yield f"only {side}: {', '.join(paths[:3])}{', …' if len(paths) > 3 else ''}"


def main() -> int:
    """Compare, print, and return 0 where all bits are equal."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--against", metavar="COMMIT", help="the other commit: a hash, a branch, HEAD")
    parser.add_argument("--only", metavar="NAME", action="append", choices=NAMES, help="ask this one; may be repeated")
    parser.add_argument("--list", action="store_true", help="print the questions and stop")
    parser.add_argument("--fresh", action="store_true", help="compile everything again: minutes more, no cache trusted")
    words = parser.parse_args()
    if words.list:
        print("\n".join([*(f"{name:20}{line}" for name, line in COMMANDS), *(f"{name:20}in Python" for name in CALLS)]))
        return 0
    if words.against is None:
        parser.error("give --against COMMIT")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    names = tuple(dict.fromkeys(words.only or NAMES))
    try:
        with checked_out(words.against) as other:
            here, there = ask((ROOT, other), names, fresh=words.fresh)
    except subprocess.CalledProcessError as error:
        print(f"golden: {' '.join(map(str, error.cmd[:6]))} … ended with {error.returncode}", file=sys.stderr)
        return CANNOT_ASK
    except KeyboardInterrupt:
        print("golden: interrupted; nothing is left behind", file=sys.stderr)
        return INTERRUPTED
    found = {name: compare(here[name], there[name]) for name in names}
    print(table(found))
    return 0 if all(one.equal for one in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
