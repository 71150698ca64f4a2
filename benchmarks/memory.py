"""Peak memory of `nadflux simulate` for few and many people: what 10 000 people need must not grow with them.

    python benchmarks/memory.py [--people 256 2000] [--days 2] [--out csv parquet zarr]

Each line is a process of its own, whose largest resident set the system reports.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLAN = "NR chloride 500 mg oral twice daily for 8 weeks"
MOST = 1.3
"""How much more the larger number of people may take than the smaller, as a ratio."""


def main() -> int:
    """Print the peak of each run and its ratio to the first; return 1 where one is above the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, nargs="+", default=[256, 2000])
    parser.add_argument("--days", type=float, default=2.0, help="length of each run")
    parser.add_argument("--out", nargs="+", default=["csv"], choices=["csv", "parquet", "zarr"])
    options = parser.parse_args()
    worst = 0.0
    for ending in options.out:
        first = None
        for people in options.people:
            peak, seconds = measure(people, options.days, ending)
            first = first or peak
            worst = max(worst, peak / first)
            print(
                f"{ending:8} -n {people:<6} {peak:6.0f} MB  {seconds:6.1f} s  ratio {peak / first:.2f} (at most {MOST})"
            )
    return int(worst > MOST)


def measure(people: int, days: float, ending: str) -> tuple[float, float]:
    """Return the peak memory (MB) and the time (s) of one command.

    Raises
    ------
    subprocess.CalledProcessError
        Where the command fails.
    """
    with tempfile.TemporaryDirectory(prefix="memory-") as folder:
        words = ["simulate", "woman, 62 y, 70 kg", "--plan", PLAN, "--days", f"{days:g}"]
        command = [
            sys.executable,
            "-m",
            "nadflux",
            *words,
            "-n",
            str(people),
            "--out",
            str(Path(folder, f"x.{ending}")),
        ]
        start = time.perf_counter()
        child = subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, command)
        scale = 1.0 if sys.platform == "darwin" else 1024.0  # bytes there, kB here
        return usage.ru_maxrss * scale / 1e6, time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
