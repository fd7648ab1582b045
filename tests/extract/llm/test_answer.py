"""The schema is made of the vocabulary, in the shape that strict structured output wants."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args

from incidentgraph.extract.llm.answer import Predicate, answer_schema, parse_answer
from incidentgraph.extract.network_labels import PREDICATES
from incidentgraph.records import AttackKind, ClaimKind, GroupKind
from llm_endpoint import answer


def parts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from parts(item)
    elif isinstance(value, list):
        for item in value:
            yield from parts(item)


def test_every_object_is_closed_and_needs_all_its_fields() -> None:
    objects = [part for part in parts(answer_schema()) if part.get("type") == "object"]
    assert len(objects) > 8
    for part in objects:
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])


def test_the_lists_are_those_of_the_vocabulary() -> None:
    listed = {tuple(part["enum"]) for part in parts(answer_schema()) if "enum" in part}
    for kind in (AttackKind, ClaimKind, GroupKind):
        assert tuple(kind) in listed
    assert set(get_args(Predicate)) == set(PREDICATES)


def test_no_title_is_paid_for_and_a_right_answer_fits() -> None:
    assert "title" not in json.dumps(answer_schema())
    assert len(parse_answer(json.dumps(answer())).attacks) == 1
