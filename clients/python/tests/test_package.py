"""The package as it is installed."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import assize

PROJECT = Path(__file__).parents[1]


def test_the_wheel_has_the_package_with_its_types_and_nothing_else(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=PROJECT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name == f"assize-{assize.__version__}-py3-none-any.whl"
    sources = {f"assize/{path.name}" for path in (PROJECT / "src" / "assize").iterdir() if path.is_file()}
    assert "assize/py.typed" in sources
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == sources
