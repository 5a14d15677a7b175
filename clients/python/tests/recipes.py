"""The pieces of code in a document."""

from __future__ import annotations

import re
from pathlib import Path

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def recipe(document: Path, heading: str, language: str) -> str:
    """The only piece in this language below this heading."""
    sections = re.split(r"^#+ ", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (section,) = [section for section in sections if section.splitlines()[:1] == [heading]]
    (code,) = [code for name, code in FENCE.findall(section) if name == language]
    return str(code)


def headings(document: Path, language: str) -> list[str]:
    """The headings below which there is a piece in this language."""
    sections = re.split(r"^#+ ", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [section.splitlines()[0] for section in sections for name, _ in FENCE.findall(section) if name == language]
