"""Writes docs/desk.md from the rules that `somos check` reads.

Run from the top of the repository: `python scripts/write_desk.py`.
"""

from pathlib import Path

from somos_social.core.desk.page import as_page

if __name__ == "__main__":
    Path("docs/desk.md").write_text(as_page(), encoding="utf-8")
