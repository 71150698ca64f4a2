"""Sources of a run: its numbers, doses, studies and rules; BibTeX that has each DOI once."""

from __future__ import annotations

import pytest

import nadflux as nf
from nadflux.analysis.citations import DOI


@pytest.fixture(scope="module")
def run() -> nf.Run:
    return nf.simulate("woman, 62 y", "NAM 500 mg oral once", n=1, outputs=["plasma_nam"])


def test_sources_are_of_what_was_used(run: nf.Run) -> None:
    found = run.citations()
    by_kind = {one.kind: one for one in found.sources}
    assert set(by_kind) == {"number", "dose", "study"} and found.assumed > 0
    doses = [name for one in found.sources if one.kind == "dose" for name in one.used_for]
    assert "NAM oral" in doses and not any("NMN" in name for name in doses)
    studies = {name for one in found.sources if one.kind == "study" for name in one.used_for}
    assert "Dragovic1995" in studies
    priors = nf.simulate("woman, 62 y", "NAM 500 mg oral once", n=1, outputs=["plasma_nam"], posterior="none")
    assert not any(one.kind == "study" for one in priors.citations().sources)


def test_bibtex_has_every_doi_once(run: nf.Run) -> None:
    found = run.citations()
    text = found.bibtex()
    assert text.count("@misc{") == len(found.dois) == len(set(found.dois)) and text.count("@software{") == 1
    assert all(DOI.fullmatch(doi) and doi.count("(") == doi.count(")") for doi in found.dois)
    assert "10.1016/0167-8140(95)01581-z" in found.dois
    assert "https://doi.org/10." in str(found) and "<a href=" in found._repr_html_()
