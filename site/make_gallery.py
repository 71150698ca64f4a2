"""Writer of ``gallery.md``: twenty figures, each with the command that draws it.

    python site/make_gallery.py [--quick]

Every figure is drawn by its own command, as a user would, and a command that fails stops the writer.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
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
    """Draw every figure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="two people, for tests")
    options = parser.parse_args()
    folder = HERE / "gallery"
    folder.mkdir(exist_ok=True)
    parts = ["# Gallery", "Each figure is drawn by the command below it.", ""]
    for index, (caption, words) in enumerate(FIGURES, 1):
        name = f"{index:02d}.png"
        extra = ["-n", "2"] if options.quick and " -n " not in words else []
        command = [sys.executable, "-m", "nadflux", *shlex.split(words), *extra, "--plot", str(folder / name)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        print(f"{name} {caption}", file=sys.stderr, flush=True)
        parts += [f"## {caption}", "", f"![{caption}](gallery/{name})", "", "```text"]
        parts += [f"nadflux {words} --plot figure.png", "```", ""]
    (HERE / "gallery.md").write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
