"""The client, against a server that misbehaves in the ways that servers do."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from incidentgraph.errors import EndpointError
from incidentgraph.extract.llm.client import ChatClient, Dialect, RequestFailed, TimedOut
from llm_endpoint import Endpoint, Planned, fails, says

from .conftest import KEY

ASK = [{"role": "system", "content": "Read."}, {"role": "user", "content": "…"}]
SCHEMA: dict[str, Any] = {"type": "object"}


@pytest.fixture
def client(endpoint: Endpoint, waits: list[float]) -> ChatClient:
    return ChatClient(url=endpoint.url, model="tiny-1", key=KEY, timeout=10.0, sleep=waits.append)


def test_a_busy_server_is_asked_again_after_as_long_as_it_says(
    endpoint: Endpoint, client: ChatClient, waits: list[float]
) -> None:
    endpoint.will(fails(429, "slow down", Retry_After="7"), fails(503), Planned(b"", drop=True), says("{}"))
    assert client.ask(ASK, schema=SCHEMA).text == "{}"
    assert waits == [7.0, 10.0, 30.0]


@pytest.mark.parametrize(("stated", "wait"), [("100000", 60.0), ("tomorrow", 2.0), ("-5", 2.0), ("0", 0.0)])
def test_no_server_makes_it_wait_for_long(
    endpoint: Endpoint, client: ChatClient, waits: list[float], stated: str, wait: float
) -> None:
    endpoint.will(fails(429, Retry_After=stated), says("{}"))
    client.ask(ASK, schema=SCHEMA)
    assert waits == [wait]


def test_after_four_tries_it_is_enough(endpoint: Endpoint, client: ChatClient, waits: list[float]) -> None:
    endpoint.will(fails(500, "out of memory"))
    with pytest.raises(RequestFailed, match=r"HTTP 500: out of memory"):
        client.ask(ASK, schema=SCHEMA)
    assert len(endpoint.asked) == 4
    assert len(waits) == 3


def test_silence_has_an_end(endpoint: Endpoint) -> None:
    endpoint.will(says("{}", wait=30.0))
    client = ChatClient(url=endpoint.url, model="m", key=None, timeout=0.1, sleep=lambda _: None)
    started = time.monotonic()
    with pytest.raises(TimedOut, match=r"within 0\.1 seconds"):
        client.ask(ASK, schema=SCHEMA)
    assert time.monotonic() - started < 10
    assert len(endpoint.asked) == 4


def test_so_has_a_reply_that_comes_byte_by_byte(endpoint: Endpoint) -> None:
    endpoint.will(Planned(b" " * 1000, drips=True))
    client = ChatClient(url=endpoint.url, model="m", key=None, timeout=0.2, sleep=lambda _: None)
    started = time.monotonic()
    with pytest.raises(TimedOut):
        client.ask(ASK, schema=SCHEMA)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (fails(401, "bad key"), r"refuses the key in INCIDENTGRAPH_LLM_KEY \(HTTP 401: bad key\)"),
        (fails(403), "refuses the key"),
        (fails(404, "model not found"), r"no model 'tiny-1' \(HTTP 404: model not found\)"),
        (fails(402), "no credit left"),
        (fails(429, "pay first", code="insufficient_quota"), "no credit left"),
        (fails(307, Location="http://127.0.0.1:1/v1/chat/completions"), "leads elsewhere"),
    ],
)
def test_what_no_second_request_can_mend_ends_it_at_once(
    endpoint: Endpoint, client: ChatClient, waits: list[float], reply: Planned, told: str
) -> None:
    endpoint.will(reply)
    with pytest.raises(EndpointError, match=told):
        client.ask(ASK, schema=SCHEMA)
    assert (len(endpoint.asked), waits) == (1, [])


def test_a_redirect_gets_no_key(endpoint: Endpoint, client: ChatClient) -> None:
    endpoint.will(fails(302, Location=f"{endpoint.url}/elsewhere"), says("{}"))
    with pytest.raises(EndpointError):
        client.ask(ASK, schema=SCHEMA)
    assert len(endpoint.asked) == 1


def test_without_a_key_a_server_that_wants_one_is_explained(endpoint: Endpoint) -> None:
    endpoint.will(fails(401))
    with pytest.raises(EndpointError, match="asks for a key: set INCIDENTGRAPH_LLM_KEY"):
        ChatClient(url=endpoint.url, model="m", key=" ", timeout=5).ask(ASK, schema=SCHEMA)


def test_nobody_there_is_said_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(EndpointError, match=rf"http://127\.0\.0\.1:{port}/chat/completions cannot be reached"):
        ChatClient(url=f"http://127.0.0.1:{port}", model="m", key=None, timeout=5).ask(ASK, schema=SCHEMA)


def test_a_server_without_tls_is_not_talked_to(endpoint: Endpoint) -> None:
    url = endpoint.url.replace("http://", "https://")
    with pytest.raises(EndpointError, match=r"cannot be reached .*SSL"):
        ChatClient(url=url, model="m", key=None, timeout=5, sleep=lambda _: None).ask(ASK, schema=SCHEMA)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Welcome</html>",
        b"",
        b"[]",
        b"null",
        b'{"choices": []}',
        b'{"choices": [{"message": null}]}',
        b'{"choices": [{"message": {"content": null}}]}',
        b'{"choices": [{"message": {"content": ["a"]}}]}',
        b'{"choices": [{"message": {"content": "\xff\xfe"}}]}',
        b"\xff\xfe\x00",
        b"[" * 200_000,
    ],
)
def test_a_reply_that_is_no_chat_completion_is_one_failed_request(
    endpoint: Endpoint, client: ChatClient, body: bytes
) -> None:
    endpoint.will(Planned(body))
    with pytest.raises(RequestFailed, match="the endpoint's reply"):
        client.ask(ASK, schema=SCHEMA)


def test_a_reply_without_end_is_cut_off(endpoint: Endpoint, client: ChatClient) -> None:
    endpoint.will(Planned(b" " * 8_100_000))
    with pytest.raises(RequestFailed, match="without end"):
        client.ask(ASK, schema=SCHEMA)


def test_a_refusal_is_told(endpoint: Endpoint, client: ChatClient) -> None:
    endpoint.will(Planned(b'{"choices": [{"message": {"content": null, "refusal": "I would rather\\nnot"}}]}'))
    with pytest.raises(RequestFailed, match="the model refuses: I would rather not"):
        client.ask(ASK, schema=SCHEMA)


@pytest.mark.parametrize("usage", ["null", '{"prompt_tokens": "many"}', '{"prompt_tokens": -5}', "{}"])
def test_odd_counts_of_tokens_are_none(endpoint: Endpoint, client: ChatClient, usage: str) -> None:
    endpoint.will(Planned(f'{{"choices": [{{"message": {{"content": "x"}}}}], "usage": {usage}}}'.encode()))
    assert client.ask(ASK, schema=SCHEMA).prompt_tokens is None


def test_what_a_server_says_cannot_steer_the_terminal_or_show_the_key(endpoint: Endpoint, client: ChatClient) -> None:
    endpoint.will(fails(401, f"\x1b[2J\x07{KEY}\n" + "long " * 500))
    with pytest.raises(EndpointError) as caught:
        client.ask(ASK, schema=SCHEMA)
    told = str(caught.value)
    assert told.isprintable()
    assert KEY not in told
    assert len(told) < 500


# --- servers that take less -------------------------------------------------------------------------------------------


def test_a_server_without_schemas_is_asked_for_json_then_for_text(endpoint: Endpoint, client: ChatClient) -> None:
    refused = fails(400, "response_format is not supported")
    endpoint.will(refused, refused, says("{}"))
    client.ask(ASK, schema=SCHEMA)
    client.ask(ASK, schema=SCHEMA)
    forms = [asked.body.get("response_format", {}).get("type") for asked in endpoint.asked]
    assert forms == ["json_schema", "json_object", None, None]  # the second article is not refused again
    told = [asked.messages[0]["content"] for asked in endpoint.asked]
    assert ['{"type": "object"}' in words for words in told] == [False, True, True, True]
    assert ASK[0]["content"] == "Read."


def test_fields_that_a_model_does_not_take_are_left_off(endpoint: Endpoint, client: ChatClient) -> None:
    endpoint.will(
        fails(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
        fails(400, "'temperature' does not support 0"),
        fails(422, "seed: extra fields not permitted"),
        says("{}"),
    )
    client.ask(ASK, schema=SCHEMA)
    body = endpoint.asked[-1].body
    assert set(body) == {"model", "messages", "stream", "max_completion_tokens", "response_format"}
    assert body["response_format"]["type"] == "json_schema"


def test_what_is_refused_in_any_form_is_one_failed_request(endpoint: Endpoint, client: ChatClient) -> None:
    endpoint.will(fails(400, "no"))
    with pytest.raises(RequestFailed, match="refuses the request: HTTP 400: no"):
        client.ask(ASK, schema=SCHEMA)
    assert len(endpoint.asked) == 3
    endpoint.will(says("{}"))
    client.ask(ASK, schema=SCHEMA)
    assert endpoint.asked[-1].body["response_format"]["type"] == "json_schema"  # nothing was learnt from that


def test_a_text_too_long_for_the_model_is_no_matter_of_form() -> None:
    assert Dialect().without("HTTP 400: context_length_exceeded; maximum context length is 8192 tokens") is None


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("", "/v1/chat/completions"),
        ("/", "/v1/chat/completions"),
        ("/chat/completions", "/v1/chat/completions"),
        ("?api-version=1", "/v1/chat/completions?api-version=1"),
    ],
)
def test_the_address_may_be_given_with_or_without_its_end(endpoint: Endpoint, given: str, path: str) -> None:
    endpoint.will(says("{}"))
    ChatClient(url=endpoint.url + given, model="m", key=None, timeout=5).ask(ASK, schema=SCHEMA)
    assert endpoint.asked[0].path == path
