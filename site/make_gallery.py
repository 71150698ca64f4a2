"""Writer of ``gallery.md``: twenty figures, each with the command that draws it.

    python site/make_gallery.py [--quick] [--only 3 12]

Every figure is drawn by its own command, as a user would draw it.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE / "gallery"
FIGURES = (
    ("Eight weeks of NR", 'simulate "woman, 62 y, 70 kg" --plan "NR 500 mg twice daily for 8 weeks"'),
    ("One dose, hour by hour", 'simulate "man, 40 y, 80 kg" --plan "NR 1000 mg once" --days 3'),
    ("NMN in blood and urine", 'simulate "woman, 45 y" --plan "NMN 300 mg daily for 4 weeks" --show whole_blood_nad,urine_mna,urine_2py'),
    ("Nicotinic acid, extended release", 'simulate "man, 55 y, 85 kg" --plan "Niaspan 1 g at bedtime for 4 weeks"'),
    ("An infusion of NAD+", 'simulate "man, 45 y, 80 kg" --plan "NAD+ 500 mg IV over 4 h" --days 2 --show plasma_nad,plasma_nam,urine_mna'),
    ("Nicotinamide on the skin", 'simulate "woman, 50 y" --plan "NAM 5% topical twice daily for 4 weeks"'),
    ("Two doses compared", 'simulate "woman, 62 y" --plan "NR 250 mg daily for 4 weeks" --plan "NR 1000 mg daily for 4 weeks"'),
    ("Three precursors compared", 'simulate "man, 50 y" --plan "NR 500 mg daily for 2 weeks" --plan "NMN 500 mg daily for 2 weeks" --plan "NAM 500 mg daily for 2 weeks"'),
    ("Washout", 'simulate "woman, 60 y" --plan "NR 1 g daily for 4 weeks, washout 4 weeks" --show whole_blood_nad'),
    ("A diet poor in niacin", 'simulate "man, 30 y" --plan "diet 6 mg NE daily for 35 days" --show whole_blood_nad,red_cell_nad,urine_mna'),
    ("Organs under NR", 'simulate "man, 50 y" --plan "NR 1 g daily for 3 weeks" --show liver_nad,muscle_nad,brain_nad,kidney_nad'),
    ("A day without food", 'simulate "man, 35 y, 78 kg" --plan "fast 24 h" --show autophagy -n 4'),
    ("An eating window", 'simulate "woman, 40 y, 68 kg" --plan "16:8 for 3 d" -n 4'),
    ("A bout of exercise", 'simulate "man, 30 y, 75 kg" --plan "endurance 45 min at 65% VO2max" --days 1 -n 4'),
    ("Autophagy of a cell in culture, blocked", 'assay'),
    ("Fluxes of NAD+ at rest", 'fluxes "woman, 50 y, 65 kg" -n 16'),
    ("Routes side by side", 'compare-routes --dose 300mg --days 7 -n 8'),
    ("A published dose against its studies", 'simulate "man, 70 y" --plan "NR 1 g daily for 3 weeks" --show muscle_nad,whole_blood_nad,urine_mna'),
    ("Rapamycin in the whole body", 'simulate "man, 60 y" --body whole --set drugs.rapamycin="0.01 µM" --show autophagy --days 2 -n 4'),
    ("A shift worker", 'simulate "man, 40 y, night shifts" --plan "NR 300 mg daily for 3 d" -n 4'),
)
"""Caption, and the words after ``nadflux``."""


def main() -> None:
    """Draw the figures and write the page; a command that fails stops the writer and is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="two people where no number is given, for tests")
    parser.add_argument("--only", type=int, nargs="*", default=(), help="numbers of the figures to draw; the page is kept")
    options = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    for index, (caption, words) in enumerate(FIGURES, 1):
        if not options.only or index in options.only:
            _draw(index, words, options.quick)
            print(f"{_name(index)} {caption}", file=sys.stderr, flush=True)
    if not options.only:
        (HERE / "gallery.md").write_text(page(), encoding="utf-8")


def page() -> str:
    """Return the page: each figure under its caption, with the command that draws it."""
    parts = ["# Gallery", "", "Each figure is drawn by the command below it.", ""]
    for index, (caption, words) in enumerate(FIGURES, 1):
        parts += [f"## {caption}", "", f"![{caption}](gallery/{_name(index)})", ""]
        parts += ["```text", f"nadflux {words} --plot figure.png", "```", ""]
    return "\n".join(parts)


def _draw(index: int, words: str, quick: bool) -> None:
    few = ["-n", "2"] if quick and " -n " not in words and words != "assay" else []
    command = [sys.executable, "-m", "nadflux", *shlex.split(words), *few, "--plot", str(FOLDER / _name(index))]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"nadflux {words}\n{done.stderr or done.stdout}")


def _name(index: int) -> str:
    return f"{index:02d}.png"


if __name__ == "__main__":
    main()
