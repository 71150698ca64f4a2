"""Writer of the pages of this folder, with their figures, from the model and its commands.

    python docs/build.py [--quick] [--only PAGE ...] [--out FOLDER]

Nothing on those pages is drawn or typed by hand. ``--quick`` uses few people, for tests; the pages in the
repository are made without it.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from pathlib import Path

PAGES = ("nad", "autophagy", "plans", "words", "notebooks", "safety", "api", "commands", "glossary", "index")
NAMES = {"index": "README.md"}


def main() -> None:
    """Write the pages that the command line names, all by default."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few people and draws")
    parser.add_argument("--only", nargs="+", choices=PAGES, default=PAGES, help="pages to write")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent, help="folder of the pages")
    options = parser.parse_args()
    (options.out / "figures").mkdir(parents=True, exist_ok=True)
    start = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - start:6.1f} s  {what}", file=sys.stderr, flush=True)

    for name in PAGES:
        if name in options.only:
            before = time.time()
            text = importlib.import_module(f"_{name}").build(options.out, options.quick, say)
            (options.out / NAMES.get(name, f"{name}.md")).write_text(text, encoding="utf-8")
            _shrink(options.out / "figures", before)
            say(f"{NAMES.get(name, f'{name}.md')} written")


def _shrink(folder: Path, since: float) -> None:
    """Store the figures just written with few colours, at about a third of the size."""
    from PIL import Image

    for path in folder.glob("*.png"):
        if path.stat().st_mtime >= since - 1.0:
            with Image.open(path) as picture:
                plain = picture.convert("RGB").quantize(64, dither=Image.Dither.NONE)
            plain.save(path, optimize=True)


if __name__ == "__main__":
    main()
