"""`nadflux plans`: the sentences a plan may hold, with examples, and how one is read."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command()
    def plans(
        sentence: Annotated[str | None, typer.Argument(help="A plan to read; all examples if left out.")] = None,
        days: Annotated[float | None, typer.Option(help="Length of the run; the plan's own if left out.")] = None,
        yaml: Annotated[bool, typer.Option("--yaml", help="Print the plan as YAML.")] = False,
    ) -> None:
        """List what a plan may say, with examples; or read one: its full sentence, its YAML, what happens when."""
        if sentence is None:
            _list()
        else:
            _read(sentence, days, yaml)


def _list() -> None:
    from nadflux.plans.dosing_options import doseable, refused_routes
    from nadflux.plans.language.examples import examples
    from nadflux.plans.lifestyle_tables import shipped_lifestyle

    tables, topic = shipped_lifestyle(), ""
    for example in examples():
        if example.topic != topic:
            topic = example.topic
            print(f"\n{topic}" if topic != "compounds" else topic)
        print(f"  {example.sentence}\n      {example.means}")
    print("\nregimens and habits are joined by ' + ' or ';'")
    print("'for 2 weeks' gives a length, 'from day 3' a start, 'at 20:00' a time of day")
    print("'with food' or 'fasted' says how a dose by mouth is taken")
    print("styles of meals: " + ", ".join(tables.styles))
    print("nutrients: " + ", ".join(tables.nutrients))
    print("\nwhat can be dosed (doses are mg of the salt named; more than was studied is simulated and flagged)")
    for one in doseable():
        print(f"  {one.compound}: {one.salt}, {one.molar_mass:.2f} g/mol")
        for route, known in one.routes.items():
            print(f"      {one.compound} {route}" + (f": {known}" if known else ""))
    print(f"  refused, as no human data exist: {', '.join(refused_routes())}")
    print("  inhibitors and activators are concentrations: --set drugs.FK866='0.01 µM'; nadflux describe drugs\n")
    print("nadflux plans SENTENCE reads one; nadflux simulate WHO --plan SENTENCE runs it. Not medical advice.")


def _read(sentence: str, days: float | None, yaml: bool) -> None:
    from nadflux.plans import parse_plan, to_yaml
    from nadflux.plans.schedule import schedule

    plan = parse_plan(sentence)
    if yaml:
        print(to_yaml(plan), end="")
        return
    planned = schedule(plan, days=days)
    print(plan)
    print(f"{planned.end_h / 24:g} days, {len(planned.doses)} doses; a day runs from 08:00 to 08:00")
    for what in dict.fromkeys(span.what for span in planned.spans):
        spans = [span for span in planned.spans if span.what == what and span.start_h >= 0]
        first = ", ".join(f"day {span.start_h // 24:g} {_clock(span.start_h)}" for span in spans[:4])
        if spans:
            print(f"{what}: {len(spans)} ({first}{', …' if len(spans) > 4 else ''})")
    for note in (*planned.notes, "not screened: nobody has checked this plan against a person's conditions"):
        print(f"· {note}")


def _clock(hours: float) -> str:
    from nadflux.plans.timing import CLOCK_AT_START, clock_text

    return clock_text(((hours + CLOCK_AT_START) % 24.0,))
