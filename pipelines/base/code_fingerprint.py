"""Which code a result was made by: a module and all that it imports of this package, without words about it.

Imports are read from the source, not run. Docstrings, comments, layout and imports for type checkers alone leave the
digest as it is; a changed line in a module that is reached, be it through others, does not.
"""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["code_digest", "modules_of"]

#: The root of the repository, which is the package.
ROOT = Path(__file__).parents[2]
_PACKAGE = "faultline"


def code_digest(maker: Path, *, root: Path = ROOT) -> str:
    """SHA-256 of a module and of all that it imports of the package.

    Parameters
    ----------
    maker
        File of the module.
    root
        Folder of the package.
    """
    digest = hashlib.sha256()
    for file, bare in sorted(modules_of(maker, root=root).items()):
        digest.update(f"{file.relative_to(root).as_posix()}\n{bare}\n".encode())
    return digest.hexdigest()


def modules_of(maker: Path, *, root: Path = ROOT) -> dict[Path, str]:
    """Files of the module and of all that it imports of the package, each with its code as the parser reads it."""
    found: dict[Path, str] = {}
    todo = [maker]
    while todo:
        file = todo.pop()
        if file not in found:
            found[file], imports = _read(file.read_text(encoding="utf-8"))
            todo += _files(imports, file, root)
    return found


@cache  # most modules are reached from every maker
def _read(text: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    """Code without words about it, and what it imports of the package: folders up (0: the root), and dotted name."""
    tree = ast.fix_missing_locations(_Bare().visit(ast.parse(text)))
    return ast.unparse(tree), tuple(_imported(tree))


class _Bare(ast.NodeTransformer):
    """Takes out what no result depends on: docstrings and imports for type checkers."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            return None
        return node

    def visit_If(self, node: ast.If) -> ast.AST | None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return None
        return self.generic_visit(node)


def _imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((0, name.name.removeprefix(f"{_PACKAGE}.")) for name in node.names if _ours(name.name))
        elif isinstance(node, ast.ImportFrom) and (node.level or _ours(node.module or "")):
            inside = node.module or "" if node.level else (node.module or "").removeprefix(_PACKAGE).lstrip(".")
            # what is imported is a name of the module, or a module of the package
            yield node.level, inside
            yield from ((node.level, f"{inside}.{name.name}".lstrip(".")) for name in node.names)


def _files(imports: Iterable[tuple[int, str]], file: Path, root: Path) -> Iterator[Path]:
    for up, dotted in imports:
        base = file.parents[up - 1] if up else root
        module = base.joinpath(*dotted.split(".")).with_suffix(".py") if dotted else base / "__init__.py"
        if module.is_file():
            yield module


def _ours(name: str) -> bool:
    return name == _PACKAGE or name.startswith(f"{_PACKAGE}.")
