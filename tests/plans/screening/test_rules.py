"""Every rule of screening, firing and not firing, at its thresholds; and no rule can be deleted or weakened unseen."""

from __future__ import annotations

import ast
import csv
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from nadflux.errors import TableError
from nadflux.people.health import Condition, FactValue, shipped_facts
from nadflux.people.health.fact_table import FOLDER
from nadflux.plans.screening import Rule, shipped_rules
from nadflux.plans.screening.plan_facts import PLAN_FACTS
from nadflux.plans.screening.rules import SEVERITIES, read_rules
from nadflux.plans.screening.screen import judge

MEDICINES = {name for rule in shipped_rules() for name in rule.applies.names if name not in PLAN_FACTS}
NOTHING: dict[str, FactValue] = {**dict.fromkeys(PLAN_FACTS, 0.0), **dict.fromkeys(MEDICINES, False)}
NOTHING["carbohydrate_percent"] = 50.0
CASES = list(csv.DictReader((Path(__file__).parent / "cases.csv").read_text(encoding="utf-8").splitlines()))


def _facts(text: str) -> dict[str, FactValue]:
    pairs = (part.strip().split("=") for part in text.split(";") if part.strip())
    return {name: value == "yes" if value in ("yes", "no") else float(value) for name, value in pairs}


def _fires(rules: Sequence[Rule], case: Mapping[str, str]) -> bool:
    found = judge(rules, _facts(case["person"]), {**NOTHING, **_facts(case["plan"])})
    return (case["rule"], case["severity"]) in {(one.rule.rule, one.rule.severity) for one in found.fired}


@pytest.mark.parametrize("rule", sorted({case["rule"] for case in CASES}))
def test_a_rule_fires_and_does_not_as_its_cases_say(rule: str) -> None:
    mine = [one for one in shipped_rules() if one.rule == rule]
    wrong = [case for case in CASES if case["rule"] == rule and _fires(mine, case) != (case["fires"] == "yes")]
    assert not wrong


def test_every_clause_has_cases_of_both_kinds() -> None:
    for fires in ("yes", "no"):
        covered = {(case["rule"], case["severity"]) for case in CASES if case["fires"] == fires}
        assert covered == {(rule.rule, rule.severity) for rule in shipped_rules()}


def _seen(rules: Sequence[Rule], rule: str) -> bool:
    """Tell whether a case of the rule comes out otherwise with changed rules."""
    mine = [one for one in rules if one.rule == rule]
    return any(_fires(mine, case) != (case["fires"] == "yes") for case in CASES if case["rule"] == rule)


def test_no_clause_can_be_deleted_or_made_milder_unseen() -> None:
    rules = shipped_rules()
    for index, rule in enumerate(rules):
        assert _seen((*rules[:index], *rules[index + 1 :]), rule.rule), f"{rule.rule} deleted"
        milder = SEVERITIES.index(rule.severity) + 1
        if milder < len(SEVERITIES):
            changed = dataclasses.replace(rule, severity=SEVERITIES[milder])
            assert _seen((*rules[:index], changed, *rules[index + 1 :]), rule.rule), f"{rule.rule} milder"


def _weakened(text: str) -> Iterator[str]:
    """Yield a condition with one part left out, or one threshold moved so that it holds less often."""
    tree = ast.parse(text, mode="eval").body
    for node in ast.walk(tree):
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            for value in list(node.values):
                node.values.remove(value)
                yield ast.unparse(tree)
                node.values.append(value)
        if isinstance(node, ast.Compare):
            constant = node.comparators[0]
            assert isinstance(constant, ast.Constant) and isinstance(constant.value, int | float)
            kept = constant.value
            larger = isinstance(node.ops[0], ast.Gt | ast.GtE)
            constant.value = kept + max(abs(kept) * 0.05, 0.05) * (1 if larger else -1)
            yield ast.unparse(tree)
            constant.value = kept


@pytest.mark.parametrize("part", ["when", "applies"])
def test_no_clause_can_be_weakened_unseen(part: str) -> None:
    rules = shipped_rules()
    for index, rule in enumerate(rules):
        condition: Condition = getattr(rule, part)
        if condition.always:
            continue
        for text in _weakened(condition.text):
            changed = dataclasses.replace(rule, **{part: Condition(text)})
            assert _seen((*rules[:index], changed, *rules[index + 1 :]), rule.rule), f"{rule.rule}: {text}"


def test_every_fact_that_a_rule_asks_for_can_be_said() -> None:
    table = shipped_facts()
    told_otherwise = {"female", "age", "bmi"}
    for rule in shipped_rules():
        for name in rule.when.names:
            fact = table.by_name[name]
            sets = any(name in medicine.sets for medicine in table.medicines)
            assert fact.words or sets or name in told_otherwise, f"{rule.rule} asks for {name}"


def test_a_name_that_is_no_fact_is_refused_with_its_line(tmp_path: Path) -> None:
    text = (FOLDER / "rules.csv").read_text(encoding="utf-8")
    file = tmp_path / "rules.csv"
    file.write_text(text.replace("S022,peptic_ulcer,", "S022,peptic_ulcr,"), encoding="utf-8")
    with pytest.raises(TableError, match=r"line \d+, when: 'peptic_ulcr' is no fact"):
        read_rules(file)
