"""Campaign files and their media become core values, or every problem of all of them at once."""

from somos_social.files.campaigns import Reading, read, read_campaign, read_campaigns
from somos_social.files.desk import Pictured

__all__ = ["Pictured", "Reading", "read", "read_campaign", "read_campaigns"]
