"""The bytes of one file -> RawItems: documents are passed on, collections (JSON, JSON lines, CSV) taken apart."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from incidentgraph.errors import ItemError, ReadError, SourceUnavailable
from incidentgraph.records import RawItem
from incidentgraph.sources.fields import item_from_fields

# What is held in memory at once: a whole file, or one line of a streamed one. No article and few collections of
# articles come near it; a disk image with the wrong ending does.
MAX_BYTES = 64 * 1024 * 1024

_CHUNK = 1024 * 1024


def sniff(data: bytes) -> str:
    """Return the format that the first characters of a document without an ending speak for."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith((b"{", b"[{")) or re.match(rb"\[\s*\{", head):
        # one object may be spread over lines; objects on lines of their own are one article each
        first_line = data.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 1)[0]
        return "jsonl" if first_line.rstrip().endswith(b"}") and first_line.startswith(b"{") else "json"
    if head.startswith((b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body", b"<article", b"<p", b"<div")):
        return "html"
    return "markdown" if head.startswith(b"---") else "text"


def items_in(data: bytes, *, kind: str, name: str, stem: str) -> Iterator[RawItem | ItemError]:
    """Yield the articles in the bytes of one document."""
    if kind in ("jsonl", "csv"):
        yield from items_in_stream(io.BytesIO(data), kind=kind, name=name, stem=stem)
    elif len(data) > MAX_BYTES:
        yield ReadError(name, f"larger than {MAX_BYTES // 1024**2} MiB, the limit for one file")
    elif kind == "json":
        yield from _json(data, name=name, stem=stem)
    else:
        yield RawItem(name=name, stem=stem, format=kind, data=data)


def items_in_stream(file: BinaryIO, *, kind: str, name: str, stem: str) -> Iterator[RawItem | ItemError]:
    """Yield the articles of JSON lines or a CSV table, reading them one by one."""
    start = file.read(4)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        # Spreadsheets write UTF-16, in which a line does not end with the byte 0x0A: no streaming then
        data = start + file.read(MAX_BYTES)
        if len(data) > MAX_BYTES:
            yield ReadError(name, f"UTF-16 and larger than {MAX_BYTES // 1024**2} MiB; convert it to UTF-8")
            return
        file, start = io.BytesIO(data.decode("utf-16", "replace").encode("utf-8", "replace")), b""
    lines = _lines(file, start.removeprefix(b"\xef\xbb\xbf"))
    try:
        yield from (_json_lines if kind == "jsonl" else _csv)(lines, name=name, stem=stem)
    except OSError as error:
        yield SourceUnavailable(name, reason_of(error))


def _lines(file: BinaryIO, start: bytes) -> Iterator[bytes | None]:
    """Yield each line, None for one that is larger than the limit, without ever holding such a line."""
    while True:
        # The four bytes read ahead may hold whole lines; `readline` continues the last of them.
        head, newline, start = start.partition(b"\n")
        line = head + newline if newline else head + file.readline(MAX_BYTES + 1)
        if not line:
            return
        if len(line) > MAX_BYTES and not line.endswith(b"\n"):
            while (rest := file.readline(_CHUNK)) and not rest.endswith(b"\n"):
                pass
            yield None
        else:
            yield line


def _json(data: bytes, *, name: str, stem: str) -> Iterator[RawItem | ItemError]:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        yield ReadError(name, f"not JSON: {reason_of(error)}")
        return
    if isinstance(document, dict) and isinstance(document.get("articles"), list):
        document = document["articles"]
    if not isinstance(document, list):
        yield _record(document, name=name, stem=stem)
        return
    if not document:
        yield ReadError(name, "an empty list, no article")
    for index, record in enumerate(document):
        yield _record(record, name=f"{name}[{index}]", stem=f"{stem}-{index}")


def _json_lines(lines: Iterable[bytes | None], *, name: str, stem: str) -> Iterator[RawItem | ItemError]:
    empty = True
    for number, line in enumerate(lines, 1):
        if line is not None and not line.strip():
            continue
        empty = False
        here = f"{name}:{number}"
        if line is None:
            yield ReadError(here, f"a line larger than {MAX_BYTES // 1024**2} MiB")
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield ReadError(here, f"not JSON: {reason_of(error)}")
        else:
            yield _record(record, name=here, stem=f"{stem}-{number}")
    if empty:
        yield ReadError(name, "empty, no article")


def _record(record: object, *, name: str, stem: str) -> RawItem | ItemError:
    if not isinstance(record, dict):
        return ReadError(name, "not an object with a text field")
    try:
        return item_from_fields(record, name=name, stem=stem)
    except ReadError as error:
        return error


def _csv(lines: Iterable[bytes | None], *, name: str, stem: str) -> Iterator[RawItem | ItemError]:
    # The module's own limit of 128 KiB per field is less than a long article; it can only be set for the process.
    csv.field_size_limit(MAX_BYTES)
    texts = map(_table_line, lines)  # unlike a generator it goes on after an error
    try:
        header_line = next(texts, "")
    except csv.Error as error:
        yield ReadError(name, f"not CSV: {error}")
        return
    if not header_line.strip():
        yield ReadError(name, "empty, no header line")
        return
    # Spreadsheets of many countries write semicolons, exports of databases tabs.
    delimiter = max(",;\t", key=header_line.count)
    header = next(csv.reader([header_line], delimiter=delimiter))
    rows = csv.reader(texts, delimiter=delimiter)
    empty = True
    while True:
        line = rows.line_num + 2  # of the row's first line; the header is line 1
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            empty = False
            yield ReadError(f"{name}:{line}", f"not CSV: {error}")
            continue
        if not any(cell.strip() for cell in row):
            continue
        empty = False
        if len(row) > len(header):  # an unquoted delimiter in the text: what is in which field is anyone's guess
            yield ReadError(f"{name}:{line}", f"{len(row)} fields where the header has {len(header)}")
            continue
        yield _record(dict(zip(header, row, strict=False)), name=f"{name}:{line}", stem=f"{stem}-{line}")
    if empty:
        yield ReadError(name, "no rows, no article")


def _table_line(line: bytes | None) -> str:
    if line is None:
        raise csv.Error(f"a line larger than {MAX_BYTES // 1024**2} MiB")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = line.decode("cp1252", "replace")  # what spreadsheets write where they do not write UTF-8
    return text.rstrip("\r\n").replace("\r", " ") + "\n"  # a lone return ends no row but stops the reader


def reason_of(error: Exception) -> str:
    """Return in one line why reading failed."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[:1].lower() + error.strerror[1:]
    return "nested too deeply" if isinstance(error, RecursionError) else str(error).splitlines()[0]
