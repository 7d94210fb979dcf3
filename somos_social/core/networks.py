"""The networks on which influencers post, of which we publish to some ourselves."""

from collections.abc import Mapping

from somos_social.core.limits import LIMITS

ANY = "any"
"""Where a hand-off names no network: the influencer chooses."""

NETWORKS: Mapping[str, str] = {
    **{name: limits.name for name, limits in LIMITS.items()},
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "threads": "Threads",
    "linkedin": "LinkedIn",
    "bluesky": "Bluesky",
    "telegram": "Telegram",
    "whatsapp": "WhatsApp",
    "twitch": "Twitch",
    "web": "Web",
}
"""How each is called."""
