"""The memory that a video of one gigabyte costs while it goes up, above an idle program. Linux."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from somos_social import media, settings, wiring
from somos_social.core.model.asset import Asset, Kind
from somos_social.core.model.delivery import Delivery
from somos_social.core.model.post import Format, Variant

GIB = 1024**3
STRETCH = 16 * 1024**2
AIM = 64
WAYS = {
    "facebook:benchmark": (Format.FEED, GIB),
    "instagram:benchmark": (Format.REEL, GIB),
    "x:benchmark": (Format.FEED, GIB // 2),  # X takes no more
}
ORIGINS = (
    "https://graph.facebook.com",
    "https://graph-video.facebook.com",
    "https://rupload.facebook.com",
    "https://api.x.com",
)
KEYS = {
    "facebook": ['page_id = "1"', 'token = "env:T"'],
    "instagram": ['user_id = "1"', 'token = "env:T"'],
    "x": [
        f'{name} = "env:T"'
        for name in ("api_key", "api_secret", "access_token", "access_token_secret")
    ],
}


class Sink(BaseHTTPRequestHandler):
    """The three networks, as far as an upload goes: they take all that comes, and keep nothing."""

    protocol_version = "HTTP/1.1"
    size = 0
    taken = 0

    def do_POST(self) -> None:
        left = int(self.headers.get("Content-Length", 0))
        type(self).taken += left
        while left:
            left -= len(self.rfile.read(min(left, 1024 * 1024)))
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        start = min(self.taken // STRETCH * STRETCH, self.size)
        start = self.size if self.taken >= self.size else start
        told = {
            "id": "7",
            "video_id": "7",
            "upload_session_id": "8",
            "success": True,
            "status_code": "FINISHED",
            "start_offset": str(start),
            "end_offset": str(min(start + STRETCH, self.size)),
            "data": {"id": "7"},
        }
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def sink(size: int) -> Iterator[str]:
    Sink.size, Sink.taken = size, 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def prepare(config: Path, channel: str) -> None:
    """In a process of its own: prints by how many bytes its peak grew."""
    format, size = WAYS[channel]
    loaded = settings.load(config, {"T": "secret"})
    video = Asset(
        path="big.mp4",
        sha256="0" * 64,
        kind=Kind.VIDEO,
        mime="video/mp4",
        size=size,
        width=540,
        height=960,
    )
    now = datetime.now(UTC)
    delivery = Delivery(
        key="k",
        campaign="c",
        post="p",
        channel=channel,
        due_at=now,
        run_at=now,
        expires_at=now,
        grace=timedelta(0),
        variant=Variant(text="Somos lo mismo.", format=format, assets=(video,)),
    )
    platform = wiring.Platforms(loaded)(channel)
    idle = kilobytes("VmRSS")
    # From here on the peak is counted anew: importing had one of its own.
    Path("/proc/self/clear_refs").write_text("5")
    media.fingerprint(loaded.media_root, video.path)
    platform.prepare(delivery, None)
    print((kilobytes("VmHWM") - idle) * 1024)


def kilobytes(figure: str) -> int:
    """Of this process: VmRSS is its memory now, VmHWM the most that it had."""
    lines = Path("/proc/self/status").read_text().splitlines()
    [found] = [line for line in lines if line.startswith(f"{figure}:")]
    return int(found.split()[1])


def measure(channel: str) -> None:
    _, size = WAYS[channel]
    with tempfile.TemporaryDirectory() as name, sink(size) as url:
        folder = Path(name)
        (folder / "media").mkdir()
        with (folder / "media" / "big.mp4").open("wb") as file:
            file.truncate(size)
        rebase = [f'"{origin}" = "{url}"' for origin in ORIGINS]
        lines = ["[rebase]", *rebase, "[[channel]]", f'name = "{channel}"']
        config = folder / "config.toml"
        config.write_text("\n".join([*lines, *KEYS[channel.partition(":")[0]]]) + "\n")
        command = [sys.executable, __file__, str(config), channel]
        done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - ourselves
        grown = int(done.stdout)
        sent = Sink.taken
    if sent < size:
        sys.exit("The video did not arrive.")
    print(
        f"{channel:20} {size / GIB:.1f} GiB: {grown / 1024**2:5.1f} MiB above idle, "
        f"{size / max(grown, 1):6.0f} times less than the file (aim: under {AIM} MiB)"
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        prepare(Path(sys.argv[1]), sys.argv[2])
    else:
        for each in WAYS:
            measure(each)
