"""README and docs do what they say: commands, queries and Python blocks run, and names in them exist.

A block is run in a folder of its own that looks like a clone of the repository in which the README's build was made.
Output shown under a command is compared by its words, since the rules of extraction keep changing.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pandas as pd
import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF

import incidentgraph as ig
from incidentgraph import resources
from incidentgraph.cli import COMMANDS, cli
from incidentgraph.errors import ItemError
from incidentgraph.extension import read_extensions
from incidentgraph.pipeline import extract_sources
from incidentgraph.schema import to_json
from incidentgraph.vocab import IG

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
REFERENCE = ROOT / "docs" / "reference.md"

# No block may reach beyond this machine. In a subprocess pytest-socket does not help, so Python itself is told.
_NO_NETWORK = """
import socket

def _refuse(*_, **__):
    raise OSError("the network is blocked in tests of the docs")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = _refuse
"""
_SHIM = '#!/bin/sh\nexec "{python}" -m incidentgraph "$@"\n'
_SET_UP = re.compile(r"^(?:python3? -m venv|\S*pip install|make|git clone)\b", re.MULTILINE)
_SAVED_AS = re.compile(r"in `([\w-]+\.rq)`")
_AS_SHOWN = 0.8  # share of the words under a command that must be in what it prints


@dataclass(frozen=True)
class Block:
    """A fenced block; `before` is the page up to it."""

    page: Path
    number: int
    language: str
    text: str
    before: str

    @property
    def label(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.number}"


def blocks(*languages: str) -> list[Block]:
    return [block for page in PAGES for block in _blocks(page) if block.language in languages]


def _blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        line = text.count("\n", 0, found.start()) + 1
        yield Block(page, line, found[1], found[2], text[: found.start()])


def _label(block: object) -> str:
    return block.label if isinstance(block, Block) else str(block)


@pytest.fixture
def clone(tmp_path: Path, seeds_graph_dir: Path) -> Path:
    """A folder like a clone after `incidentgraph build seeds/articles --out out`, with the command on its PATH."""
    folder = tmp_path / "clone"
    articles = resources.root() / "seeds" / "articles"
    shutil.copytree(articles, folder / "seeds" / "articles")
    shutil.copytree(resources.root() / "seeds" / "extensions", folder / "seeds" / "extensions")
    (folder / "seeds" / "annotated").symlink_to(resources.root() / "seeds" / "annotated")
    (folder / "benchmarks").symlink_to(ROOT / "benchmarks")
    (folder / "articles").mkdir()
    for name in ("lido-beach-first-report.html", "pont-sonde-page-dump.txt"):
        shutil.copy(articles / name, folder / "articles" / name)
    shutil.copytree(seeds_graph_dir, folder / "out")
    shutil.copy(articles / "kerman-bombings-radio.md", folder / "report.txt")
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, script in (
        ("incidentgraph", _SHIM.format(python=sys.executable)),
        ("python", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n'),
        ("xdg-open", "#!/bin/sh\n"),  # no browser in tests
        ("open", "#!/bin/sh\n"),
    ):
        (programs / name).write_text(script, encoding="utf-8")
        (programs / name).chmod(0o755)
    (folder / "blocked").mkdir()
    (folder / "blocked" / "sitecustomize.py").write_text(_NO_NETWORK, encoding="utf-8")
    return folder


def _run(command: list[str], clone: Path) -> subprocess.CompletedProcess[str]:
    package = Path(ig.__file__).resolve().parents[1]
    env = {
        **os.environ,
        "PATH": f"{clone / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": f"{clone / 'blocked'}{os.pathsep}{package}",
    }
    return subprocess.run(command, cwd=clone, env=env, capture_output=True, text=True, timeout=300)


# --- commands ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("block", [b for b in blocks("sh") if not _SET_UP.search(b.text)], ids=_label)
def test_commands_run(block: Block, clone: Path) -> None:
    done = _run(["bash", "-euo", "pipefail", "-c", block.text], clone)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("block", [b for b in blocks("sh") if _SET_UP.search(b.text)], ids=_label)
def test_set_up_commands_are_right(block: Block) -> None:
    """What installs is not run here (CI runs it): `make -n` says that the target exists, the rest is read."""
    for line in block.text.splitlines():
        words = shlex.split(line)
        if words[0] == "make":
            if shutil.which("make") is None:
                pytest.skip("no make on this machine")
            done = subprocess.run(["make", "-n", *words[1:]], cwd=ROOT, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
        elif words[0].endswith("incidentgraph"):
            assert words[0] == ".venv/bin/incidentgraph"
            _parses(words[1:])
        else:
            assert line in ("python3 -m venv .venv", ".venv/bin/pip install ."), "a set-up line that no test knows"


def _parses(arguments: list[str]) -> None:
    command = cli.commands[arguments[0]]
    command.make_context(arguments[0], arguments[1:])


@pytest.mark.slow
@pytest.mark.parametrize("block", blocks("console"), ids=_label)
def test_shown_output_is_like_what_is_printed(block: Block, clone: Path) -> None:
    for name in _SAVED_AS.findall(block.before[block.before.rfind("```sparql") :]):
        query = next(other for other in reversed(blocks("sparql")) if _comes_before(other, block))
        (clone / name).write_text(query.text, encoding="utf-8")
    for command, shown in _sessions(block.text):
        done = _run(["bash", "-euo", "pipefail", "-c", command], clone)
        assert done.returncode == 0, done.stderr
        expected = _words(shown)
        missing = expected - _words(done.stdout)
        assert len(missing) <= (1 - _AS_SHOWN) * len(expected), f"{command}: no longer printed: {sorted(missing)}"


def _comes_before(first: Block, second: Block) -> bool:
    return first.page == second.page and first.number < second.number


def _sessions(text: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a console block with what is shown under it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", re.sub(r"\S*…\S*", " ", text)))


# --- queries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", blocks("sparql"), ids=_label)
def test_queries_have_answers(block: Block, seeds_graph: ig.IncidentGraph) -> None:
    answer = seeds_graph.sparql(block.text)
    assert isinstance(answer, pd.DataFrame)
    assert len(answer) > 0
    empty = [str(column) for column in answer.columns if answer[column].isna().all()]
    assert empty == [], "columns without any value"


@pytest.fixture(scope="module")
def seeds_graph(seeds_graph_dir: Path) -> ig.IncidentGraph:
    return ig.load(seeds_graph_dir)


# --- Python -----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("block", blocks("python"), ids=_label)
def test_python_runs(block: Block, clone: Path) -> None:
    for other in blocks("sh"):  # what the page said to do before, where it makes a file that is needed here
        made = re.findall(r"> (\S+)$", other.text, re.MULTILINE)
        if _comes_before(other, block) and any(f'"{name}"' in block.text for name in made):
            _run(["bash", "-euo", "pipefail", "-c", other.text], clone)
    done = _run([sys.executable, "-c", block.text], clone)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", "warnings"
    assert done.stdout.strip()


# --- extension files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", blocks("toml"), ids=_label)
def test_extension_files_are_right(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "shown.toml"
    path.write_text(block.text, encoding="utf-8")
    assert read_extensions([path]).kinds


# --- the reference is complete ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_reference_has_exactly_the_options_of_each_command(command: click.Command) -> None:
    section = _command_section(str(command.name))
    mentioned = set(re.findall(r"(?<![\w-])(--[a-z][a-z-]*|-[a-z])(?![\w-])", " ".join(re.findall("`[^`]+`", section))))
    existing = {
        option
        for param in command.params
        if isinstance(param, click.Option)
        for option in (*param.opts, *param.secondary_opts)
    }
    assert mentioned == existing
    for param in command.params:
        if isinstance(param, click.Option) and isinstance(param.type, click.Choice):
            for choice in param.type.choices:
                assert f"`{choice}`" in section, f"{param.name}: {choice}"


def test_reference_names_no_command_that_is_not_there() -> None:
    named = re.findall(r"^### `incidentgraph (\w+)", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(str(command.name) for command in COMMANDS)


def test_every_command_in_the_docs_is_one() -> None:
    for page in PAGES:
        for inline in re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8")):
            if (found := re.match(r"incidentgraph ([a-z]+)", inline)) and not inline.endswith("]"):
                assert found[1] in cli.commands, f"{page.name}: {inline}"


def _command_section(name: str) -> str:
    text = REFERENCE.read_text(encoding="utf-8")
    found = re.search(rf"^### `incidentgraph {name}\b.*?(?=^##)", text, re.MULTILINE | re.DOTALL)
    assert found, f"docs/reference.md has no section on {name}"
    return re.sub(r"^```.*?^```$", "", found[0], flags=re.MULTILINE | re.DOTALL)


def _reference_part(heading: str) -> str:
    text = REFERENCE.read_text(encoding="utf-8")
    found = re.search(rf"^## {heading}$.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, heading
    return found[0]


def _in_code(text: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", text))


def test_reference_names_every_field_of_the_extraction_schema() -> None:
    documented = _in_code(_reference_part("What `extract` prints"))
    articles = resources.root() / "seeds" / "articles"
    used: set[str] = set()
    for extraction in extract_sources([str(articles)]):
        assert not isinstance(extraction, ItemError)
        used |= _keys(json.loads(json.dumps(to_json(extraction))))
    assert used - documented == set()


def _keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for part in value.values() for key in _keys(part)}
    if isinstance(value, list):
        return {key for part in value for key in _keys(part)}
    return set()


def test_reference_names_every_class_and_property_and_no_other() -> None:
    ontology = Graph().parse(resources.path("ontology", "incident.ttl"), format="turtle")
    terms = {
        str(term).removeprefix(str(IG))
        for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
        for term in ontology.subjects(RDF.type, kind)
        if str(term).startswith(str(IG))
    }
    documented = set(re.findall(r"\big:(\w+)", _reference_part("The graph")))
    assert terms - documented == set()
    for page in PAGES:
        for name in re.findall(r"\big:(\w+)", page.read_text(encoding="utf-8")):
            assert (URIRef(IG + name), None, None) in ontology, f"{page.name}: ig:{name}"


def test_reference_names_every_column(seeds_graph: ig.IncidentGraph) -> None:
    for name in ("attacks", "actors", "claims", "locations", "articles", "evidence"):
        row = re.search(rf"^\| `{name}\(\)` \|.*$", _reference_part("Python"), re.MULTILINE)
        assert row, name
        documented = _in_code(row[0]) - {f"{name}()"}
        assert documented == set(getattr(seeds_graph, name)().columns)


def test_reference_names_every_public_name() -> None:
    text = _reference_part("Python")
    for name in ig.__all__:
        assert re.search(rf"`ig\.{name}\b", text), name


def test_reference_lists_the_files_of_a_build(seeds_graph_dir: Path) -> None:
    documented = {name.rstrip("/") for name in _in_code(_reference_part("Files in DIR"))}
    written = {path.name for path in seeds_graph_dir.iterdir()}
    assert written - documented == set()


# --- the rest ---------------------------------------------------------------------------------------------------------


in_checkout = pytest.mark.skipif(
    not (ROOT / "seeds").is_dir(), reason="tests of the wheel run without seeds/ beside them"
)


@in_checkout
@pytest.mark.parametrize("page", [*PAGES, ROOT / "seeds" / "README.md"], ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in _anchors(linked), f"{page.name}: {target}"


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@in_checkout
def test_seeds_readme_lists_every_article_and_word_list() -> None:
    seeds = ROOT / "seeds"
    text = (seeds / "README.md").read_text(encoding="utf-8")
    for path in [*(seeds / "articles").iterdir(), *(seeds / "lexicon").iterdir(), *(seeds / "extensions").iterdir()]:
        assert f"`{path.name}`" in text, path.name
    for table in [*seeds.glob("*.csv"), *seeds.glob("lexicon/*.csv")]:
        with table.open(encoding="utf-8") as file:
            for column in file.readline().strip().split(","):
                assert f"`{column}`" in text, f"{table.name}: {column}"


def test_picture_is_a_png() -> None:
    assert (ROOT / "docs" / "explorer.png").read_bytes().startswith(b"\x89PNG")
