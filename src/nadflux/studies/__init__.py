"""Published studies, one file each, and the model's predictions compared with them."""

from __future__ import annotations

from nadflux.studies.published.published import published_folder, schema_json
from nadflux.studies.published.read import parse_study, read_studies, read_study

__all__ = ["parse_study", "published_folder", "read_studies", "read_study", "schema_json"]
