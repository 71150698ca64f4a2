"""Time from an empty shell to the table of the README's command, with and without its cache."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

COMMAND = [
    sys.executable, "-c", "from nadflux.faces.cli import main; main()",
    "simulate", "woman, 62 y, 70 kg", "--plan", "NR chloride 500 mg oral twice daily for 8 weeks", "-n", "64",
]  # fmt: skip


def measure(repeats: int) -> dict[str, float]:
    """Median wall seconds of new processes: first ever (cold cache) and after it (cached)."""
    cold, cached = [], []
    for _ in range(repeats):
        folder = tempfile.mkdtemp(prefix="nadflux-cache-")
        try:
            cold.append(_seconds(folder))
            cached.append(_seconds(folder))
        finally:
            shutil.rmtree(folder)
    return {"cold": statistics.median(cold), "cached": statistics.median(cached)}


def _seconds(cache: str) -> float:
    started = time.perf_counter()
    done = subprocess.run(
        COMMAND, env={**os.environ, "NADFLUX_CACHE_DIR": cache}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"the README command failed:\n{done.stderr}")
    return time.perf_counter() - started
