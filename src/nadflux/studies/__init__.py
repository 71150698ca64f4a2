"""Published studies, one file each, and how the model's predictions stand against them."""

from __future__ import annotations

from nadflux.studies.published.published import published_folder, schema_json
from nadflux.studies.published.read import parse_study, read_studies, read_study

__all__ = ["parse_study", "published_folder", "read_studies", "read_study", "schema_json"]
