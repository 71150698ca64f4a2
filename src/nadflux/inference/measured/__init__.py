"""A person known by their own measurements: described people, weighted by how well they agree with them."""

from nadflux.inference.measured.reading import MeasuredValue, read_measured
from nadflux.inference.measured.simulate import simulate_measured
from nadflux.inference.measured.weights import Weights, chosen_by_weight, weights_of

__all__ = ["MeasuredValue", "Weights", "chosen_by_weight", "read_measured", "simulate_measured", "weights_of"]
