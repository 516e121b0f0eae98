"""A conversation's sound comes over a real wire, in pieces, and is kept whole or not at all."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from ivr.wire import Carrier, CarrierError
from recordings.archive import Archive, Limits, NotKept
from recordings.wav import wav

ACCOUNT, TOKEN, ID = "AC" + "a" * 32, "t" * 32, "0" * 32
SOUND = wav(bytes(2 * 8000 * 30))


class Carriage(WSGIRequestHandler):
    """A server that says nothing."""

    def log(self, *_: object) -> None:
        """Nothing."""


def answer(request: Request) -> Response:
    """What a carrier may answer, by the last letter of the recording's id."""
    if request.authorization is None or request.authorization.password != TOKEN:
        return Response(status=401)
    match request.path.removesuffix(".wav")[-1]:
        case "1":
            return Response(SOUND, content_type="audio/x-wav")
        case "2":
            return Response(status=302, headers={"Location": request.path.replace("2.wav", "1.wav")})
        case "3":
            return Response(SOUND[:-1000], content_type="audio/x-wav")
        case "4":
            return Response((bytes(65_536) for _ in range(100_000)), content_type="audio/x-wav")
    return Response(status=404)


@pytest.fixture(scope="module")
def carrier() -> Iterator[Carrier]:
    server = make_server("127.0.0.1", 0, Request.application(answer), threaded=True, request_handler=Carriage)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield Carrier(ACCOUNT, TOKEN, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


def sid(number: int) -> str:
    return f"RE{number:032x}"


def test_it_is_kept_as_it_comes_and_sealed(carrier: Carrier, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "kept")
    kept = carrier.keep_recording(sid(1), lambda pieces: archive.keep(ID, pieces))
    assert (kept.length_s, kept.size, kept.digest) == (30.0, len(SOUND), hashlib.sha256(SOUND).hexdigest())
    assert archive.file(ID).read_bytes() == SOUND


@pytest.mark.parametrize(
    ("number", "error"),
    [(2, CarrierError), (3, NotKept), (4, NotKept), (5, CarrierError)],
    ids=["led elsewhere", "cut off", "without end", "not there"],
)
def test_what_is_not_whole_or_comes_from_elsewhere_leaves_nothing(
    carrier: Carrier, tmp_path: Path, number: int, error: type[Exception]
) -> None:
    archive = Archive(tmp_path / "kept")
    with pytest.raises(error):
        carrier.keep_recording(sid(number), lambda pieces: archive.keep(ID, pieces, Limits(1_000_000, 600)))
    assert list((tmp_path / "kept").iterdir()) == []
