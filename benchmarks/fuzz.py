"""Many nearly right inputs, each of which must end in a value or a clear refusal; stops and goes on where it was.

    python benchmarks/fuzz.py --parsed 100000 --run 5000 --seed 0 --state fuzz.json

Inputs are those of ``tests/fuzz``, numbered, so that a seed and a number always mean the same one. A process of its own
asks them, so that one that kills it is a finding and not the end. Ctrl-C keeps what is done; the same command goes on.
The state file counts outcomes by kind and holds one input, made smaller where that is easy, for each fault met.
Exit code: 0 if nothing unexpected was met but what ``tests/fuzz/known_open.csv`` holds, 1 otherwise, 130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "fuzz"))

SHARE = 500
"""Inputs that one process asks: a leak or a damaged library does not live longer."""
SILENT_S = 120.0
INTERRUPTED = 130


def main() -> int:
    """Ask what is left to ask, and print the totals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parsed", type=int, default=100_000, help="inputs that are read")
    parser.add_argument("--run", type=int, default=5_000, help="inputs that are simulated")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--state", type=Path, default=Path("fuzz.json"), help="counts and findings; read if there")
    parser.add_argument("--worker", nargs=3, metavar=("MODE", "FIRST", "LAST"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        mode, first, last = options.worker
        return _work(options.seed, mode == "run", int(first), int(last))
    state = _read(options.state, options.seed)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for mode, wanted in (("parsed", options.parsed), ("run", options.run)):
            _ask_all(state, mode, wanted, options.state)
    except KeyboardInterrupt:
        _write(options.state, state)
        print(f"\ninterrupted; {options.state} keeps what is done, the same command goes on", file=sys.stderr)
        return INTERRUPTED
    _write(options.state, state)
    _report(state)
    return 1 if any(not finding["known"] for finding in state["findings"].values()) else 0


def _ask_all(state: dict[str, Any], mode: str, wanted: int, file: Path) -> None:
    start, begun = time.monotonic(), state["done"][mode]
    while state["done"][mode] < wanted:
        first = state["done"][mode]
        for answer in _answers(state["seed"], mode, first, min(first + SHARE, wanted)):
            _count(state, mode, answer)
            state["done"][mode] = answer["index"] + 1
        _write(file, state)
        done = state["done"][mode]
        left = (time.monotonic() - start) / max(1, done - begun) * (wanted - done)
        print(f"{mode} {done} of {wanted}, {len(state['findings'])} faults, {left:.0f} s left", file=sys.stderr)


def _answers(seed: int, mode: str, first: int, last: int) -> Iterator[dict[str, Any]]:
    """Yield the outcome of each input; where a process dies or falls silent, that."""
    words = [sys.executable, __file__, "--seed", str(seed), "--worker", mode, str(first), str(last)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        expected = first
        try:
            for line in _lines(process.stdout.fileno()):
                answer = json.loads(line)
                expected = answer["index"] + 1
                yield answer
        finally:
            process.kill()
        code = process.wait()
    if expected < last:
        how = "no answer at all" if code == -signal.SIGKILL else f"the process died with code {code}"
        yield {
            "index": expected,
            "kind": "",
            "word": "unexpected",
            "said": how,
            "place": "",
            "input": "",
            "known": False,
        }


def _lines(source: int) -> Iterator[bytes]:
    """Yield lines of a pipe until it ends or is silent for two minutes."""
    kept = b""
    while select.select([source], [], [], SILENT_S)[0]:
        read = os.read(source, 1 << 16)
        if not read:
            return
        *whole, kept = (kept + read).split(b"\n")
        yield from whole


def _work(seed: int, runs: bool, first: int, last: int) -> int:
    """Ask some inputs and write a line about each."""
    from asking import UNEXPECTED, case_of, outcome
    from known import is_known
    from shrinking import same_fault, smaller

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what nadflux prints goes elsewhere
    met: set[tuple[str, ...]] = set()
    for index in range(first, last):
        kind, case = case_of(seed, index, runs=runs)
        found = outcome(kind, case)
        answer: dict[str, Any] = {"index": index, "kind": kind.name, "word": found.word}
        if found.word == UNEXPECTED:
            fault = (kind.name, *same_fault(found))
            shown = case if fault in met or is_known(found) else smaller(kind, case, found)
            met.add(fault)
            answer |= {"said": found.said, "place": found.place, "input": shown, "known": is_known(found)}
        print(json.dumps(answer), file=answers, flush=True)
    return 0


def _count(state: dict[str, Any], mode: str, answer: dict[str, Any]) -> None:
    kind = answer["kind"] or mode
    counts = state["counts"].setdefault(kind, {})
    counts[answer["word"]] = counts.get(answer["word"], 0) + 1
    if answer["word"] != "unexpected":
        return
    name = " | ".join((kind, answer["place"].partition(" < ")[0], answer["said"][:20]))
    finding = state["findings"].setdefault(name, {"met": 0, **{k: v for k, v in answer.items() if k != "word"}})
    finding["met"] += 1
    if len(answer["input"]) < len(finding["input"]):
        finding["input"] = answer["input"]


def _read(file: Path, seed: int) -> dict[str, Any]:
    if not file.exists():
        return {"seed": seed, "done": {"parsed": 0, "run": 0}, "counts": {}, "findings": {}}
    state: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if state["seed"] != seed:
        raise SystemExit(f"{file} is of seed {state['seed']}, not {seed}; give another --state or that --seed")
    return state


def _write(file: Path, state: dict[str, Any]) -> None:
    part = file.with_name(f".{file.name}.part")
    part.write_text(json.dumps(state, indent=1), encoding="utf-8")
    os.replace(part, file)


def _report(state: dict[str, Any]) -> None:
    columns = ("value", "refusal", "unexpected")
    print(f"{'kind':<16}" + "".join(f"{word:>12}" for word in columns))
    totals = dict.fromkeys(columns, 0)
    for kind, counts in sorted(state["counts"].items()):
        print(f"{kind:<16}" + "".join(f"{counts.get(word, 0):>12}" for word in columns))
        for word in columns:
            totals[word] += counts.get(word, 0)
    print(f"{'all':<16}" + "".join(f"{totals[word]:>12}" for word in columns))
    for name, finding in sorted(state["findings"].items()):
        known = "known, " if finding["known"] else ""
        print(f"\n{name} ({known}{finding['met']} times)\n  {finding['input'][:300]!r}\n  {finding['said'][:300]}")


if __name__ == "__main__":
    sys.exit(main())
