"""Where articles come from: files, folders and standard input -> RawItem."""

from __future__ import annotations

from incidentgraph.sources.base import Source
from incidentgraph.sources.documents import MAX_BYTES
from incidentgraph.sources.files import FileSource, FolderSource, StdinSource, open_sources

__all__ = ["MAX_BYTES", "FileSource", "FolderSource", "Source", "StdinSource", "open_sources"]
