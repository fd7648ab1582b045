"""An OpenAI-compatible endpoint on this machine that answers as a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from incidentgraph.records import Article

REPORT = Article(
    id="report",
    published="2024-03-06",
    outlet="Harbour Wire",
    text=(
        "Gunmen attacked the village of Gajiram in Borno state on Tuesday, killing at least 12 farmers, police said.\n\n"
        "Boko Haram claimed responsibility for the attack in a statement. The group said its “soldiers”  had won."
    ),
)


def quote(words: str, sentence: int = 1) -> dict[str, Any]:
    return {"words": words, "sentence": sentence}


def entity(local: str, kind: str, *names: str, **given: Any) -> dict[str, Any]:
    spelled = [{"words": name, "sentences": []} for name in names]
    return {"id": local, "type": kind, "group_kind": None, "names": spelled, "references": []} | given


def attack(local: str = "a1", **given: Any) -> dict[str, Any]:
    return {
        "id": local,
        "kinds": ["armed_assault"],
        "status": "occurred",
        "role": "main",
        "count": 1,
        "trigger": quote("attacked"),
        "perpetrators": [],
        "targets": [],
        "victims": [],
        "places": [],
        "date": None,
        "weapons": [],
        "figures": [],
        "further_sentences": [],
    } | given


def claim(local: str = "c1", **given: Any) -> dict[str, Any]:
    return {
        "id": local,
        "kind": "responsibility",
        "speaker": {"entity": "e3", "quote": quote("Boko Haram", 2)},
        "about": "a1",
        "cue": quote("claimed", 2),
        "content": quote("responsibility for the attack", 2),
        "channel": None,
        "stated": None,
        "perpetrators": [],
        "figures": [],
    } | given


def figure(words: str, sentence: int = 1, **given: Any) -> dict[str, Any]:
    return {"harm": "killed", "quote": quote(words, sentence), "side": "victim", "according_to": None} | given


def answer(**given: Any) -> dict[str, Any]:
    """Return a right answer about REPORT, with parts of it replaced."""
    return {
        "entities": [
            entity("e1", "Location", "Gajiram"),
            entity("e2", "Location", "Borno state", "Borno"),
            entity("e3", "Group", "Boko Haram", group_kind="armed_group", references=[quote("The group", 3)]),
        ],
        "attacks": [
            attack(
                perpetrators=[{"entity": "e3", "quote": quote("Boko Haram", 2), "status": "claimed"}],
                targets=[{"entity": None, "quote": quote("the village")}],
                victims=[{"entity": None, "quote": quote("farmers")}],
                places=[
                    {"entity": "e1", "quote": quote("Gajiram")},
                    {"entity": "e2", "quote": quote("Borno state")},
                ],
                date=quote("on Tuesday"),
                figures=[figure("at least 12 farmers")],
            )
        ],
        "claims": [claim()],
        "relations": [],
    } | given


@dataclass(frozen=True)
class Planned:
    """One reply: after `wait` seconds, never if `drop`, byte by byte if `drips`."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    drop: bool = False
    drips: bool = False


def says(
    content: object, *, finish: str = "stop", usage: tuple[int, int] | None = (1000, 200), **given: Any
) -> Planned:
    """Return a chat completion with this content: text as it is, anything else as JSON."""
    text = content if isinstance(content, str) else json.dumps(content)
    data: dict[str, Any] = {"choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": finish}]}
    if usage is not None:
        data["usage"] = {"prompt_tokens": usage[0], "completion_tokens": usage[1]}
    return Planned(json.dumps(data).encode(), **given)


def fails(status: int, message: str = "", *, code: str | None = None, **headers: str) -> Planned:
    body = json.dumps({"error": {"message": message, "code": code}}).encode()
    return Planned(body, status=status, headers={name.replace("_", "-"): value for name, value in headers.items()})


@dataclass(frozen=True)
class Asked:
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def messages(self) -> list[dict[str, str]]:
        messages: list[dict[str, str]] = self.body["messages"]
        return messages


class Endpoint:
    """What the test told the server to answer, in order (the last goes on), and what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[Asked] = []
        self._planned: list[Planned] = []
        self.over = threading.Event()

    def will(self, *planned: Planned) -> None:
        self._planned = list(planned)

    def next(self) -> Planned:
        return self._planned.pop(0) if len(self._planned) > 1 else self._planned[0]


@contextmanager
def serve() -> Iterator[Endpoint]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            endpoint.asked.append(Asked(self.path, dict(self.headers), json.loads(body)))
            planned = endpoint.next()
            if planned.wait:
                endpoint.over.wait(planned.wait)
            self.close_connection = True
            if planned.drop:
                return
            try:
                self.send_response(planned.status)
                for name, value in planned.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(planned.body)))
                self.end_headers()
                for part in (
                    [planned.body[i : i + 1] for i in range(len(planned.body))] if planned.drips else [planned.body]
                ):
                    self.wfile.write(part)
                    if planned.drips:
                        endpoint.over.wait(0.02)
            except OSError:
                pass  # the client has hung up

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    endpoint = Endpoint(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
