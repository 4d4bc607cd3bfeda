"""MLflow's served models, from code and texts.

`ServedModel` is the one name that every logged model imports: it stays here, whatever else moves.
"""

from .served_model import ServedModel

__all__ = ["ServedModel"]
