"""The study files that ship with nadflux, and the schema file beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from nadflux.errors import StudyError

if TYPE_CHECKING:
    from nadflux.studies.published.schema import Study

SCHEMA_FILE = "study.schema.json"


def published_folder() -> Path:
    """Return the folder of the shipped study files.

    That is ``files/`` inside the installed package, or ``studies/`` of a source checkout.

    Raises
    ------
    StudyError
        If neither exists.
    """
    here = Path(__file__).resolve()
    for folder in (here.parent / "files", here.parents[4] / "studies"):
        if folder.is_dir():
            return folder
    raise StudyError("the shipped study files are not here; give a study file or a folder of them")


def schema_json() -> str:
    """Return the study schema as JSON Schema (draft 2020-12) text, the content of ``studies/study.schema.json``."""
    from nadflux.studies.published.schema import Study

    document = Study.model_json_schema(by_alias=True)
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "nadflux study file",
        **{key: value for key, value in document.items() if key != "title"},
    }
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def shipped_calibration() -> tuple[Study, ...]:
    """Return the shipped studies for calibration."""
    from nadflux.studies.published.read import read_studies

    return tuple(study for study in read_studies(published_folder()) if study.use == "calibration")
