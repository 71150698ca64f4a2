"""Time from an empty shell to the table of `nadflux simulate`, with an empty cache and with a filled one.

python benchmarks/first_result.py [--repeats 5] [--only NAME ...]

Each run is a new process. Cold: no machine code and no assembled body on disk, as on the first call ever. Python keeps
its byte code between runs, as any installation does.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

from _dosing import LIVED

PROGRAM = [sys.executable, "-c", "from nadflux.faces.cli import main; main()"]
PLAN = "NR chloride 500 mg oral twice daily for 8 weeks"
WHOLE = ("--body", "whole", "--show", "autophagy of liver")
QUESTIONS: dict[str, tuple[str, ...]] = {
    "README": ("--plan", PLAN),
    "fast 36 h": ("--plan", "fast 36 h", "--output", "autophagy"),
    "README, whole body": ("--plan", PLAN, *WHOLE),
    "8 lived weeks": ("--plan", f"{PLAN} + {LIVED}", *WHOLE),
}
"""All of 64 people: the NAD body, a fast beside usual days, doses in the whole body, and doses with lived days."""


def measure(repeats: int, question: str = "README") -> dict[str, float]:
    """Return median wall seconds of new processes: first ever (cold cache) and after it (cached)."""
    words = [*PROGRAM, "simulate", "woman, 62 y, 70 kg", *QUESTIONS[question], "-n", "64"]
    cold: list[float] = []
    cached: list[float] = []
    for _ in range(repeats):
        folder = tempfile.mkdtemp(prefix="nadflux-cache-")
        try:
            for seconds in (cold, cached):
                seconds.append(_seconds(words, folder))
        finally:
            shutil.rmtree(folder)
    return {"cold": statistics.median(cold), "cached": statistics.median(cached)}


def _seconds(words: Sequence[str], cache: str) -> float:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    done = subprocess.run(
        words, env={**environment, "NADFLUX_CACHE_DIR": cache}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{words[3:]} failed:\n{done.stderr}")
    return time.perf_counter() - started


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5, help="runs of each, medians are shown (default 5)")
    parser.add_argument("--only", nargs="+", choices=tuple(QUESTIONS), default=tuple(QUESTIONS), help="questions asked")
    options = parser.parse_args()
    measure(1, options.only[0])  # byte code written, files in memory
    print(f"{'question':24}{'cold, s':>9}{'cached, s':>11}")
    for question in options.only:
        seconds = measure(options.repeats, question)
        print(f"{question:24}{seconds['cold']:9.2f}{seconds['cached']:11.2f}", flush=True)


if __name__ == "__main__":
    main()
