"""Examples in docstrings are run, in the modules as they are installed: by file they would be imported once more."""

from __future__ import annotations

import doctest
import importlib
import types

FOLDERS = ("features", "models", "pipelines")
_FINDER = doctest.DocTestFinder(exclude_empty=True)


def modules(root):
    """Names of the modules whose source has an example."""
    files = [root / "__init__.py", *(file for folder in FOLDERS for file in (root / folder).rglob("*.py"))]
    with_examples = [file.relative_to(root) for file in sorted(files) if ">>> " in file.read_text(encoding="utf-8")]
    return [".".join(["faultline", *file.with_suffix("").parts]).removesuffix(".__init__") for file in with_examples]


def failures(module):
    """What the examples of a module print other than they say."""
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    for test in _FINDER.find(module):
        runner.run(test, out=said.append)
    return runner.summarize(verbose=False), "".join(said)


def test_examples_in_docstrings_print_what_they_say(root, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    names = modules(root)
    assert len(names) > 5
    wrong, attempted = [], 0
    for name in names:
        result, said = failures(importlib.import_module(name))
        attempted += result.attempted
        wrong += [said] if result.failed else []
    assert attempted > 20
    assert not wrong, "\n".join(wrong)


def test_a_wrong_example_is_found():
    made = types.ModuleType("made", "Give two.\n\n>>> 1 + 1\n3\n")
    assert failures(made)[0].failed == 1
