"""Every sentence that help shows is read, scheduled, and comes back from its words and YAML."""

from __future__ import annotations

import pytest

from nadflux.plans import format_plan, from_yaml, parse_plan, to_yaml
from nadflux.plans.language.examples import Example, examples
from nadflux.plans.schedule import schedule


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.sentence)
def test_examples_run(example: Example) -> None:
    plan = parse_plan(example.sentence)
    assert parse_plan(format_plan(plan)) == from_yaml(to_yaml(plan)) == plan
    planned = schedule(plan)
    assert planned.events and planned.end_h > 0
    assert bool(planned.spans) == bool(plan.lifestyle) == (planned.start_h < 0)


def test_every_topic_is_shown() -> None:
    topics = {example.topic for example in examples()}
    assert topics >= {"compounds", "meals", "fasting", "nutrients", "exercise", "sleep", "together"}
