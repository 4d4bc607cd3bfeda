"""What the sentences say that MLflow's UI shows."""

from faultline.pipelines.track.descriptions import of_experiment, of_run


def test_backtests_are_told_from_campaigns():
    assert of_experiment("country-deaths-backtest").startswith("Backtests of deaths, by country")
    above = of_run("region-violence-backtest", "backtest 2018 to 2025", {"faultline.kind": "backtest"}, {"seed": 0})
    assert above == (
        "The backtest 2018 to 2025 for regions, with its page and tables; under it a run for each forecaster of each "
        "target."
    )
    tags = {"faultline.kind": "forecaster", "faultline.target": "violence_25", "faultline.forecaster": "pool"}
    below = of_run("region-violence-backtest", "violence_25: pool", tags, {"seed": 0})
    assert below == "The pool of violence_25 for regions: its scores in a backtest, by stratum and horizon."
