"""`evaluate --set` and `train`: what they refuse, and what they write, with a reader made by hand."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from incidentgraph.cli.public_sets import SETS
from incidentgraph.extract.network_labels import MUC4_ROLES, Candidate
from incidentgraph.extract.public import Filler
from incidentgraph.records import Span

MAIN = (sys.executable, "-m", "incidentgraph")


class _Reader:
    """Says the same of every text."""

    name = "by-hand"

    def see(self, text: str) -> str:
        return text

    def see_tokens(self, tokens: Any) -> tuple[str, list[Span]]:
        return " ".join(tokens), []

    def entities(self, _seen: str, _tokens: Any) -> set[tuple[str, int, int]]:
        return {("Location", 1, 1)}

    def view_fillers(self, seen: str) -> str:
        return seen

    def fillers(self, view: str) -> dict[str, list[Filler]]:
        found = Filler("Weapon", "bomb", "bomb", view.find("bomb"), Candidate(0, 0, "Weapon"), 1.0, 1.0)
        return {role: [found] if role == "Weapon" else [] for role in MUC4_ROLES}

    def attributions(self, _seen: str) -> list[tuple[Span, Span | None]]:
        return [(Span(start=3, end=7), Span(start=0, end=2))]


def _answers(name: str, file: Path) -> tuple[dict[str, Any], str]:
    reader: Any = _Reader()
    return SETS[name](reader, [file])


def test_predictions_of_entities_are_a_file_like_the_gold(tmp_path: Path) -> None:
    file = tmp_path / "bio.txt"
    file.write_text("In\tO\nHama\tB-Location\n\nThe\tO\nend\tO\n\n", encoding="utf-8")
    counts, said = _answers("re3d", file)
    assert said == "In\tO\nHama\tB-Location\n\nThe\tO\nend\tB-Location\n\n"
    assert (counts["entities"].right, counts["entities"].said) == (1, 2)


def test_predictions_of_fillers_are_a_file_like_the_gold(tmp_path: Path) -> None:
    file = tmp_path / "docs.jsonl"
    file.write_text('{"docid": "A", "doctext": "a bomb"}\n', encoding="utf-8")  # without a key
    counts, said = _answers("muc4", file)
    assert json.loads(said)["extracts"]["Weapon"] == [[["bomb", 2]]]
    assert (counts["fillers"].said, counts["fillers"].gold) == (1, 0)


def test_predictions_of_attributions_are_a_file_like_the_gold(tmp_path: Path) -> None:
    file = tmp_path / "docs.jsonl"
    file.write_text('{"doc_id": "A", "text": "He said so", "annotations": []}\n', encoding="utf-8")
    _, said = _answers("polnear", file)
    (attribution,) = json.loads(said)["annotations"][0]["attributions"]
    assert attribution["source"] == {"spans": [[0, 2]], "text": "He"}
    assert attribution["cue"]["text"] == "said"


@pytest.mark.parametrize(
    "options",
    [
        ["--set", "re3d", "--part", "dev"],
        ["--set", "re3d", "--errors"],
        ["--predictions", "said.txt"],
        ["--set", "re3d"],
    ],
)
def test_options_that_do_not_go_together_are_a_wrong_call(options: list[str], tmp_path: Path) -> None:
    done = subprocess.run([*MAIN, "evaluate", "--gold", str(tmp_path), *options], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")


def test_training_without_its_extra_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from incidentgraph.cli import cli
    from incidentgraph.errors import UsageError

    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    folder = str(tmp_path)
    done = CliRunner().invoke(cli, ["train", "--corpus", folder, "--pretrained", folder, "--out", folder])
    assert isinstance(done.exception, UsageError)
    assert "pip install 'incidentgraph[train]'" in str(done.exception)


def test_the_command_line_does_not_load_torch() -> None:
    code = "import sys, incidentgraph.cli; sys.exit('torch' in sys.modules or 'incidentgraph.training.train' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
