"""The command line: what is printed, what is written, which exit code; each command through a real process or click."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from incidentgraph.cli import COMMANDS, cli
from incidentgraph.resources import root

BOMBING = "A suicide bomber killed 26 people in Maiduguri on Friday. Boko Haram claimed responsibility for the attack."
AMBUSH = "Gunmen ambushed a convoy near Gao on Saturday and killed four soldiers. JNIM claimed responsibility for the ambush."


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], input=stdin)


def process(*arguments: str | Path, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "incidentgraph", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, timeout=120, check=False)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "bombing.txt").write_text(BOMBING, encoding="utf-8")
    (folder / "ambush.txt").write_text(AMBUSH, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    (folder / "bombing.txt").write_text(BOMBING, encoding="utf-8")
    assert run("build", folder / "bombing.txt", "--out", folder / "out", "--published", "2026-02-22").exit_code == 0
    return folder / "out"


def test_build_writes_every_export_and_says_where(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("build", articles, "--out", out, "--published", "2026-02-22")
    assert result.exit_code == 0
    assert "2 attacks" in result.output
    assert str(out / "explorer.html") in result.output
    expected = {"graph.ttl", "graph.trig", "graph.nq", "graph.jsonld", "graph.graphml", "graph.gexf", "explorer.html"}
    assert expected <= {path.name for path in out.iterdir()}
    assert len(list((out / "articles").iterdir())) == 2


def test_building_twice_and_in_another_order_gives_the_same_bytes(articles: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    assert run("build", articles, "--out", one).exit_code == 0
    assert run("build", articles / "bombing.txt", articles / "ambush.txt", "--out", other).exit_code == 0
    for file in sorted(path.name for path in one.iterdir() if path.is_file()):
        assert (one / file).read_bytes() == (other / file).read_bytes(), file


def test_building_one_by_one_gives_the_same_graph(articles: Path, tmp_path: Path) -> None:
    at_once, apart = tmp_path / "at-once", tmp_path / "apart"
    run("build", articles, "--out", at_once)
    run("build", articles / "ambush.txt", "--out", apart)
    result = run("build", articles, "--out", apart)
    assert "1 read, 1 unchanged" in result.output
    assert (at_once / "graph.ttl").read_bytes() == (apart / "graph.ttl").read_bytes()


def test_a_changed_article_replaces_the_old_one(articles: Path, tmp_path: Path) -> None:
    run("build", articles, "--out", tmp_path / "out")
    (articles / "bombing.txt").write_text(BOMBING.replace("26", "31"), encoding="utf-8")
    run("build", articles, "--out", tmp_path / "out")
    turtle = (tmp_path / "out" / "graph.ttl").read_text(encoding="utf-8")
    assert "killed 31 people" in turtle
    assert "killed 26 people" not in turtle


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(articles: Path, tmp_path: Path) -> None:
    (articles / "empty.txt").write_bytes(b"")
    (articles / "picture.txt").write_bytes(bytes(range(256)) * 40)
    result = run("build", articles, tmp_path / "missing.txt", "--out", tmp_path / "out")
    assert result.exit_code == 3
    for name in ("empty.txt", "picture.txt", "missing.txt"):
        assert name in result.output
    assert "2 attacks" in result.output


def test_nothing_usable_is_exit_code_1_and_leaves_no_folder(tmp_path: Path) -> None:
    result = run("build", tmp_path / "missing.txt", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert not (tmp_path / "out").exists()


def test_a_failed_build_loses_nothing_written_before(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("build", articles, "--out", out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert run("build", tmp_path / "missing.txt", "--out", out).exit_code == 1
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_a_foreign_folder_is_refused(articles: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.doc").write_text("years of work", encoding="utf-8")
    done = process("build", articles, "--out", tmp_path / "mine")
    assert done.returncode == 1
    assert b"choose an empty folder" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["build", "x.txt"], ["build", "--out", "o"], ["query", "o"], ["nonsense"]])
def test_a_wrong_call_is_exit_code_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_bad_publication_date_is_a_wrong_call(articles: Path, tmp_path: Path) -> None:
    done = process("build", articles, "--out", tmp_path / "out", "--published", "soon")
    assert done.returncode == 2
    assert b"soon" in done.stderr


def test_standard_input_is_a_source(tmp_path: Path) -> None:
    done = process("extract", "-", stdin=BOMBING.encode())
    assert done.returncode == 0
    line = json.loads(done.stdout)
    assert line["schema"] == 1
    assert line["attacks"][0]["killed"][0]["best"] == 26


def test_extract_prints_one_object_for_each_article(articles: Path) -> None:
    done = process("extract", articles)
    ids = [json.loads(line)["article"]["id"] for line in done.stdout.splitlines()]
    assert ids == ["ambush", "bombing"]


def test_query_formats(built: Path, tmp_path: Path) -> None:
    sparql = "SELECT ?killed ?injured WHERE { ?a a ig:Attack ; ig:killedBest ?killed OPTIONAL { ?a ig:injuredBest ?injured } }"
    assert "26" in run("query", built, sparql).output
    assert run("query", built, sparql, "--format", "csv").output.splitlines() == ["killed,injured", "26,"]
    assert json.loads(run("query", built, sparql, "--format", "json").output) == [{"killed": 26, "injured": None}]
    (tmp_path / "q.rq").write_text(sparql, encoding="utf-8")
    assert "26" in run("query", built, tmp_path / "q.rq").output


@pytest.mark.parametrize("sparql", ["SELECT ?x WHERE {", "DELETE WHERE { ?s ?p ?o }", "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"])  # fmt: skip
def test_a_bad_query_is_one_line_and_exit_code_1(built: Path, sparql: str) -> None:
    done = process("query", built, sparql)
    assert done.returncode == 1
    assert done.stderr.startswith(b"error: ")
    assert b"Traceback" not in done.stderr


def test_show_finds_any_spelling_and_prints_the_sentence(built: Path) -> None:
    result = run("show", built, "boko haram")
    assert result.exit_code == 0
    assert "Boko Haram claimed responsibility for the attack." in result.output
    assert run("show", built, "nobody at all").exit_code == 1


def test_export_to_a_file_and_to_standard_output(built: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.ttl"
    assert run("export", built, "--format", "turtle", "-o", target).exit_code == 0
    assert target.read_bytes() == (built / "graph.ttl").read_bytes()
    done = process("export", built, "--format", "members")
    assert {"attacks", "entities"} == set(json.loads(done.stdout))


def test_explore_says_where_the_page_is(built: Path) -> None:
    result = run("explore", built, "--no-browser")
    assert result.output.strip() == str(built / "explorer.html")


def test_validate_says_that_the_graph_conforms(built: Path) -> None:
    result = run("validate", built)
    assert (result.exit_code, result.output.strip()) == (0, "conforms")


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_help_teaches(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 4


def test_a_folder_without_a_graph_is_an_error_in_words(tmp_path: Path) -> None:
    done = process("query", tmp_path / "none", "ASK { ?s ?p ?o }")
    assert done.returncode == 1
    assert b"holds no graph yet" in done.stderr


# --- extensions -------------------------------------------------------------------------------------------------------

PASTORAL = root() / "seeds" / "extensions" / "pastoral.toml"
RAID = b"Raiders rustled 200 head of cattle in a raid on herders in Baragoi, Kenya, on Saturday and killed three, police said."


def test_an_extension_is_given_once_and_remembered(tmp_path: Path) -> None:
    (tmp_path / "raid.txt").write_bytes(RAID)
    out = tmp_path / "out"
    assert run("build", tmp_path / "raid.txt", "--extension", PASTORAL, "--out", out).exit_code == 0
    assert run("validate", out).output.strip() == "conforms"
    asked = "SELECT ?kind WHERE { ?attack ig:primaryKind/skos:prefLabel ?kind }"
    assert run("query", out, asked, "--format", "csv").output.splitlines() == ["kind", "cattle raid"]
    assert "kind: cattle raid" in run("show", out, "Cattle raid").output
    assert 'skos:prefLabel "cattle raid"' in run("export", out, "--format", "turtle").output
    assert "0 read, 1 unchanged" in run("build", tmp_path / "raid.txt", "--out", out).output


def test_extract_and_evaluate_know_the_kinds_of_an_extension(tmp_path: Path) -> None:
    lines = run("extract", "-", "--extension", PASTORAL, stdin=RAID).stdout
    assert [attack["kind"] for attack in json.loads(lines)["attacks"]] == ["cattle_raid"]
    gold = tmp_path / "mine.jsonl"
    gold.write_text(lines, encoding="utf-8")
    scored = json.loads(run("evaluate", "--gold", gold, "--extension", PASTORAL, "--json").stdout)
    assert scored["scores"]["attacks.kind"]["f1"] == 1
    without = process("evaluate", "--gold", gold)
    assert (without.returncode, without.stdout) == (2, b"")
    assert b"mine.jsonl:1: not an annotated article (no kind of attack 'cattle_raid'" in without.stderr


def test_a_wrong_extension_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("[[weapon]]\nkind = 'bomb'\nwords = ['x']", encoding="utf-8")
    done = process("build", "-", "--extension", wrong, "--out", tmp_path / "out", stdin=RAID)
    assert done.returncode == 1
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith(f"error: {wrong}: [[weapon]] 1 (bomb): kind: 'bomb' is not known; there are: bombing")
    assert not (tmp_path / "out").exists()
