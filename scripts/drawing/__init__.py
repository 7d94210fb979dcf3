"""The parts draw_media.py draws with, from the sheet up to the clips."""
