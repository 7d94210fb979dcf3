"""What a file is: the figures and traits of a picture or a video, or why it is neither."""

import hashlib
import os
from io import BufferedReader
from typing import Any

from somos_social.core.model.asset import Trait
from somos_social.document import Unfit
from somos_social.media import films, pictures

Facts = dict[str, Any]
"""What of an Asset its bytes tell, by field."""

Traits = frozenset[Trait]


def measured(file: BufferedReader) -> tuple[Facts, Traits]:
    """What the bytes of a file tell; raises Unfit where they are no whole picture or video."""
    size = file.seek(0, os.SEEK_END)
    if not size:
        raise Unfit("is empty.", "Export it again.")
    file.seek(0)
    facts, traits = pictures.measured(file) or films.measured(file)
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"sha256": digest, "size": size, **facts}, traits
