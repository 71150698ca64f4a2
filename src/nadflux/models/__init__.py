"""Models from anywhere as objects: load, change, simulate, scan, dose, analyse and fit them."""

from nadflux.models.model import Model

__all__ = ["Model"]
