"""No file outside the roots is read, written or even listed, whatever a campaign names."""

import os
import subprocess
import sys
from pathlib import Path

from tests.cli.stage import ROOT


def test_no_campaign_and_no_config_leads_out_of_its_folders(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-P", "-m", "tests.fuzz.roots", tmp_path],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert ended.stdout.strip() == ""
    assert ended.returncode == 0, ended.stderr[-3000:]
