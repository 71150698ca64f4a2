"""People: described persons, cohorts, and draws of what is not known of them."""

from nadflux.people.cohort import Cohort, Distribution, Traits, assumed_traits, draw_traits
from nadflux.people.draws import Draws, draw
from nadflux.people.person import Person
from nadflux.people.posterior import Posterior

__all__ = ["Cohort", "Distribution", "Draws", "Person", "Posterior", "Traits", "assumed_traits", "draw", "draw_traits"]
