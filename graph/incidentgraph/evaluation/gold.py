"""The annotated corpus: files or folders of `*.gold` in, checked records, schema JSON or counts out.

For writers: `python -m incidentgraph.evaluation.gold check|compile|stats|agree FILE|DIR...`; see
`seeds/annotated/BRIEF.md`.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from incidentgraph.evaluation.authoring import Gold, GoldError, read_gold
from incidentgraph.evaluation.checks import find_errors
from incidentgraph.evaluation.report import evaluate
from incidentgraph.evaluation.review import find_warnings
from incidentgraph.evaluation.sentences import split_sentences
from incidentgraph.records import Harm
from incidentgraph.schema import to_json

__all__ = ["Gold", "GoldError", "corpus_stats", "gold_files", "read_gold", "reused_runs", "validate_gold"]

SUFFIX = ".gold"
RUN = 12  # words in a row that two articles may not share


def gold_files(paths: Iterable[Path]) -> list[Path]:
    """Return the authoring files named or held by the folders named, sorted."""
    return sorted({file for path in paths for file in (path.glob(f"*{SUFFIX}") if path.is_dir() else [path])})


def validate_gold(path: Path) -> list[str]:
    """Return every error of one file, or of a folder with what its files must not share; empty if all is well."""
    files = gold_files([path])
    errors: list[str] = []
    for file in files:
        try:
            errors += find_errors(read_gold(file))
        except GoldError as error:
            errors += error.problems
    pool = files if path.is_dir() else gold_files([path.parent])
    return errors + reused_runs(files, pool) + _same_ids(pool if path.is_dir() else files)


def reused_runs(files: Sequence[Path], pool: Sequence[Path]) -> list[str]:
    """Return which of the files share a run of 12 words with another of the pool without being marked as syndicated."""
    texts = {file: _plain(file) for file in dict.fromkeys((*files, *pool))}
    holders: dict[tuple[str, ...], list[Path]] = {}
    for file, (_, text) in texts.items():
        for run in dict.fromkeys(_runs(text)):
            holders.setdefault(run, []).append(file)
    found: dict[tuple[Path, Path], tuple[str, ...]] = {}
    for run, sharing in holders.items():
        for first in sharing:
            for second in sharing:
                if first < second and (first in files or second in files):
                    found.setdefault((first, second), run)
    errors = []
    for (first, second), run in sorted(found.items()):
        one, two = texts[first][0], texts[second][0]
        syndicated = "syndicated" in one.get("tags", "") + two.get("tags", "")
        if not (syndicated and one.get("cluster") and one.get("cluster") == two.get("cluster")):
            errors.append(
                f"{first.name}: shares {' '.join(run)!r} with {second.name}; say it otherwise "
                "(a copy within one cluster has the tag 'syndicated')"
            )
    return errors


def corpus_stats(golds: Sequence[Gold]) -> dict[str, object]:
    """Return what the corpus holds, counts only."""
    extractions = [gold.extraction for gold in golds]
    attacks = [attack for extraction in extractions for attack in extraction.attacks]
    claims = [claim for extraction in extractions for claim in extraction.claims]
    clusters = Counter(gold.cluster for gold in golds)
    return {
        "articles": len(golds),
        "words": sum(len(extraction.article.text.split()) for extraction in extractions),
        "without_incident": sum(not extraction.attacks for extraction in extractions),
        "clusters": sum(size > 1 for size in clusters.values()),
        "articles_in_clusters": sum(size for size in clusters.values() if size > 1),
        "genres": _sorted(Counter(gold.genre for gold in golds)),
        "regions": _sorted(Counter(gold.region for gold in golds)),
        "tags": _sorted(Counter(tag for gold in golds for tag in gold.tags)),
        "entities": _sorted(Counter(entity.type.value for extraction in extractions for entity in extraction.entities)),
        "mentions": sum(len(entity.mentions) for extraction in extractions for entity in extraction.entities),
        "nominals": sum(len(gold.nominals) for gold in golds),
        "attacks": len(attacks),
        "attack_kinds": _sorted(Counter(attack.kind.value for attack in attacks)),
        "attack_status": _sorted(Counter(attack.status.value for attack in attacks)),
        "attack_roles": _sorted(Counter(attack.role.value for attack in attacks)),
        "perpetrator_status": _sorted(Counter(attack.perpetrator_status.value for attack in attacks)),
        "figures": {harm.value: sum(len(attack.figures(harm)) for attack in attacks) for harm in Harm},
        "claims": _sorted(Counter(claim.kind.value for claim in claims)),
        "relations": _sorted(
            Counter(relation.predicate for extraction in extractions for relation in extraction.relations)
        ),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command for writers; 0 if nothing is wrong, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m incidentgraph.evaluation.gold", description=(__doc__ or "").split("\n")[0]
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, description in (
        ("check", "say what is wrong with annotated articles"),
        ("compile", "print them as JSON lines of the extract schema"),
        ("stats", "count what they hold"),
        ("agree", "compare a second annotation (first path) with the first (second path), field by field"),
    ):
        command = commands.add_parser(name, help=description)
        command.add_argument("paths", nargs="+", type=Path, metavar="FILE|DIR")
        if name == "check":
            command.add_argument("--sentences", action="store_true", help="print the numbered sentences first")
            command.add_argument("--quiet", action="store_true", help="errors only, no warnings")
    options = parser.parse_args(arguments)
    if options.command == "agree":
        return _agree(*options.paths) if len(options.paths) == 2 else parser.error("agree takes two folders")
    files = gold_files(options.paths)
    if options.command == "check":
        return _check(files, sentences=options.sentences, quiet=options.quiet)
    if options.command == "compile":
        return _compile(files)
    sys.stdout.write(json.dumps(corpus_stats([read_gold(file) for file in files]), indent=2) + "\n")
    return 0


def _agree(second: Path, first: Path) -> int:
    """Print how far two annotations of the same articles agree; F1 is symmetric, so neither is the truth."""
    pairs = [(read_gold(file).extraction, read_gold(first / file.name).extraction) for file in gold_files([second])]
    sys.stdout.write(evaluate(pairs).table() + "\n")
    return 0


def _check(files: Sequence[Path], *, sentences: bool, quiet: bool) -> int:
    errors: list[str] = []
    warnings: list[str] = []
    for file in files:
        if sentences:
            _, text = _plain(file)
            for number, span in enumerate(split_sentences(text), 1):
                sys.stdout.write(f"s{number}: {text[span.start : span.end]}\n")
        try:
            gold = read_gold(file)
        except GoldError as error:
            errors += error.problems
        else:
            errors += find_errors(gold)
            warnings += find_warnings(gold)
    errors += reused_runs(files, gold_files({file.parent for file in files})) + _same_ids(files)
    for message in errors:
        sys.stdout.write(f"ERROR   {message}\n")
    for message in [] if quiet else warnings:
        sys.stdout.write(f"warning {message}\n")
    sys.stdout.write(f"{len(files)} files, {len(errors)} errors, {len(warnings)} warnings\n")
    return 1 if errors else 0


def _compile(files: Sequence[Path]) -> int:
    failed = False
    for file in files:
        try:
            sys.stdout.write(json.dumps(to_json(read_gold(file).extraction), ensure_ascii=False) + "\n")
        except GoldError as error:
            failed = True
            sys.stderr.write("\n".join(error.problems) + "\n")
    return 1 if failed else 0


def _same_ids(files: Sequence[Path]) -> list[str]:
    holders: dict[str, list[str]] = {}
    for file in files:
        holders.setdefault(_plain(file)[0].get("id", ""), []).append(file.name)
    return [
        f"{names[0]}: the id {article_id!r} is also that of {', '.join(names[1:])}"
        for article_id, names in holders.items()
        if len(names) > 1
    ]


def _plain(file: Path) -> tuple[Mapping[str, str], str]:
    """Return header and text of a file that may be wrong otherwise."""
    try:
        source = file.read_text(encoding="utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError):
        return {}, ""
    header, _, rest = source.partition("\n===")
    fields = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in header.split("\n"))}
    body = re.search(r"^===\s*text\s*$(.*?)(?=^===\s|\Z)", f"==={rest}", re.MULTILINE | re.DOTALL)
    text = "\n".join(line.rstrip() for line in body[1].split("\n")) if body else ""
    return fields, text.strip()


def _runs(text: str) -> Iterable[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return zip(*(words[offset:] for offset in range(RUN)), strict=False)


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))


if __name__ == "__main__":
    raise SystemExit(main())
