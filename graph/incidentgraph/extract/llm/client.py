"""Messages in, a model's reply out, over any endpoint that speaks OpenAI's `/chat/completions`.

The standard library does it: one POST of JSON at a time, no streams, no cookies. Redirects are refused, since the key
would go along.
"""

from __future__ import annotations

import http.client
import json
import re
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from email.message import Message as Headers
from typing import IO, Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

from incidentgraph.errors import EndpointError, UsageError
from incidentgraph.extract.llm.prompt import Message, visible
from incidentgraph.extract.options import KEY_VARIABLE

SEED = 20_240_229  # any number will do, as long as it is always the same
ANSWER_TOKENS = 8_192  # what most endpoints allow; an article of 1,000 words needs some 6,000
_WAITS = (2.0, 10.0, 30.0)  # seconds before the second, third and fourth try
_LONGEST_WAIT = 60.0
_LARGEST_REPLY = 8_000_000
_TOLD = 300  # characters of what a server says that are shown
_TRY_AGAIN = frozenset((408, 409, 425, 429, 500, 502, 503, 504, 529))
_WRONG_REQUEST = frozenset((400, 413, 415, 422, 501))


class RequestFailed(Exception):  # noqa: N818 - what became of it
    """One request had no usable reply; the next may have."""


class TimedOut(RequestFailed):
    """No reply came in time, though the model may have worked on one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    text: str
    prompt_tokens: int | None
    completion_tokens: int | None
    is_cut_off: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """Which optional fields a server takes; where it refuses one, it is asked without."""

    form: str = "json_schema"  # then json_object, then none
    limit: str = "max_tokens"  # then max_completion_tokens, then none
    temperature: bool = True
    seed: bool = True

    def without(self, refusal: str) -> Dialect | None:
        """Return the dialect to try after a refusal in these words, None if there is nothing left to leave off."""
        said = refusal.lower()
        if re.search(r"context[ _]?(?:length|window|size)", said) and "max_" not in said:
            return None
        if "max_tokens" in said and self.limit == "max_tokens":
            return replace(self, limit="max_completion_tokens")
        if ("max_tokens" in said or "max_completion_tokens" in said) and self.limit:
            return replace(self, limit="")
        if "temperature" in said and self.temperature:
            return replace(self, temperature=False)
        if re.search(r"\bseed\b", said) and self.seed:
            return replace(self, seed=False)
        if self.form:
            return replace(self, form="json_object" if self.form == "json_schema" else "")
        return None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Headers, newurl: str
    ) -> None:
        del req, fp, code, msg, headers, newurl


class ChatClient:
    """Asks one model at one endpoint. What the server is found not to take is left off for the rest of the run."""

    def __init__(
        self,
        *,
        url: str,
        model: str,
        key: str | None,
        timeout: float,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = _checked(url)
        self.model = model
        self.shown = urlunsplit(parts._replace(query=""))  # for messages
        self._url = urlunsplit(parts)
        self._key = _clean_key(key)
        self._timeout = timeout
        self._sleep = sleep
        self._dialect = Dialect()
        self._opener = urllib.request.build_opener(_NoRedirects())

    def ask(self, messages: Sequence[Message], *, schema: Mapping[str, Any]) -> Reply:
        """Return the reply; EndpointError if no other request can do better, RequestFailed if only this one failed."""
        dialect: Dialect | None = self._dialect
        refusal = ""
        while dialect is not None:
            try:
                reply = self._reply(self._payload(messages, schema, dialect))
            except _Refused as error:
                refusal = str(error)
                dialect = dialect.without(refusal)
            else:
                self._dialect = dialect
                return reply
        raise RequestFailed(f"the endpoint refuses the request: {refusal}")

    def _payload(self, messages: Sequence[Message], schema: Mapping[str, Any], dialect: Dialect) -> dict[str, Any]:
        payload: dict[str, Any] = {"model": self.model, "stream": False, "messages": list(messages)}
        if dialect.temperature:
            payload["temperature"] = 0
        if dialect.seed:
            payload["seed"] = SEED
        if dialect.limit:
            payload[dialect.limit] = ANSWER_TOKENS
        if dialect.form == "json_schema":
            named = {"name": "reading", "strict": True, "schema": schema}
            payload["response_format"] = {"type": "json_schema", "json_schema": named}
            return payload
        if dialect.form:
            payload["response_format"] = {"type": dialect.form}
        told = f"\nAnswer with one JSON object, and nothing else, that fits this JSON schema:\n{json.dumps(schema)}"
        payload["messages"][0] = {**messages[0], "content": messages[0]["content"] + told}
        return payload

    def _reply(self, payload: Mapping[str, Any]) -> Reply:
        data = json.dumps(payload).encode("ascii")
        for wait in (*_WAITS, None):
            try:
                return self._read_reply(self._post(data))
            except _Busy as error:
                if wait is None:
                    raise error.failed from error
                self._sleep(wait if error.wait is None else min(error.wait, _LONGEST_WAIT))
        raise AssertionError

    def _post(self, data: bytes) -> bytes:
        headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "incidentgraph"}
        if self._key is not None:
            headers["Authorization"] = f"Bearer {self._key}"
        request = urllib.request.Request(self._url, data=data, headers=headers, method="POST")  # noqa: S310 - see _checked
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                return self._body(response)
        except urllib.error.HTTPError as error:
            with error:
                raise self._status_error(error) from error
        except urllib.error.URLError as error:
            raise self._connection_error(error.reason) from error
        except (OSError, http.client.HTTPException) as error:
            raise self._connection_error(error) from error

    def _body(self, response: IO[bytes]) -> bytes:
        """Return the body; a server that sends a byte now and then is cut off at the same limit of time."""
        end = time.monotonic() + self._timeout
        out = bytearray()
        while part := response.read1(65_536):  # type: ignore[attr-defined]  # HTTPResponse has it, IO does not
            out += part
            if len(out) > _LARGEST_REPLY:
                raise RequestFailed("the endpoint sends without end")
            if time.monotonic() > end:
                raise TimeoutError
        return bytes(out)

    def _status_error(self, error: urllib.error.HTTPError) -> Exception:
        try:
            body = error.read(65_536)
        except (OSError, http.client.HTTPException):
            body = b""
        said = self._safe(_said(body))
        told = f"HTTP {error.code}{f': {said}' if said else ''}"
        if 300 <= error.code < 400:
            return EndpointError(f"{self.shown} leads elsewhere ({told}); give --llm-url the address itself")
        if error.code in {401, 403}:
            why = f"refuses the key in {KEY_VARIABLE}" if self._key else f"asks for a key: set {KEY_VARIABLE}"
            return EndpointError(f"{self.shown} {why} ({told})")
        if error.code == 402 or "insufficient_quota" in said:
            return EndpointError(f"{self.shown} says that there is no credit left ({told})")
        if error.code in {404, 405}:
            return EndpointError(f"{self.shown} has no chat completions or no model {self.model!r} ({told})")
        if error.code in _WRONG_REQUEST:
            return _Refused(told)
        if error.code in _TRY_AGAIN:
            return _Busy(RequestFailed(f"the endpoint is busy or broken ({told})"), _seconds(error.headers))
        return RequestFailed(f"the endpoint answers {told}")

    def _connection_error(self, reason: object) -> Exception:
        if isinstance(reason, TimeoutError):
            return _Busy(TimedOut(f"no answer from the endpoint within {self._timeout:g} seconds"), None)
        said = self._safe(visible(str(getattr(reason, "strerror", None) or reason or type(reason).__name__)))
        if isinstance(reason, ssl.SSLCertVerificationError):
            return EndpointError(f"{self.shown} has no certificate that can be trusted ({said})")
        if isinstance(reason, (ConnectionResetError, BrokenPipeError, http.client.HTTPException)):
            return _Busy(RequestFailed(f"the endpoint broke off ({said})"), None)
        return EndpointError(f"{self.shown} cannot be reached ({said})")

    def _read_reply(self, body: bytes) -> Reply:
        try:
            data = json.loads(body)  # UTF-8, or what its first bytes say, as JSON has it
            choice = data["choices"][0]
            message = choice["message"]
            content, refusal = message.get("content"), message.get("refusal")
            finish = choice.get("finish_reason")
            usage = data.get("usage") or {}
            tokens = [usage.get(name) for name in ("prompt_tokens", "completion_tokens")]
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
            begin = self._safe(visible(body[:80].decode("utf-8", "replace")))
            raise RequestFailed(f"the endpoint's reply is no chat completion; it begins {begin!r}") from error
        if refusal or finish == "content_filter":
            raise RequestFailed(f"the model refuses: {self._safe(visible(str(refusal or 'content filter')))}")
        if not isinstance(content, str):
            raise RequestFailed("the endpoint's reply has no text")
        counts = [count if isinstance(count, int) and count >= 0 else None for count in tokens]
        return Reply(text=content, prompt_tokens=counts[0], completion_tokens=counts[1], is_cut_off=finish == "length")

    def _safe(self, text: str) -> str:
        """Return what a server says, short and without the key, should it repeat it."""
        text = text.replace(self._key, "…") if self._key else text
        return text[:_TOLD]


class _Refused(Exception):  # noqa: N818
    """The server does not take the request as it is worded."""


class _Busy(Exception):  # noqa: N818
    """Worth another try after a while; `failed` if all tries are used up."""

    def __init__(self, failed: RequestFailed, wait: float | None) -> None:
        super().__init__(str(failed))
        self.failed = failed
        self.wait = wait


def _checked(url: str) -> SplitResult:
    """Return the address of the chat completions; UsageError if it is none that can be used."""
    try:
        parts = urlsplit(url.strip())
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 80) > 0
    except ValueError:
        is_address = False
    if not is_address or not url.isascii() or any(character.isspace() for character in url.strip()):
        raise UsageError(f"--llm-url is no http or https address: {url!r}")
    if parts.username or parts.password:
        raise UsageError(f"--llm-url must not hold a name or password; the key belongs into {KEY_VARIABLE}")
    path = parts.path.rstrip("/")
    if not path.endswith("/chat/completions"):
        path += "/chat/completions"
    return parts._replace(path=path, fragment="")


def _clean_key(key: str | None) -> str | None:
    key = (key or "").strip()
    if not key:
        return None
    if not (key.isascii() and key.isprintable()):
        raise UsageError(f"{KEY_VARIABLE} holds characters that no key has")
    return key


def _said(body: bytes) -> str:
    """Return the message in an error reply, in whichever of the usual places it is."""
    text = body.decode("utf-8", "replace")
    try:
        data = json.loads(text)
        error = data.get("error", data) if isinstance(data, dict) else data
        if isinstance(error, dict):
            parts = [error.get(name) for name in ("code", "message", "detail", "param")]
            text = "; ".join(str(part) for part in parts if part)
        elif isinstance(error, str):
            text = error
    except (ValueError, RecursionError):
        pass
    return visible(text)


def _seconds(headers: Headers) -> float | None:
    value = headers.get("Retry-After", "")
    return float(value) if re.fullmatch(r"\d{1,6}(?:\.\d+)?", value or "") else None
