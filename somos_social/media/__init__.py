"""What a file of the media folder is, and what is made of it for a network.

Measured from its bytes, never guessed from its name.
"""

from somos_social.media.fingerprints import fingerprint
from somos_social.media.folder import MediaFolder
from somos_social.media.locating import locate
from somos_social.media.memory import MOST_MEMORY
from somos_social.media.pictures import MOST_PIXELS
from somos_social.media.previews import preview
from somos_social.media.renditions import FOLDER as RENDITIONS
from somos_social.media.renditions import Progress, is_made, path_of, rendition, sweep
from somos_social.media.sidecar import Depicted, depicted, people_named
from somos_social.media.stills import Still, still

__all__ = [
    "MOST_MEMORY",
    "MOST_PIXELS",
    "RENDITIONS",
    "Depicted",
    "MediaFolder",
    "Progress",
    "Still",
    "depicted",
    "fingerprint",
    "is_made",
    "locate",
    "path_of",
    "people_named",
    "preview",
    "rendition",
    "still",
    "sweep",
]
