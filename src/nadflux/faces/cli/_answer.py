"""Options on what the answer to `nadflux simulate` is given in and compared with: units, measured values, citations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from nadflux.errors import ValueOutOfRangeError
from nadflux.faces.cli._say import say

if TYPE_CHECKING:
    from nadflux.analysis.observed import Observed
    from nadflux.simulation.run import Run

UnitOption = Annotated[
    list[str] | None,
    typer.Option(
        "--unit",
        help="Unit of table, figure and JSON, molar or mass: 'ng/mL' for all that it fits, plasma_nad=ng/mL for one; "
        "may be repeated.",
    ),
]
ObservedOption = Annotated[
    str | None,
    typer.Option(
        "--observed",
        help="Lay measured values over the figure: CSV with time (h) or day, quantity, value, unit, and low, high or "
        "sd, id, arm.",
    ),
]
VpcOption = Annotated[
    str | None,
    typer.Option("--vpc", help="Write a visual predictive check against --observed: .png, .svg or .pdf."),
]
MeasuredOption = Annotated[
    list[str] | None,
    typer.Option(
        "--measured",
        help="What was measured in the person at rest: 'whole blood NAD+ 24 µM'; people drawn are then weighted by it. "
        "May be repeated.",
    ),
]
DrawsOption = Annotated[
    int | None, typer.Option("--draws", help="People drawn with --measured; 1000, of the whole body 128.")
]
CiteOption = Annotated[bool, typer.Option("--cite", help="Print the sources of what was used, with BibTeX.")]
NcaOption = Annotated[
    bool, typer.Option("--nca", help="Print a non-compartmental analysis of the levels as well: AUC, Cmax, half-life.")
]


_GOES_WITH = {
    "unit": ("json", "plan"), "observed": ("json", "plan", "components"), "vpc": ("json", "components"),
    "cite": ("components",), "nca": ("components",),
}  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """Unit of the answer, values laid over it, and what else is printed."""

    unit: tuple[str, ...] = ()
    observed: str | None = None
    vpc: str | None = None
    cite: bool = False
    nca: bool = False

    def check(self, plot: str | None) -> None:
        """Refuse what could not be drawn, before the run rather than after.

        Raises
        ------
        ValueOutOfRangeError
            For --vpc without --observed, and --observed without a figure.
        NadfluxError
            For values that cannot be read.
        """
        from nadflux.faces.plot.paths import check_figure_path

        if self.vpc is not None:
            if self.observed is None:
                raise ValueOutOfRangeError("--vpc compares with measured people; give them: --observed FILE.csv")
            check_figure_path(self.vpc)
        if self.observed is not None:
            if plot is None and self.vpc is None:
                raise ValueOutOfRangeError("--observed is laid over a figure; add --plot FILE.png or --vpc FILE.png")
            self.measured_values()

    def refuse_beside(self, **others: bool) -> None:
        """Raise ValueOutOfRangeError for options that these do not go with: JSON, sources of spread, several plans."""
        mine = {
            "unit": self.unit, "observed": self.observed, "vpc": self.vpc, "cite": self.cite, "nca": self.nca,
        }  # fmt: skip
        for name, given in mine.items():
            for other, refused in others.items():
                if given and refused and other not in _GOES_WITH[name]:
                    what = "several --plan" if other == "plan" else f"--{other}"
                    raise ValueOutOfRangeError(
                        f"--{name} does not go with {what}; leave one of them out, or use Python"
                    )

    def measured_values(self) -> tuple[Observed, ...]:
        """Return the values after --observed."""
        from nadflux.analysis.observed import read_observed

        return read_observed(self.observed) if self.observed is not None else ()

    def in_units(self, run: Run) -> Run:
        """Return the run in the units asked for; raises `UnitError` for one that does not fit."""
        return run.in_units(self.unit) if self.unit else run

    def draw_vpc(self, run: Run) -> None:
        """Write the visual predictive check, if it is asked for."""
        if self.vpc is not None:
            from nadflux.analysis.visual_predictive_check import visual_predictive_check
            from nadflux.faces.plot.paths import save_figure
            from nadflux.faces.plot.predictive_check import draw_predictive_check

            read = self.measured_values()
            names = tuple(dict.fromkeys(one.quantity for one in read))
            save_figure(draw_predictive_check(visual_predictive_check(run, read, names)), self.vpc)
            say(f"figure: {self.vpc}")

    def print_more(self, run: Run, shown: Sequence[str]) -> None:
        """Print the non-compartmental analysis and the sources, if they are asked for."""
        if self.nca:
            from nadflux.faces.documents.nca import print_nca

            levels = [name for name in shown if run.quantity(name).kind == "level"]
            print()
            print_nca(run.nca(levels))
        if self.cite:
            print()
            print(run.citations())
