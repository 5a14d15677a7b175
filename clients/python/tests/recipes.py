"""The pieces of code in a document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def recipe(document: Path, heading: str, language: str) -> str:
    """The only piece in this language below this heading."""
    (code,) = [code for where, name, code in pieces(document) if (where, name) == (heading, language)]
    return code


def headings(document: Path, language: str) -> list[str]:
    """The headings below which there are pieces in this language."""
    return [where for where, name, _ in pieces(document) if name == language]


def pieces(document: Path) -> Iterator[tuple[str, str, str]]:
    """Each piece of code, with the heading above it and its language."""
    heading, language, code = "", None, ""
    for line in document.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("```") and language is None:
            language, code = line[3:].strip(), ""
        elif line.startswith("```"):
            yield heading, language or "", code
            language = None
        elif language is not None:
            code += line
        elif line.startswith("#"):
            heading = line.lstrip("#").strip()
