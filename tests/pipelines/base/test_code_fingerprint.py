"""Which code a backtest was made by: what makes its parts, and nothing else."""

from __future__ import annotations

import pytest

from faultline.pipelines.base.code_fingerprint import ROOT, code_digest, modules_of

MAKER = '''"""Makes parts."""
from typing import TYPE_CHECKING

from .features import blocks
from .models.learning import learn

if TYPE_CHECKING:
    from .words import Words


def make(size):
    """Make a part."""
    from .late import LAST

    return learn(size) + LAST
'''


@pytest.fixture
def package(tmp_path):
    files = {
        "maker.py": MAKER,
        "features/blocks.py": "from ..deep import DEPTH\n",
        "models/learning.py": "def learn(size):\n    return size  # rows\n",
        "deep.py": "import faultline.deeper\n\nDEPTH = 1\n",
        "deeper.py": "FAR = 1\n",
        "late.py": "LAST = 2\n",
        "words.py": "class Words:\n    pass\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def after(package, name, old, new):
    """Whether a change leaves the digest as it was."""
    before = code_digest(package / "maker.py", root=package)
    text = (package / name).read_text(encoding="utf-8")
    assert old in text
    (package / name).write_text(text.replace(old, new), encoding="utf-8")
    return code_digest(package / "maker.py", root=package) == before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("maker.py", "+ LAST", "- LAST"),
        ("models/learning.py", "return size", "return 2 * size"),
        ("deep.py", "DEPTH = 1", "DEPTH = 2"),
        ("deeper.py", "FAR = 1", "FAR = 2"),
        ("late.py", "LAST = 2", "LAST = 3"),
    ],
)
def test_a_changed_line_in_what_makes_the_parts_is_other_code(package, name, old, new):
    assert not after(package, name, old, new)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("maker.py", "Make a part.", "Make one part, whole."),
        ("models/learning.py", "# rows", "# of a design"),
        ("words.py", "pass", "said = 1"),
    ],
)
def test_words_and_unrelated_modules_are_not(package, name, old, new):
    assert after(package, name, old, new)


@pytest.mark.parametrize(
    ("maker", "covered", "apart"),
    [
        ("engine.py", "pipelines/learn/train.py", "pipelines/backtest/tables.py"),
        ("engine.py", "models/probabilities/boosting.py", "pipelines/backtest/deaths.py"),
        ("deaths.py", "models/distributions/pool.py", "pipelines/backtest/engine.py"),
    ],
)
def test_both_backtests_are_made_by_what_they_run(maker, covered, apart):
    files = modules_of(ROOT / "pipelines" / "backtest" / maker)
    assert {ROOT / "pipelines" / "backtest" / maker, ROOT / covered} <= set(files)
    assert ROOT / apart not in files
