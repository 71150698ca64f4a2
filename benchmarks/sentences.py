"""How many sentences of people are read: accepted, asked back, refused or wrong; per file of a folder.

    python benchmarks/sentences.py ../shared/sentences            figures per file
    python benchmarks/sentences.py ../shared/sentences --each     each sentence with the answer to it

A file ``persons*.txt`` holds described people, any other file plans, one a line. An accepted sentence counts as wrong
where its canonical form does not read back to the same, or where the reviewed answers
(``tests/plans/language/reviewed.csv``) have another meaning, or none. The share is that of sentences that are read, or
asked back with both readings, among those that name what exists: neither *not modelled* nor *out of range* (values
that nobody has, or that are missing).
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nadflux.errors import NadfluxError
from nadflux.plans import parse_plan
from nadflux.plans.language.person import read_person

REVIEWED = Path(__file__).parents[1] / "tests" / "plans" / "language" / "reviewed.csv"
OUTCOMES = ("accepted", "asked back", "refused", "wrong", "not modelled", "out of range")
_KINDS = {"AmbiguousError": "asked back", "NotModelledError": "not modelled", "ValueOutOfRangeError": "out of range"}


@dataclass(frozen=True)
class Answer:
    """The outcome for one sentence, and the canonical form or the refusal."""

    outcome: str
    said: str


def main() -> None:
    """Print the figures of each file of a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", action="store_true", help="print each sentence with the answer to it")
    asked = parser.parse_args()
    reviewed = read_reviewed(REVIEWED) if REVIEWED.exists() else {}
    print(f"{'':24}{'sentences':>10}" + "".join(f"{name:>14}" for name in OUTCOMES) + f"{'read of these':>16}")
    for file in sorted(asked.folder.glob("*.txt")):
        answers = {text: answer_to(text, file, reviewed) for text in sentences_of(file)}
        counts = Counter(answer.outcome for answer in answers.values())
        exists = len(answers) - counts["not modelled"] - counts["out of range"]
        share = f"{100 * (counts['accepted'] + counts['asked back']) / max(1, exists):.0f} %"
        print(
            f"{file.stem:24}{len(answers):>10}" + "".join(f"{counts[name]:>14}" for name in OUTCOMES) + f"{share:>16}"
        )
        for text, answer in answers.items() if asked.each else ():
            print(f"  [{answer.outcome}] {text}\n      {answer.said}")


def sentences_of(file: Path) -> list[str]:
    """Return the sentences of a file, one a line; blank lines are skipped."""
    return [line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def read_reviewed(file: Path) -> dict[tuple[str, str], str]:
    """Return the reviewed answers: the canonical form of what is accepted, empty for what is not."""
    with file.open(encoding="utf-8", newline="") as lines:
        return {(row["of"], row["sentence"]): row["canonical"] for row in csv.DictReader(lines)}


def answer_to(text: str, file: Path, reviewed: dict[tuple[str, str], str]) -> Answer:
    """Return the answer to one sentence of a file."""
    of = "person" if file.stem.startswith("persons") else "plan"
    read: Callable[[str], object] = read_person if of == "person" else parse_plan
    try:
        found = read(text)
    except NadfluxError as error:
        return Answer(_KINDS.get(type(error).__name__, "refused"), str(error).split("\n")[0])
    canonical = str(found)
    if read(canonical) != found:
        return Answer("wrong", f"{canonical}  (does not read back)")
    expected = reviewed.get((of, text), canonical)
    if canonical != expected:
        return Answer("wrong", f"{canonical}  (reviewed: {expected or 'refused'})")
    return Answer("accepted", canonical)


if __name__ == "__main__":
    main()
