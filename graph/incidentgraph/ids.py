"""Identifiers from content: hashes, slugs and the IRIs minted from them."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote

from anyascii import anyascii

DEFAULT_BASE = "https://w3id.org/incidentgraph/id/"


def content_hash(*parts: str) -> str:
    """Return the SHA-256 of the parts, each length-prefixed, as 64 hex digits."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(f"{len(data)}:".encode())
        digest.update(data)
    return digest.hexdigest()


def slug(text: str, *, limit: int = 60) -> str:
    """Return `text` as lower-case ASCII words joined by hyphens, "x" if none are left."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"['`\u2019\u02bc]", "", anyascii(text)).lower())
    return "-".join(words)[:limit].strip("-") or "x"


def article_iri(article_id: str, *, base: str = DEFAULT_BASE) -> str:
    """Return the IRI of an article; it also names the article's graph."""
    return f"{base}article/{quote(article_id, safe='')}"


def local_iri(article: str, local: str) -> str:
    """Return the IRI of a local node, `ARTICLE#a1`, of the article with this IRI."""
    return f"{article}#{quote(local, safe='')}"
