"""Writes docs/limits.md from the limits that `somos check` reads.

Run from the top of the repository: `python scripts/write_limits.py`.
"""

from pathlib import Path

from somos_social.core.figures import as_page

if __name__ == "__main__":
    Path("docs/limits.md").write_text(as_page(), encoding="utf-8")
