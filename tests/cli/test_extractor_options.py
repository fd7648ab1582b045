"""The options that choose an extractor: what goes over the network, what is printed, which exit code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy
from click.testing import CliRunner, Result

from incidentgraph.cli import cli
from incidentgraph.errors import EndpointError, UsageError
from llm_endpoint import REPORT, Endpoint, answer, fails, says, serve

KEY = "sk-secret-0123456789"


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    for name in ("URL", "MODEL", "KEY"):
        monkeypatch.delenv(f"INCIDENTGRAPH_LLM_{name}", raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serve() as running:
        running.will(says(answer()))
        yield running


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in ("one", "two", "three"):
        text = f"{REPORT.text} So says report {name}."
        (folder / f"{name}.json").write_text(json.dumps({"text": text, "published": "2024-03-06"}), encoding="utf-8")
    return folder


def run(*arguments: str | Path, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], env=env)


def test_extract_with_a_language_model(endpoint: Endpoint, articles: Path) -> None:
    result = run(
        *("extract", articles, "--extractor", "llm", "--llm-url", endpoint.url, "--llm-model", "tiny-1"),
        *("--llm-price", "1", "2"),
        env={"INCIDENTGRAPH_LLM_KEY": KEY},
    )
    assert result.exit_code == 0
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [item["extractor"] for item in found] == ["llm-1:tiny-1"] * 3
    assert [item["attacks"][0]["killed"][0]["low"] for item in found] == [12] * 3
    assert "language model tiny-1: 3 requests; 3,000 tokens in, 600 out" in result.stderr
    assert "cost 0.0042" in result.stderr
    assert endpoint.asked[0].headers["Authorization"] == f"Bearer {KEY}"
    assert KEY not in result.output


def test_build_keeps_who_read_it_and_asks_no_second_time(endpoint: Endpoint, articles: Path, tmp_path: Path) -> None:
    env = {"INCIDENTGRAPH_LLM_URL": endpoint.url, "INCIDENTGRAPH_LLM_MODEL": "tiny-1"}
    build = ("build", articles, "--out", tmp_path / "out", "--extractor", "llm")
    result = run(*build, env=env)
    assert result.exit_code == 0, result.output
    assert '"llm-1:tiny-1"' in (tmp_path / "out" / "graph.ttl").read_text(encoding="utf-8")
    again = run(*build, env=env)
    assert "3 unchanged" in again.output
    assert "language model" not in again.output
    assert len(endpoint.asked) == 3


def test_articles_beyond_the_budget_are_named(endpoint: Endpoint, articles: Path, tmp_path: Path) -> None:
    endpoint.will(says(answer(), usage=(9000, 1000)))
    result = run(
        *("build", articles, "--out", tmp_path / "out", "--extractor", "llm", "--llm-budget", "25000"),
        *("--llm-url", endpoint.url, "--llm-model", "tiny-1"),
    )
    assert result.exit_code == 3
    assert "2 read, 0 unchanged, 1 skipped" in result.output
    assert "skipped: two: left out" in result.output
    assert "1 article left out" in result.output


def test_answers_are_kept_in_a_folder(endpoint: Endpoint, articles: Path, tmp_path: Path) -> None:
    options = ("--extractor", "llm", "--llm-url", endpoint.url, "--llm-model", "m", "--llm-cache", tmp_path / "kept")
    first, second = (run("extract", articles, *options) for _ in range(2))
    assert first.stdout == second.stdout
    assert len(endpoint.asked) == 3
    assert "0 requests; 3 answers from the cache" in second.stderr


def test_a_wrong_key_is_one_line_and_still_no_key_is_shown(endpoint: Endpoint, articles: Path) -> None:
    endpoint.will(fails(401, f"wrong key {KEY}"))
    result = run(
        *("extract", articles, "--extractor", "llm", "--llm-url", endpoint.url, "--llm-model", "m"),
        env={"INCIDENTGRAPH_LLM_KEY": KEY},
    )
    assert isinstance(result.exception, EndpointError)
    assert KEY not in str(result.exception) + result.output
    assert len(endpoint.asked) == 1


def test_nothing_is_asked_unless_the_extractor_is_chosen(endpoint: Endpoint, articles: Path) -> None:
    env = {"INCIDENTGRAPH_LLM_URL": endpoint.url, "INCIDENTGRAPH_LLM_MODEL": "tiny-1", "INCIDENTGRAPH_LLM_KEY": KEY}
    assert run("extract", articles, env=env).exit_code == 0
    assert endpoint.asked == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--llm-url", "http://127.0.0.1/v1"), "--llm-url goes with --extractor llm"),
        (("--llm-cache", "x"), "--llm-cache goes with --extractor llm"),
        (("--extractor", "llm"), "needs --llm-url"),
        (("--spacy-pipeline", "en_core_web_nowhere"), "no spaCy pipeline"),
    ],
)
def test_a_wrong_call_is_said_before_anything_is_read(
    endpoint: Endpoint, articles: Path, options: tuple[str, ...], told: str
) -> None:
    result = run("extract", articles, *options)
    assert isinstance(result.exception, UsageError)
    assert told in str(result.exception)
    assert result.stdout == ""


@pytest.mark.parametrize("value", [("--llm-budget", "0"), ("--llm-timeout", "0"), ("--llm-price", "1", "-1")])
def test_numbers_that_mean_nothing_are_a_wrong_call(articles: Path, value: tuple[str, ...]) -> None:
    assert run("extract", articles, "--extractor", "llm", *value).exit_code == 2


def test_an_own_spacy_pipeline(articles: Path, tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "report two"}])  # type: ignore[attr-defined]
    nlp.to_disk(tmp_path / "own")
    result = run("extract", articles / "two.json", "--extractor", "rules", "--spacy-pipeline", tmp_path / "own")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["extractor"] == "rules-1+en_pipeline-0.0.0"
    assert "report two" in {entity["name"] for entity in found["entities"]}


def test_evaluate_takes_the_same_options(endpoint: Endpoint, articles: Path, tmp_path: Path) -> None:
    options = ("--extractor", "llm", "--llm-url", endpoint.url, "--llm-model", "tiny-1")
    (tmp_path / "gold.jsonl").write_text(run("extract", articles, *options).stdout, encoding="utf-8")
    result = run("evaluate", "--gold", tmp_path / "gold.jsonl", "--json", *options)
    assert json.loads(result.stdout)["scores"]["attacks"]["f1"] == 1.0
    assert "language model tiny-1: 3 requests" in result.stderr
