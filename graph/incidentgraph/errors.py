"""The errors this package raises.

IncidentGraphError
├── UsageError          the call itself is wrong (exit code 2)
├── ResourceError       a file that ships with the package is missing or damaged
├── ExtensionError      an extension file of the user is wrong; nothing of it is used
├── ReadError           one item could not be read; the run skips it and goes on
├── ExtractError        one article could not be extracted; the run skips it and goes on
├── SourceUnavailable   a source named by the user cannot be opened; the run goes on without it
├── EndpointError       a service that the user named (a language model) cannot be used
├── StoreError          an output folder is not ours, is damaged or cannot be written
└── QueryError          a SPARQL query is wrong or not allowed
"""

from __future__ import annotations


class IncidentGraphError(Exception):
    """Root of all errors that are reported to the user in one line."""


class UsageError(IncidentGraphError):
    """The command or function was called wrongly."""


class ResourceError(IncidentGraphError):
    """A file that ships with the package is missing or damaged."""


class ExtensionError(IncidentGraphError):
    """An extension file is wrong: the message names the file, the entry and what is the matter with it."""


class ItemError(IncidentGraphError):
    """One input item failed; `item` is the name that the user knows it by."""

    def __init__(self, item: str, reason: str) -> None:
        super().__init__(f"{item}: {reason}")
        self.item = item
        self.reason = reason

    def __reduce__(self) -> tuple[type[ItemError], tuple[str, str]]:
        return (type(self), (self.item, self.reason))  # pickled as it is made, not as it is printed


class ReadError(ItemError):
    """One item could not be read as an article."""


class ExtractError(ItemError):
    """One article could not be extracted."""


class SourceUnavailable(ItemError):  # noqa: N818 - the name says what is the matter, as in the design
    """A source named by the user does not exist or cannot be opened."""


class EndpointError(IncidentGraphError):
    """The endpoint of a language model refuses the key, is not there or does not answer."""


class StoreError(IncidentGraphError):
    """An output folder is not ours, is damaged or cannot be written."""


class QueryError(IncidentGraphError):
    """A SPARQL query is malformed or asks for what is not allowed."""
