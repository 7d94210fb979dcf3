"""somos_social: schedules and publishes a campaign, and can always say what went out."""

__version__ = "0.1.0"
