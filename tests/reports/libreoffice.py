"""LibreOffice checks the papers: it recomputes and converts them."""

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest

# Without this setting LibreOffice shows the stored values and does not recalculate formulas.
ALWAYS_RECOMPUTE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def converted(files: Mapping[str, bytes], to: str, folder: Path) -> dict[str, bytes]:
    """The files converted to another format, by the stems of their names, in a new profile."""
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("PUAS_TEST_NO_SKIP"):
            pytest.fail("LibreOffice is not installed, and this test must not be skipped")
        pytest.skip("LibreOffice is not installed")
    profile, source, result = (folder / name for name in ("profile", "source", "result"))
    (profile / "user").mkdir(parents=True)
    (profile / "user/registrymodifications.xcu").write_text(ALWAYS_RECOMPUTE, "utf-8")
    source.mkdir()
    for name, content in files.items():
        (source / name).write_bytes(content)
    run = subprocess.run(
        [
            program,
            f"-env:UserInstallation={profile.as_uri()}",
            *("--headless", "--convert-to", to, "--outdir", str(result)),
            *map(str, sorted(source.iterdir())),
        ],
        check=True,
        capture_output=True,
        text=True,
        timeout=100,
    )
    outputs = {path.stem: path.read_bytes() for path in result.glob("*")}
    # The exit code is 0 even if the LibreOffice component for these files is not installed.
    assert outputs.keys() == {Path(name).stem for name in files}, run.stderr
    return outputs


def without_values(xlsx: bytes) -> bytes:
    """The workbook with its formulas, without their stored values."""
    stripped = BytesIO()
    with zipfile.ZipFile(BytesIO(xlsx)) as old, zipfile.ZipFile(stripped, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
            new.writestr(name, content)
    return stripped.getvalue()
