"""Makes tests/models/serving/kept/models.zip: two small models as MLflow lays them down, with rows and its answers.

Run as ``python tests/made_kept_models.py FILE``. The file in the tests stays as it was made, so that they see when a
later layout of the package no longer opens what an earlier one logged; it is made anew only when the texts of models
change on purpose.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import made_panels
import made_stores
import mlflow

from faultline.features.blocks.build import build_features
from faultline.models.distributions.model import DeathsModel
from faultline.models.distributions.pool import SAMPLE_POOL
from faultline.models.serving.deaths import deaths_signature
from faultline.models.serving.probabilities import serving_signature
from faultline.models.serving.served_model import LOGGED
from faultline.pipelines.jobs.panel_export import panel_rows

_MADE = (1980, 1, 1, 0, 0, 0)


def lay_down(folder, name, model, signature, rows):
    """Save a model below a folder, with rows and its answers."""
    with TemporaryDirectory() as temporary:
        texts = Path(temporary) / "texts"
        texts.mkdir()
        for file, text in model.texts().items():
            (texts / file).write_text(text, encoding="utf-8")
        mlflow.pyfunc.save_model(
            folder / name,
            python_model=str(LOGGED),
            artifacts={"model": str(texts)},
            signature=signature,
            pip_requirements=["faultline"],
        )
    answers = mlflow.pyfunc.load_model(str(folder / name)).predict(rows)
    for what, table in {"rows": rows, "answers": answers}.items():
        table.to_json(folder / f"{name}-{what}.json", orient="records", double_precision=15)


def main(file):
    """Make both models and pack them."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        campaign = made_stores.made_campaign(targets=("violence_25",), horizons=(1,))
        model, panel = campaign.models["violence_25"], campaign.panel
        rows = panel_rows(model, panel, origin=panel.months[-1]).head(5)
        lay_down(folder, "probabilities", model, serving_signature(model), rows)
        panel = made_panels.made_panel(4, n_units=8, n_months=90, n_countries=4)
        features = build_features(panel)
        pool = SAMPLE_POOL.fit(panel, features, outcome="deaths", last=panel.shape[0] - 1, horizons=2)
        deaths = DeathsModel(panel.level, "deaths", features.names, pool, str(panel.months[-1]), 0)
        rows = panel_rows(deaths, panel, origin=panel.months[-1]).head(3)
        lay_down(folder, "deaths", deaths, deaths_signature(deaths), rows)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
            for path in sorted(
                path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts
            ):
                packed.writestr(zipfile.ZipInfo(path.relative_to(folder).as_posix(), _MADE), path.read_bytes(), 8)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
