"""Bytes -> text, and text -> paragraphs: encodings, characters that nobody sees, and line ends."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from incidentgraph.errors import ReadError
from incidentgraph.read.language import likely_language

_BOMS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip archive or office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "an image"),
    (b"GIF8", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
)
# Random bytes hold about 10 % control characters, text in any encoding but UTF-16 and UTF-32 almost none.
_BINARY_SHARE = 0.05
_SAMPLE = 64 * 1024  # enough to tell an encoding; charset-normalizer takes seconds for megabytes
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"

# Only encodings of text that pages declare; `unicode_escape` or `idna` would be taken at their word otherwise.
_DECLARED = re.compile(
    r"utf-?8|iso-?8859-\d+|(?:windows|cp)-?(?:125\d|874|866|932|949|950)|koi8-[ru]|macintosh|tis-620"
    r"|shift_jis|euc-(?:jp|kr)|iso-2022-jp|gb(?:2312|k|18030)|big5(?:-hkscs)?",
    re.IGNORECASE,
)

_LATIN = {
    "cp1250": ("bs", "cs", "hr", "hu", "pl", "ro", "sk", "sl", "sq"),
    "cp1254": ("az", "ku", "tr"),
    "cp1257": ("et", "lt", "lv"),
}
_OTHER_SCRIPTS = (
    "cp1251", "koi8_r", "cp1256", "cp1253", "cp1255", "cp874", "gb18030", "big5", "shift_jis", "euc_jp", "cp949",
)  # fmt: skip
_ASCII_LETTER = re.compile(rb"[A-Za-z]")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")

_LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028]")
# Layout, not letters: NUL and control characters, soft hyphen, zero-width space, joiner of words, byte order mark,
# marks of writing direction, what is no character at all. They would stand inside names and break every comparison.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
# Zero-width joiner and non-joiner are spelling in Persian, Urdu and Indic scripts and part of emoji; elsewhere noise.
_JOINERS = re.compile("(?<![\u0600-\u1cff\ua800-\uabff\ufb50-\ufdff\ufe0f-\ufeff\U0001f000-\U0001faff])[\u200c\u200d]")
_HYPHENS = re.compile("[\u2010\u2011]")  # al‑Shabaab with a hyphen that does not break is the same name
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")


def decode(data: bytes, *, name: str, declared: str | None = None) -> str:
    """Return the bytes as text; `declared` is the encoding that the document claims for itself.

    UTF-8 is believed before the claim, because text in another encoding is hardly ever valid UTF-8 by accident.
    Raises ReadError if the bytes are no text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    for start, what in _MAGIC:
        if data.startswith(start):
            raise ReadError(name, f"not text but {what}")
    if wide := _utf16(data):
        return data.decode(wide, "replace")
    head = data[:_SAMPLE]
    if len(head.translate(None, _CONTROL)) < len(head) * (1 - _BINARY_SHARE):
        raise ReadError(name, "not text but binary data")
    text = data.decode("utf-8", "surrogateescape")
    strays = len(_SURROGATES.findall(text))
    if not strays:
        return text
    proper = len(re.findall("[^\x00-\x7f\ud800-\udfff]", text))
    if proper > strays:  # UTF-8 with some bytes pasted in from elsewhere
        return _SURROGATES.sub(_stray_byte, text)
    return data.decode(_guess(data, declared), "replace")


def _utf16(data: bytes) -> str | None:
    """Return which UTF-16 the bytes are in if they have no mark: every other byte of Latin text is a NUL then."""
    head = data[:4096]
    half = len(head) // 2
    if half and head[1::2].count(0) > half * 0.7 and head[::2].count(0) < half * 0.1:
        return "utf-16-le"
    if half and head[::2].count(0) > half * 0.7 and head[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return None


def _stray_byte(match: re.Match[str]) -> str:
    return bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace")


def _guess(data: bytes, declared: str | None) -> str:
    if declared and _DECLARED.fullmatch(declared):
        folded = declared.lower()
        # As browsers do: pages that claim Latin-1 mean the Windows encoding, which has quotes and dashes as well.
        if folded in ("iso-8859-1", "iso8859-1"):
            return "cp1252"
        if folded not in ("utf-8", "utf8"):
            return folded
    telling = b"\n".join(line for line in data.splitlines() if not line.isascii())[:_SAMPLE]
    if len(_ASCII_LETTER.findall(telling)) > len(_HIGH_BYTE.findall(telling)):
        # charset-normalizer confuses the Latin encodings, which differ in a few letters only; the language does not
        # depend on these and says which of them is meant.
        language = likely_language(telling.decode("cp1252", "replace"))
        return next((encoding for encoding, languages in _LATIN.items() if language in languages), "cp1252")
    best = from_bytes(telling, cp_isolation=list(_OTHER_SCRIPTS)).best()
    return best.encoding if best else "cp1252"


def clean_characters(text: str) -> str:
    """Return the text with `\\n` as its only line end and without characters that nobody sees; all else is kept."""
    text = _LINE_END.sub("\n", text.replace("\u2029", "\n\n"))
    text = _JOINERS.sub("", _UNSEEN.sub("", text))
    return _SURROGATES.sub("\ufffd", _HYPHENS.sub("-", text))


def one_line(text: str) -> str:
    """Return the text cleaned and on one line, for titles and other metadata."""
    return " ".join(clean_characters(text).split())


def paragraphs(text: str) -> list[list[str]]:
    """Return the blocks between blank lines, each as its lines, with lines broken at a fixed width joined again."""
    blocks: list[list[str]] = []
    lines = [_SPACES.sub(" ", line).strip() for line in text.split("\n")]
    width = max((len(line) for line in lines), default=0)
    block: list[str] = []
    for line in [*lines, ""]:
        if not line:
            if block:
                blocks.append(_unwrap(block, width))
                block = []
        else:
            block.append(line)
    return blocks


# Plain text is broken at 65 to 100 columns; a text with one longer line is not broken at all.
_NARROWEST, _WIDEST = 50, 120


def _unwrap(lines: list[str], width: int) -> list[str]:
    joined = [lines[0]]
    previous = lines[0]
    for line in lines[1:]:
        first_word = line.split(" ", 1)[0]
        # Broken by force: the next word would not have fitted. Or broken in the middle of a sentence.
        forced = _NARROWEST <= width <= _WIDEST and len(previous) + 1 + len(first_word) > width
        goes_on = line[0].islower() and len(previous) >= _NARROWEST // 2 and previous[-1] not in ".!?:;…"
        if forced or goes_on:
            hyphen = previous.endswith("-") and line[0].isalpha() and not previous.endswith(" -")
            joined[-1] += line if hyphen else f" {line}"
        else:
            joined.append(line)
        previous = line
    return joined
