"""Several plans on the same people, for `nadflux simulate --plan A --plan B`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from nadflux.errors import ValueOutOfRangeError
from nadflux.faces.cli._answer import Answer
from nadflux.faces.cli._plan_given import plan_given
from nadflux.faces.cli._question import check_who, kept_of, named, shown_of
from nadflux.faces.cli._results import deliver
from nadflux.faces.cli._say import say


def refuse_beside_plans(*, out: str | None, components: bool, at: Sequence[str] | None) -> None:
    """Raise ValueOutOfRangeError for options that belong to one plan."""
    for option, given in (("--out", out is not None), ("--components", components), ("--at", bool(at))):
        if given:
            raise ValueOutOfRangeError(f"{option} belongs to one plan; give a single --plan with it")


def compare(
    person: str | None,
    plans: Sequence[str],
    names: Sequence[str] | None,
    asked: dict[str, Any],
    *,
    window: str | None,
    plot: str | None,
    as_json: bool,
    ids: bool,
    threads: int | None,
    answer: Answer,
) -> None:
    """Simulate the same people under each plan, draw the figure and print the table.

    Parameters
    ----------
    person : str, optional
    plans : sequence of str
        Sentences or files.
    names : sequence of str, optional
        Observables after --show.
    asked : dict
        Further fields of the scenario.
    window, plot, as_json, ids, threads, answer
        Options of the command.

    Raises
    ------
    NadfluxError
        For people, plans or names that are not understood.
    """
    from nadflux.faces.cli._progress import progress
    from nadflux.faces.documents.plan_comparison import comparison_document, print_comparison
    from nadflux.faces.documents.terminal import print_json
    from nadflux.plans.language.moments import read_window
    from nadflux.studies.experiments.compare_plans import compare_settled, settle_together

    settled, notes = settle_together(
        check_who(person), [plan_given(plan) for plan in plans], outputs=named(names), **asked
    )
    lived = any(one.scenario.plan is not None and one.scenario.plan.lifestyle for one in settled)
    shown = shown_of(settled[0], names, lived=lived)
    hours = None if window is None else read_window(window)
    settled = [one.keeping(kept_of(one.prepared, shown, everything=False), ()) for one in settled]
    with progress("comparing") as update:
        found = compare_settled(settled, notes, shown=shown, threads=threads, progress=update)
    found = replace(found, runs=tuple(answer.in_units(run) for run in found.runs))

    def draw() -> None:
        from nadflux.faces.plot.plan_comparison import write_plan_comparison

        write_plan_comparison(found, shown, str(plot), answer.measured_values())
        say(f"figure: {plot}")

    def show() -> None:
        if as_json:
            print_json(comparison_document(found, shown, window=hours))
        else:
            print_comparison(found, shown, window=hours, ids=ids)

    deliver(draw if plot is not None else None, show)
