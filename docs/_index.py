"""``docs/README.md``: what is where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from _commands import command_lines
from _text import MADE, page, table

_PAGES = (
    ("nad.md", "NAD+ of the whole body: network, fluxes, hits and misses, what is assumed"),
    ("autophagy.md", "the cell model: initiation, content and completed degradation; facts; the flux assay"),
    ("ageing.md", "a life in years: damage, senescent cells, inflammation, NAD+ and death; hits and misses"),
    ("plans.md", "what a plan may say: doses, meals, fasts, exercise, sleep; with examples"),
    ("notebooks.md", "Python and notebooks: tables, figures, AUC and half-life, event tables, a measured person"),
    ("words.md", "people's own words for plans and persons, and how they are understood"),
    ("safety.md", "how every plan is screened: rules, facts, and what is asked"),
    ("commands.md", "every command with its options"),
    ("api.md", "every public name of the Python package"),
    ("glossary.md", "the words of the model, the field and this code"),
    ("../site/index.md", "tutorials, how-tos, gallery, explanations, questions; `nox -s site` builds them"),
    ("../src/nadflux/biology/README.md", "how to read and change the model"),
    ("../studies/README.md", "how published studies are written down"),
    ("../CONTRIBUTING.md", "a map of the code"),
)


def build(folder: Path, quick: bool, say: Callable[[str], None]) -> str:
    """Return the page."""
    return page(
        "# nadflux: documentation",
        table(
            ("page", "holds"),
            ((f"[{name.removeprefix('../')}]({name})", what) for name, what in (*_PAGES, *_written_by_hand())),
        ),
        "## Commands",
        table(
            ("command", "what it does"), ((f"[`nadflux {n}`](commands.md#nadflux-{n})", w) for n, w in command_lines())
        ),
        "Pages are written by `python docs/build.py`, about three minutes on two cores.",
    )


def _written_by_hand() -> Iterator[tuple[str, str]]:
    """Yield the other pages of the folder, by their heading."""
    for file in sorted(Path(__file__).resolve().parent.glob("*.md")):
        text = file.read_text(encoding="utf-8")
        if MADE not in text:
            yield file.name, text.splitlines()[0].lstrip("# ")
