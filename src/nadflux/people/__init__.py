"""People: described persons, cohorts, and draws of what is not known of them."""

from nadflux.people.cohort import Cohort, Distribution
from nadflux.people.covariates import Covariates, assumed_covariates, draw_covariates
from nadflux.people.draws import Draws, draw
from nadflux.people.person import Person
from nadflux.people.posterior import Posterior

__all__ = [
    "Cohort",
    "Covariates",
    "Distribution",
    "Draws",
    "Person",
    "Posterior",
    "assumed_covariates",
    "draw",
    "draw_covariates",
]
