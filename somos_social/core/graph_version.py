"""Which version of Meta's Graph API this program speaks, and when Meta retires each one."""

from collections.abc import Mapping
from datetime import UTC, datetime

IN_USE = "v26.0"
"""The newest version in service in November 2026."""

RETIREMENTS: Mapping[str, datetime] = {
    "v21.0": datetime(2027, 1, 21, tzinfo=UTC),
    "v22.0": datetime(2027, 5, 20, tzinfo=UTC),
    "v23.0": datetime(2027, 10, 8, tzinfo=UTC),
    "v24.0": datetime(2028, 2, 18, tzinfo=UTC),
    "v25.0": datetime(2028, 7, 29, tzinfo=UTC),
}
"""From developers.facebook.com/docs/graph-api/changelog/versions, read in November 2026.

The newest version has no such day yet: Meta names it when the next one appears, two years ahead.
"""
