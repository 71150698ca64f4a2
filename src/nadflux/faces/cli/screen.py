"""`nadflux screen`: the rules that a plan meets for a person, and what would have to be known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from nadflux.errors import ValueOutOfRangeError
from nadflux.faces.cli._options import SupervisedOption, listed

if TYPE_CHECKING:
    from nadflux.people import Person


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command()
    def screen(
        person: Annotated[
            str | None,
            typer.Argument(
                help='Who, with what is known of their health: "woman, 62 y, 70 kg, type 2 diabetes on metformin, '
                'eGFR 45, no history of cancer".'
            ),
        ] = None,
        plan: Annotated[str | None, typer.Option(help="Doses and habits, in words or a file.")] = None,
        add: Annotated[
            list[str] | None,
            typer.Option("--add", help="Medicine, supplement or therapy that the plan adds; may be repeated."),
        ] = None,
        supervised: SupervisedOption = False,
        facts: Annotated[bool, typer.Option("--facts", help="List the facts of health that can be written.")] = False,
        rules: Annotated[bool, typer.Option("--rules", help="List every rule.")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    ) -> int:
        """Screen a plan for a person: which rules fire and why, and which unknown facts would decide others.

        The exit code is 1 where a rule stops the plan. No outcome of this command is a clearance.
        """
        from nadflux.faces.documents import screening as document
        from nadflux.faces.documents.terminal import print_json

        if facts:
            document.print_facts()
            return 0
        if rules:
            document.print_rules()
            return 0
        who = _who(person, plan is not None or bool(add))
        from nadflux.faces.cli._plan_given import plan_given
        from nadflux.plans.plan import Plan
        from nadflux.plans.screening import screen as look

        planned = Plan(()) if plan is None else plan_given(plan)
        if planned.by_weight and who.weight is not None:
            planned = planned.of_weight(who.weight)
        additions = listed(add, "--add") if add else ()
        found = look(who, planned, adds=additions, supervised=supervised)
        if as_json:
            print_json(document.screening_document(who, planned, additions, found))
        else:
            document.print_screening(who, planned, additions, found)
        return 1 if found.stopped else 0


def _who(person: str | None, planned: bool) -> Person:
    """Return the person; raise ValueOutOfRangeError where person or plan is missing."""
    from nadflux.plans.language.person import read_person

    if person is None or not planned:
        raise ValueOutOfRangeError(
            'say who and what, e.g. nadflux screen "woman, 62 y, pregnant" --plan "NR 500 mg daily"'
        )
    return read_person(person)
