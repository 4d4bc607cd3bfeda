"""A fitted model of either kind back from its texts, by the installed code: nothing that came with it is run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lightgbm.basic import LightGBMError

from ...features.errors import SchemaError
from ..kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..distributions.model import DeathsModel
    from ..probabilities.risk import RiskModel

__all__ = ["model_from_texts"]


def model_from_texts(texts: Mapping[str, str], *, described: str) -> RiskModel | DeathsModel:
    """Bring a model back from what its ``texts`` gave.

    Parameters
    ----------
    texts
        By file name; ``model.json`` says of which kind it is.
    described
        What the model is, for the error.

    Raises
    ------
    SchemaError
        If they are not the texts of a model that this version of the package reads.
    """
    try:
        head = json.loads(texts["model.json"])
        (kind,) = (kind for kind in KINDS if kind.mark in head)
        return kind.model.from_texts(texts)
    except SchemaError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, LightGBMError) as error:
        msg = f"the model {described} cannot be read ({type(error).__name__}: {error})."
        raise SchemaError(msg, remedy="It is damaged, or of another version of faultline.") from error
