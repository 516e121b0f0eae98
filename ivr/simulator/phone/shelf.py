"""Shelf: the sounds that telephones are given to play, by a name that says nothing of where they came from."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict

_TYPE = re.compile(r"audio/[\w.+-]{1,60}", re.ASCII)
SIZE_MAX = 64 * 1024 * 1024
SOUND_MAX = 20 * 1024 * 1024


class Shelf:
    """Bytes by name; the longest untouched go when there is no more room. Touched under the network's lock only."""

    def __init__(self) -> None:
        self._sounds: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self._names: dict[str, str] = {}
        self._size = 0

    def put(self, sound: bytes, content_type: str = "audio/wav", known_as: str = "") -> str:
        """Keep a sound and return its name; empty when it is too large. `known_as`: where it may be asked for."""
        content_type = content_type if _TYPE.fullmatch(content_type) else "application/octet-stream"
        if not sound or len(sound) > SOUND_MAX:
            return ""
        name = hashlib.sha256(sound).hexdigest()[:32]
        if name not in self._sounds:
            self._sounds[name] = (content_type, sound)
            self._size += len(sound)
        self._sounds.move_to_end(name)
        if known_as:
            self._names[known_as] = name
        while self._size > SIZE_MAX:
            gone, (_, old) = self._sounds.popitem(last=False)
            self._size -= len(old)
            self._names = {url: name for url, name in self._names.items() if name != gone}
        return name

    def name_of(self, known_as: str) -> str:
        """The name of a sound; empty when it is not here (any more)."""
        return self._names.get(known_as, "")

    def get(self, name: str) -> tuple[str, bytes] | None:
        """Type and bytes of a sound."""
        return self._sounds.get(name)
