"""Answers kept on disk, so that the same article, prompt and model need no second request."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from incidentgraph.errors import StoreError


class AnswerCache:
    """A folder with one file for each answer, named by what was asked; without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        if folder is not None:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(f"{folder} cannot be written: {error.strerror or error}") from error

    def get(self, key: str) -> str | None:
        """Return the answer kept under a key; one that cannot be read is as good as none."""
        if self._folder is None:
            return None
        try:
            return (self._folder / f"{key}.json").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def put(self, key: str, answer: str) -> None:
        """Keep an answer. A disk that fills up costs the next run a request, and must not cost this one its work."""
        if self._folder is None:
            return
        half = self._folder / f"{key}.{os.getpid()}.tmp"
        with contextlib.suppress(OSError):
            half.write_text(answer, encoding="utf-8", errors="replace")
            half.replace(self._folder / f"{key}.json")
