"""What revision did and may do, as the brief says it of a country."""

import numpy as np
import pandas as pd
import pytest

from faultline.pipelines.issue.revisions import REVISED
from faultline.pipelines.report import write_brief
from faultline.pipelines.report.catalogues import LANGUAGES
from faultline.pipelines.report.revisions import revision_sentences
from faultline.pipelines.report.wording import Wording

SPAN = (pd.Period("2026-01", "M"), pd.Period("2026-05", "M"), 5)
REVISIONS = pd.DataFrame(
    [
        ("AAA", 2025, 1200.0, 1620.0, 0.8, 2.1, *SPAN, 500, 410.4, 880.0),
        ("BBB", 2025, 0.0, 0.0, np.nan, np.nan, *SPAN, 3, np.nan, np.nan),
    ],
    columns=list(REVISED),
)


def test_it_is_told_with_the_figures_and_nothing_is_told_of_what_is_not_known():
    told = revision_sentences(REVISIONS, Wording.of("en"))
    assert told == {
        "AAA": (
            "In 2025 UCDP's final count was 1.35 times that of its candidate releases (candidates 1,200, final 1,620).",
            "Single months with 10 deaths or more were revised to between 0.8 and 2.1 times.",
            (
                "The 5 provisional months (January to May 2026) count 500 deaths so far. Revised as other countries' "
                "counts of this size were in 2025, their final count would lie between 410 and 880 (90% range)."
            ),
        ),
        "BBB": (),
    }


def test_one_month_is_told_as_one():
    one = REVISIONS[:1].assign(end=REVISIONS["start"], months=1)
    assert "The 1 provisional month (January 2026) counts" in revision_sentences(one, Wording.of("en"))["AAA"][-1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_brief_says_it_of_the_country_alone(make, tmp_path, lang):
    html = write_brief(make(revised=REVISIONS), tmp_path / "b.html", lang=lang).read_text(encoding="utf-8")
    for sentence in revision_sentences(REVISIONS, Wording.of(lang))["AAA"]:
        assert sum(html.count(form) for form in {sentence, sentence.replace("'", "\\u0027")}) == 1
