"""The shipped study files: complete, traceable to the table of facts, and described by a current schema."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from nadflux.studies import parse_study, published_folder, read_studies, schema_json
from nadflux.studies.published.schema import Observation, Study

ROOT = Path(__file__).resolve().parents[3]

NO_NAD_METABOLITE = {"function", "safety", "serum/plasma"}
# Rows in a biological matrix that hold no outcome on an NAD metabolite, with the reason.
NOT_AN_OUTCOME = {
    "Elhassan2019 | inflammatory cytokines (IL-6, IL-5, IL-2, TNF-a) | day 21": "cytokines",
    "Kuerec2024_posthoc | dNAD giving half-maximal 6MWT gain | day 60": "a walking test",
    "IOM1998 | MeNAM cut-offs | 24 h": "a reference limit, seen in nobody",
    "SC_IM_any | PK |": "says that no data exist",
    "deGuia2019_aerobic | NAMPT protein | 12 wk": "a protein",
    "iNAMPT_meta2023 | NAMPT |": "a protein",
}
NO_METABOLITE_STUDIES = ("Fukamizu2022_placebo", "Fukamizu2022_NMN")


@pytest.fixture(scope="module")
def studies() -> tuple[Study, ...]:
    return read_studies(ROOT / "studies")


def test_schema_file_is_current() -> None:
    assert (ROOT / "studies" / "study.schema.json").read_text(encoding="utf-8") == schema_json(), (
        "run `nadflux validate --schema > studies/study.schema.json`"
    )


def test_the_example_of_the_readme_reads() -> None:
    text = (ROOT / "studies" / "README.md").read_text(encoding="utf-8")
    example = text.split("```yaml\n")[1].split("```")[0]
    assert len(parse_study(example).observations) == 5


def test_every_field_is_in_the_readme() -> None:
    """What the schema of an observation adds to the plain words must be explained."""
    text = (ROOT / "studies" / "README.md").read_text(encoding="utf-8")
    plain = {"arm", "observable", "matrix", "value", "sd", "source", "note", "reason", "bound", "statistic"}
    names = {field.alias or name for name, field in Observation.model_fields.items()} - plain
    assert [name for name in sorted(names) if f"`{name}" not in text] == []


def test_shipped_folder_is_found() -> None:
    assert any(file.suffix == ".yaml" for file in published_folder().iterdir())


def test_every_fact_stands_in_a_study_file(studies: tuple[Study, ...], shared_dir: Path) -> None:
    known = {
        fact.strip() for study in studies for row in study.observations for fact in row.facts if not _of_mice(fact)
    }
    with (shared_dir / "data" / "human_trials.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    keys = {_key(row): row for row in rows}
    missing = [
        key
        for key, row in keys.items()
        if row["matrix"] not in NO_NAD_METABOLITE
        and row["study_id"] not in NO_METABOLITE_STUDIES
        and key not in NOT_AN_OUTCOME
        and key not in known
    ]
    assert not missing
    assert not known - set(keys), "a study file points to a fact that is not in the table"


def test_recalled_facts_are_shown_and_never_scored(studies: tuple[Study, ...], shared_dir: Path) -> None:
    with (shared_dir / "data" / "human_trials.csv").open(encoding="utf-8") as file:
        tiers: dict[str, set[str]] = {}
        for row in csv.DictReader(file):
            tiers.setdefault(_key(row), set()).add(row["known_by"])
    for study in studies:
        for row in study.observations:
            for fact in row.facts:
                assert _of_mice(fact) or row.tier in tiers[fact.strip()], f"{study.id}: {fact}"
            if row.tier == "recalled":
                assert not row.is_scored


def test_numbers_are_those_of_the_table(studies: tuple[Study, ...], shared_dir: Path) -> None:
    """A numeric observation repeats a number of its fact, so that a slip of the pen shows."""
    with (shared_dir / "data" / "human_trials.csv").open(encoding="utf-8") as file:
        texts: dict[str, str] = {}
        for row in csv.DictReader(file):
            texts[_key(row)] = texts.get(_key(row), "") + " " + " ".join(str(cell) for cell in row.values())
    for study in studies:
        for row in study.observations:
            numeric = isinstance(row.value, float) and row.value and row.kind != "bound"
            if numeric and row.facts and not _of_mice(row.facts[0]):
                text = texts[row.facts[0].strip()]
                assert f"{row.value:g}" in text or f"{row.value}" in text, f"{study.id}: {row.value}"


def test_a_sensible_part_is_held_out(studies: tuple[Study, ...]) -> None:
    uses = [study.use for study in studies for row in study.observations if row.is_scored]
    assert 0.3 <= uses.count("validation") / len(uses) <= 0.9


def test_every_scored_row_can_be_traced(studies: tuple[Study, ...]) -> None:
    for study in studies:
        for row in study.observations:
            assert row.facts or row.source, f"{study.id}: a row without its fact or a source of its own"


def test_facts_of_mice_stand_in_the_table_and_outside_the_totals(studies: tuple[Study, ...], shared_dir: Path) -> None:
    with (shared_dir / "data" / "nad_parameters.csv").open(encoding="utf-8") as file:
        table = {f"nad:{row['id']}": row for row in csv.DictReader(file)}
    rows = [(study.id, row) for study in studies for row in study.observations for fact in row.facts if _of_mice(fact)]
    assert {study for study, _ in rows} == {
        f"mouse_{what}" for what in ("NAMPT_loss", "CD38_loss", "PARP1_loss", "NA_bolus")
    }
    for study, row in rows:
        fact = table[row.facts[0]]
        assert fact["species"] == "mouse" and not row.is_scored, study
        assert row.tier == fact["known_by"] or (row.kind == "sign" and row.tier == "read"), study


def _of_mice(fact: str) -> bool:
    return fact.startswith("nad:")


def _key(row: dict[str, str]) -> str:
    return f"{row['study_id']} | {row['analyte']} | {row['time_of_sample']}".strip()
