"""What a file of the media folder is, and what is made of it for a network.

Measured from its bytes, never guessed from its name.
"""

from somos_social.media.fingerprints import fingerprint
from somos_social.media.folder import MediaFolder
from somos_social.media.locating import locate
from somos_social.media.memory import MOST_MEMORY
from somos_social.media.pictures import MOST_PIXELS

__all__ = ["MOST_MEMORY", "MOST_PIXELS", "MediaFolder", "fingerprint", "locate"]
