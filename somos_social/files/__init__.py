"""Campaign files and their media become core values, or every problem of all of them at once."""

from somos_social.files.campaigns import Reading, read, read_campaign, read_campaigns

__all__ = ["Reading", "read", "read_campaign", "read_campaigns"]
