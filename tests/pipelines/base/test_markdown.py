"""Tables of Markdown: a header, its rule and a line a row, whatever the cells hold."""

from faultline.pipelines.base.markdown import fill, give_page, table_lines


def test_a_table_is_a_header_its_rule_and_a_line_a_row():
    rows = ((month, month / 2) for month in (1, 2))
    assert table_lines(("month", "half"), rows) == ["| month | half |", "| --- | --- |", "| 1 | 0.5 |", "| 2 | 1.0 |"]


def test_a_bar_within_a_cell_ends_none():
    assert table_lines(("rule",), [("a|b",)])[2] == "| a\\|b |"


def test_a_table_without_rows_is_its_header():
    assert table_lines(iter(("a", "b")), []) == ["| a | b |", "| --- | --- |"]


def test_a_script_writes_its_page_to_the_file_that_is_named_or_prints_it(tmp_path, monkeypatch, capsys):
    page = "\n".join(["# Coups", "", *fill("post-coup " * 20)]) + "\n"
    assert max(map(len, page.splitlines())) <= 120
    assert "post-\n" not in page  # a word stays whole
    monkeypatch.setattr("sys.argv", ["page.py"])
    give_page(lambda: page, "Makes a page.")
    assert capsys.readouterr().out == page
    monkeypatch.setattr("sys.argv", ["page.py", "--write", str(tmp_path / "page.md")])
    give_page(lambda: page, "Makes a page.")
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == page
