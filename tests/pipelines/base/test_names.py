"""Names from elsewhere stay in their folder."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultline.features.errors import SourceError
from faultline.pipelines.base.names import inside


@pytest.mark.parametrize("name", ["issue=2026-06", "ged261-csv.zip", "GEDEvent_v25_0_12.csv", "Ségou"])
def test_a_name_is_a_path_in_the_folder(name):
    assert inside(Path("folder"), name, file="made") == Path("folder", name)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../a", "a/../../b", "/etc/passwd", r"..\a", "C:a", "a\0", "a\n", ".hidden", 201 * "a"]
)
def test_what_is_no_name_is_refused_and_where_it_stands_is_told(name):
    with pytest.raises(SourceError, match=r"made: .* is no name"):
        inside(Path("folder"), name, file="made")


@given(st.text(alphabet=st.sampled_from("./\\ab:=\0"), max_size=8))
def test_no_name_leads_out(name):
    try:
        path = inside(Path("/folder"), name, file="made")
    except SourceError:
        return
    assert path.resolve().parent == Path("/folder")
