"""What MLflow keeps of a model's code, copied beside its texts and run by itself: hence one import, an absolute one."""

from __future__ import annotations

from mlflow.models import set_model

from faultline.models.serving import ServedModel

set_model(ServedModel())
