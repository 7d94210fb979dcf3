"""Makes a picture of one frame of a film, as the film is shown: what stands for it."""

from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from somos_social.core.model.asset import Fit
from somos_social.media.films import FORMATS, moving
from somos_social.media.picture_making import write_jpeg

if TYPE_CHECKING:
    from av import VideoFrame


def make_still(source: Path, fit: Fit, target: IO[bytes]) -> None:
    """Writes the frame of the second that `fit` names; raises ValueError where there is none."""
    import av

    second = fit.frame or 0.0
    with av.open(str(source), "r", options={"format_whitelist": FORMATS}) as film:
        stream = moving(film)
        if stream is None:
            raise ValueError("no moving picture")
        begin = (film.start_time or 0) / av.time_base
        film.seek(round((begin + second) * av.time_base))
        frame = None
        for frame in film.decode(stream):
            if frame.time is None or frame.time >= begin + second:
                break
        if frame is None:
            raise ValueError("no frame at that second")
        aspect = float(stream.sample_aspect_ratio or 1)
        write_jpeg(_shown(frame, aspect), fit, target)


def _shown(frame: "VideoFrame", aspect: float) -> Any:
    """The frame as a player shows it."""
    picture = frame.to_image(width=round(frame.width * aspect), height=frame.height)  # type: ignore[no-untyped-call]
    return picture.rotate(frame.rotation, expand=True) if frame.rotation else picture
