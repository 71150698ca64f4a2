"""Writer of ``gallery.md``: twenty figures, each with the command that draws it.

    python site/make_gallery.py [--quick] [--only 3 12]

Captions and commands, the words after ``nadflux``, are rows of ``gallery.csv``.
Every figure is drawn by its own command, as a user would draw it.
"""

from __future__ import annotations

import argparse
import csv
import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE / "gallery"


def main() -> None:
    """Draw the figures and write the page; a command that fails stops the writer and is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="two people where no number is given, for tests")
    parser.add_argument("--only", type=int, nargs="*", default=(), help="figures to draw; the page is kept")
    options = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    for index, (caption, words) in enumerate(figures(), 1):
        if not options.only or index in options.only:
            _draw(index, words, options.quick)
            print(f"{_name(index)} {caption}", file=sys.stderr, flush=True)
    if not options.only:
        (HERE / "gallery.md").write_text(page(), encoding="utf-8")


def figures() -> list[tuple[str, str]]:
    """Return the caption of every figure, and the words after ``nadflux``."""
    with (HERE / "gallery.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter=";", quoting=csv.QUOTE_NONE)
        return [(row["caption"], row["command"]) for row in rows]


def page() -> str:
    """Return the page: each figure under its caption, with the command that draws it."""
    parts = ["# Gallery", "", "Each figure is drawn by the command below it.", ""]
    for index, (caption, words) in enumerate(figures(), 1):
        parts += [f"## {caption}", "", f"![{caption}](gallery/{_name(index)})", ""]
        parts += ["```text", f"nadflux {words} --plot figure.png", "```", ""]
    return "\n".join(parts)


def _draw(index: int, words: str, quick: bool) -> None:
    few = ["-n", "2"] if quick and words.startswith(("simulate", "compare")) and " -n " not in words else []
    command = [sys.executable, "-m", "nadflux", *shlex.split(words), *few, "--plot", str(FOLDER / _name(index))]
    done = subprocess.run(command, capture_output=True, text=True, cwd=HERE.parent)
    if done.returncode != 0:
        sys.exit(f"nadflux {words}\n{done.stderr or done.stdout}")


def _name(index: int) -> str:
    return f"{index:02d}.png"


if __name__ == "__main__":
    main()
