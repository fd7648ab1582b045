"""Extension files: what they add, what is refused, and what becomes of a kind of one's own from text to graph."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SKOS

import incidentgraph as ig
from incidentgraph import lexicon, resources
from incidentgraph.errors import ExtensionError, ExtractError, StoreError
from incidentgraph.extension import MAX_BYTES, MAX_WORDS, Extension, Source, code_name, make_extension, read_extensions
from incidentgraph.extract.rules import RuleExtractor
from incidentgraph.kg.store import open_store, read_extractions
from incidentgraph.kg.validate import validate
from incidentgraph.pipeline import BuildResult, build_graph, extract_sources
from incidentgraph.records import Article, AttackKind, ClaimKind, Extraction, OwnKind
from incidentgraph.vocab import CROSSWALK, IG

EXAMPLE = resources.root() / "seeds" / "extensions" / "pastoral.toml"
KIND = """
[[kind]]
name = "cattle_raid"
label = "cattle raid"
definition = "Livestock is taken by force."
broader = "armed_assault"
"""
TRIGGERS = """
[[trigger]]
kind = "cattle_raid"
nouns = ["cattle raid"]
verbs = ["rustled"]
"""
RAID = (
    "Raiders armed with pangas rustled 200 head of cattle in a raid on Baragoi in Samburu County on Saturday, "
    "killing three herders, police said. The Turkana Warriors Front owned up to the attack on Sunday."
)
SECOND = "In a cattle raid near Lodwar in Turkana County on 3 February, gunmen killed a herder and wounded two others, officials said."
SHOOTING = "Gunmen killed two people in Gao on Friday, officials said. Nobody has claimed the attack so far."
CATTLE_RAID = URIRef("https://w3id.org/incidentgraph/id/kind/cattle_raid")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "own.toml"


def extension(file: Path, text: str) -> Extension:
    file.write_text(text, encoding="utf-8")
    return read_extensions([file])


def article(folder: Path, name: str = "raid", text: str = RAID) -> str:
    path = folder / f"{name}.txt"
    path.write_text(text, encoding="utf-8")
    return str(path)


def build(*sources: str, out: Path | None, extensions: list[Path] | None = None) -> BuildResult:
    return build_graph(sources, out=out, published="2026-02-23", extractor="rules", extensions=extensions)


# --- what a file adds -------------------------------------------------------------------------------------------------


def test_kind_says_what_it_means(file: Path) -> None:
    matches = 'broadMatch = { acled = "Looting/property destruction", gtd = ["Armed Assault"] }\ncloseMatch = { iri = "https://example.org/x#1" }'
    (kind,) = extension(file, f'namespace = "https://example.org/kinds#"\n{KIND}{matches}').kinds
    assert (kind.value, kind.label, kind.broader) == ("cattle_raid", "cattle raid", AttackKind.ARMED_ASSAULT)
    assert kind.iri == "https://example.org/kinds#cattle_raid"
    assert {(match.relation, match.iri) for match in kind.matches} == {
        ("broadMatch", f"{CROSSWALK}acled/Looting_property_destruction"),
        ("broadMatch", f"{CROSSWALK}gtd/Armed_Assault"),
        ("closeMatch", "https://example.org/x#1"),
    }


def test_kind_can_be_narrower_than_one_of_a_file_before(tmp_path: Path) -> None:
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    first.write_text(KIND, encoding="utf-8")
    second.write_text(KIND.replace("cattle_raid", "camel_raid").replace("armed_assault", "cattle_raid"))
    _, kind = read_extensions([first, second]).kinds
    assert [wide.value for wide in kind.wider] == ["cattle_raid", "armed_assault"]
    assert kind.listed is AttackKind.ARMED_ASSAULT
    with pytest.raises(ExtensionError, match=r"second\.toml: \[\[kind\]\] 1 \(camel_raid\): broader: 'cattle_raid'"):
        read_extensions([second, first])


def test_own_words_go_before_the_shipped_ones(file: Path) -> None:
    text = f'{KIND}{TRIGGERS}[[weapon]]\nkind = "raid"\nwords = ["Panga", "pistol"]\n[[claim_verb]]\nkind = "denial"\nwords = ["boasted"]'
    lists = extension(file, text).lists
    kinds = {(word.form, word.is_verb): word.kind.value for word in lists.triggers}
    assert (kinds["cattle raid", False], kinds["rustled", True], kinds["raid", False]) == (
        "cattle_raid",
        "cattle_raid",
        "raid",
    )
    assert len(lists.triggers) == len(lexicon.triggers()) + 1  # "cattle raid" is in the shipped list, too
    assert (lists.weapons["panga"], lists.weapons["pistol"]) == (AttackKind.RAID, AttackKind.RAID)
    assert (lists.claim_verbs["boasted"], lists.claim_verbs["denied"]) == ("denial", "denial")


def test_mark_is_of_the_content(file: Path) -> None:
    first = extension(file, KIND + TRIGGERS)
    assert extension(file, f"# said in other words\n{KIND}\n\n{TRIGGERS}").says_the_same(first)
    assert not extension(file, KIND).says_the_same(first)
    assert not first.says_the_same(Extension())


def test_extension_can_go_to_another_process(file: Path) -> None:
    found = extension(file, KIND + TRIGGERS)
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own
    assert (again.kinds, again.lists.own_triggers) == (found.kinds, found.lists.own_triggers)


def test_no_files_are_no_extension() -> None:
    assert read_extensions([]).lists is lexicon.SHIPPED


def test_example_is_right() -> None:
    assert [kind.value for kind in read_extensions([EXAMPLE]).kinds] == ["cattle_raid"]


def test_codes_are_named_as_the_ontology_names_them() -> None:
    ontology = Graph().parse(resources.path("ontology", "incident.ttl"))
    codes = [node for node in ontology.subjects(RDF.type, SKOS.Concept) if str(node).startswith(CROSSWALK)]
    assert codes
    for node in codes:
        code = ontology.value(node, SKOS.notation if "/cameo/" in str(node) else SKOS.prefLabel)
        assert str(node).rsplit("/", 1)[-1] == code_name(str(code))


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no entry"),
        ("[[kind]\n", "not TOML"),
        ("x = " + "[" * 100_000, "not TOML: nested too deeply"),
        ("x = " + "9" * 5_000, "not TOML"),
        ("kind = 0x" + "f" * 200_000, "kind: each entry begins with [[kind]]"),
        ("[kind]\nname = 'x'", "kind: each entry begins with [[kind]]"),
        ("[[kinds]]\nname = 'x'", "'kinds' is not known here; there are: namespace, kind"),
        (KIND + "colour = 'red'", "[[kind]] 1 (cattle_raid): 'colour' is not known here"),
        (KIND.replace("broader", "wider"), "[[kind]] 1 (cattle_raid): 'wider' is not known here"),
        (KIND.replace('label = "cattle raid"\n', ""), "[[kind]] 1 (cattle_raid): label is missing"),
        (KIND.replace('"cattle raid"', "[]"), "label: a list is not a text"),
        (KIND.replace('"cattle raid"', '"  "'), "label is empty"),
        (KIND.replace('"cattle raid"', '"cattle\\u202eraid"'), "cannot be printed, U+202E"),
        (KIND.replace('"cattle raid"', f'"{"x" * 61}"'), "longer than 60 characters"),
        (KIND.replace("armed_assault", "armed_asault"), "broader: 'armed_asault' is no kind so far; there are: bombing"),
        (KIND.replace("armed_assault", "cattle_raid"), "broader: 'cattle_raid' is no kind so far"),
        (KIND.replace("armed_assault", "unknown"), "nothing is narrower than unknown"),
        (KIND.replace("cattle_raid", "raid"), "[[kind]] 1 (raid): name: raid is taken"),
        (KIND + KIND, "[[kind]] 2 (cattle_raid): name: 'cattle_raid' stands already in"),
        *(
            (KIND.replace("cattle_raid", name), f"[[kind]] 1: name: '{name}' is not a name")
            for name in ("Cattle raid", "1st", "_x", "x_", "kühe", "a/b", "<x>", "x ; DROP")
        ),
        ("namespace = 'ig:'\n" + KIND, "namespace: 'ig:' is not an IRI"),
        ("namespace = 'https://example.org/kinds'\n" + KIND, "is not an IRI"),
        ("namespace = 'https://example.org/a> <b/'\n" + KIND, "is not an IRI"),
        (f"namespace = '{IG}'\n" + KIND, "is that of another vocabulary"),
        (f"namespace = '{SKOS}'\n" + KIND, "is that of another vocabulary"),
        (KIND + "closeMatch = 'acled'", "closeMatch: write it as { acled"),
        (KIND + "closeMatch = { acle = 'Attack' }", "closeMatch: 'acle' is not known; there are: acled"),
        (KIND + "closeMatch = { acled = '/' }", "closeMatch.acled: '/' is not a code"),
        (KIND + "closeMatch = { gtd = '2' }", "closeMatch.gtd: '2' is not a code; it is written in words"),
        (KIND + "closeMatch = { cameo = 'assault' }", "closeMatch.cameo: 'assault' is not a code; it is a number"),
        (KIND + "closeMatch = { iri = 'javascript:alert(1)' }", "closeMatch.iri: 'javascript:alert(1)' is not an IRI"),
        (KIND + "closeMatch = { iri = 'https://example.org/%zz' }", "is not an IRI"),
        ("[[trigger]]\nkind = 'cow_raid'\nnouns = ['x']", "[[trigger]] 1 (cow_raid): kind: 'cow_raid' is not known"),
        ("[[trigger]]\nkind = 'raid'", "[[trigger]] 1 (raid): no words: nouns or verbs is missing"),
        ("[[trigger]]\nkind = 'raid'\nnouns = ['']", "nouns is empty"),
        ("[[trigger]]\nkind = 'raid'\nnouns = ['(a+)+$']", "nouns: '(a+)+$' is not a word or phrase"),
        ("[[trigger]]\nkind = 'raid'\nnouns = ['200']", "nouns: '200' is not a word or phrase"),
        ("[[trigger]]\nkind = 'raid'\nnouns = [1]", "nouns: a value without quotes is not a text"),
        ("[[trigger]]\nkind = 'raid'\nnouns = ['x', 'X']", "nouns: 'x' stands already in"),
        ("[[trigger]]\nkind = 'raid'\nnouns = ['x']\nstrength = 'big'", "strength: 'big' is not known; there are: strong, weak"),
        ("[[weapon]]\nkind = 'raid'\nwords = ['x']\n[[weapon]]\nkind = 'arson'\nwords = ['x']", "[[weapon]] 2 (arson): weapon: 'x' stands already"),
        ("[[claim_verb]]\nkind = 'gossip'\nwords = ['x']", "[[claim_verb]] 1 (gossip): kind: 'gossip' is not known; there are: attribution"),
    ],
)  # fmt: skip
def test_wrong_file_is_refused_in_one_line_that_names_the_entry(file: Path, text: str, message: str) -> None:
    with pytest.raises(ExtensionError) as error:
        extension(file, text)
    assert str(error.value).startswith(f"{file}: ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 500


def test_deeply_nested_value_is_refused(file: Path) -> None:
    with pytest.raises(ExtensionError, match="name: a table is not a text"):
        extension(file, f"[[kind]]\nname.{'a.' * 90}a = 1")
    with pytest.raises(ExtensionError, match="line 2: more than 100 dots"):  # 50,000 would take gigabytes to parse
        extension(file, f"[[kind]]\nname.{'a.' * 50_000}a = 1")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[[kind]]\nname = 'Vieh'\nlabel = 'Überfall'".encode("latin-1"), "line 3: not UTF-8"),
        (b"#" * (MAX_BYTES + 1), "larger than 256 KiB"),
        (b"\x00", "not TOML"),
    ],
)
def test_wrong_bytes_are_refused(file: Path, content: bytes, message: str) -> None:
    file.write_bytes(content)
    with pytest.raises(ExtensionError, match=message):
        read_extensions([file])


def test_byte_order_mark_and_windows_line_ends_are_read(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + KIND.replace("\n", "\r\n").encode())
    assert read_extensions([file]).kinds


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExtensionError, match=r"none\.toml: No such file"):
        read_extensions([tmp_path / "none.toml"])
    with pytest.raises(ExtensionError, match="directory"):
        read_extensions([tmp_path])


def test_same_file_twice_is_a_mistake(file: Path) -> None:
    file.write_text(KIND, encoding="utf-8")
    with pytest.raises(ExtensionError, match="stands already in"):
        read_extensions([file, file])


def test_too_many_words_are_refused() -> None:
    words = [f"word{number}" for number in range(MAX_WORDS + 1)]
    with pytest.raises(ExtensionError, match="more than 2,000 words"):
        make_extension([Source("own.toml", {"weapon": [{"kind": "raid", "words": words}]})])


def test_nothing_is_written_for_a_wrong_file(file: Path, tmp_path: Path) -> None:
    file.write_text(KIND + "colour = 'red'", encoding="utf-8")
    with pytest.raises(ExtensionError):
        build(article(tmp_path), out=tmp_path / "out", extensions=[file])
    assert not (tmp_path / "out").exists()
    out = tmp_path / "old"
    build(article(tmp_path), out=out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    with pytest.raises(ExtensionError):
        build(article(tmp_path), out=out, extensions=[EXAMPLE, file])
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


# --- from text to graph -----------------------------------------------------------------------------------------------


def test_text_becomes_a_graph_with_the_kind(tmp_path: Path) -> None:
    out = tmp_path / "out"
    source = article(tmp_path)
    (extraction,) = extract_sources([source], published="2026-02-23", extractor="rules", extensions=[EXAMPLE])
    assert isinstance(extraction, Extraction)
    (attack,) = extraction.attacks
    assert [kind.value for kind in attack.kinds] == ["cattle_raid", "raid"]
    assert [weapon.value for weapon in attack.weapons] == ["pangas"]
    assert [claim.kind for claim in extraction.claims] == [ClaimKind.CASUALTY_REPORT, ClaimKind.RESPONSIBILITY]

    graph = build(source, out=out, extensions=[EXAMPLE]).graph
    table = graph.attacks()
    assert table["label"].tolist() == ["Cattle raid in Samburu, 2026-02-21"]
    assert table["primary_kind"].tolist() == ["cattle_raid"]
    assert table["kinds"].tolist() == [("cattle_raid", "raid")]
    assert validate(graph).conforms

    turtle = Graph().parse(out / "graph.ttl")
    assert (CATTLE_RAID, RDF.type, SKOS.Concept) in turtle
    assert (CATTLE_RAID, SKOS.prefLabel, Literal("cattle raid")) in turtle
    assert (CATTLE_RAID, SKOS.inScheme, IG.KindScheme) in turtle
    assert (CATTLE_RAID, SKOS.broader, IG.raid) in turtle
    code = CROSSWALK["acled/Looting_property_destruction"]
    assert (CATTLE_RAID, SKOS.broadMatch, code) in turtle
    assert (code, SKOS.prefLabel, Literal("Looting/property destruction")) in turtle
    assert len(set(turtle.subjects(IG.primaryKind, CATTLE_RAID))) == 1

    page = (out / "explorer.html").read_text(encoding="utf-8")
    assert '["kind","cattle raid"' in page
    assert "cattle raid" in (out / "graph.graphml").read_text(encoding="utf-8")
    concepts = [
        node
        for node in json.loads((out / "graph.jsonld").read_text(encoding="utf-8"))["@graph"]
        if node["type"] == "Concept"
    ]
    assert {"cattle raid", "Armed Assault"} < {node["label"] for node in concepts}


def test_without_the_extension_the_kind_is_not_there(tmp_path: Path) -> None:
    graph = build(article(tmp_path), out=tmp_path / "out").graph
    assert graph.attacks()["kinds"].tolist() == [("raid",)]
    assert validate(graph).conforms
    assert "cattle_raid" not in (tmp_path / "out" / "graph.nq").read_text(encoding="utf-8")


def test_folder_remembers_its_extension(tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(article(tmp_path), out=out, extensions=[EXAMPLE])
    assert open_store(out).extension.says_the_same(read_extensions([EXAMPLE]))
    assert str(tmp_path) not in (out / "incidentgraph.json").read_text(encoding="utf-8")
    loaded = ig.load(out)
    assert validate(loaded).conforms
    broader = loaded.sparql(
        "ASK { ?a a ig:Attack ; ig:kind/skos:broader* ig:raid ; ig:kind/skos:prefLabel 'cattle raid' }"
    )
    assert broader is True
    again = build(article(tmp_path, "second", SECOND), out=out)
    assert (again.added, again.unchanged) == (("second",), ())
    assert again.graph.attacks()["kinds"].tolist() == [("cattle_raid", "raid")] * 2


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    source = article(tmp_path)
    copy = tmp_path / "elsewhere" / EXAMPLE.name
    copy.parent.mkdir()
    copy.write_bytes(EXAMPLE.read_bytes())
    build(source, out=tmp_path / "one", extensions=[EXAMPLE])
    build(source, out=tmp_path / "two", extensions=[copy])
    for path in sorted((tmp_path / "one").rglob("*.*")):
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes(), path.name


def test_changed_extension_has_all_articles_read_again(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    extension(file, KIND + TRIGGERS)
    build(
        article(tmp_path),
        article(tmp_path, "other", SHOOTING),
        out=out,
        extensions=[file],
    )
    extension(file, (KIND + TRIGGERS).replace("cattle_raid", "rustling"))
    changed = build(article(tmp_path, "new", SHOOTING.replace("Gao", "Kidal")), out=out, extensions=[file])
    assert changed.added == ("new", "other", "raid")
    assert "rustling" in set(changed.graph.attacks()["primary_kind"])
    assert "cattle_raid" not in (out / "graph.nq").read_text(encoding="utf-8")
    assert build(article(tmp_path), out=out).unchanged == ("raid",)


def test_article_that_cannot_be_read_again_is_given_up_if_its_kind_is_no_more(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    extension(file, KIND + TRIGGERS)
    build(article(tmp_path), article(tmp_path, "other", SHOOTING), out=out, extensions=[file])

    def failing(self: RuleExtractor, read: Article) -> Extraction:
        if read.id == "new":
            return Extraction(article=read, extractor=self.name)
        raise ExtractError(read.id, "no")

    monkeypatch.setattr(RuleExtractor, "extract", failing)
    result = build(article(tmp_path, "new", SHOOTING.replace("Gao", "Kidal")), out=out, extensions=[])
    assert sorted(error.item for error in result.skipped) == ["other", "raid"]
    assert {extraction.article.id for extraction in read_extractions(open_store(out))} == {"new", "other"}


def test_extension_can_be_taken_away(tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(article(tmp_path), out=out, extensions=[EXAMPLE])
    assert build(article(tmp_path), out=out, extensions=[]).graph.attacks()["kinds"].tolist() == [("raid",)]
    assert "extensions" not in json.loads((out / "incidentgraph.json").read_text(encoding="utf-8"))


def test_builds_of_one_process_do_not_meet(file: Path, tmp_path: Path) -> None:
    extension(file, KIND + TRIGGERS)
    source = article(tmp_path)
    primary: list[Any] = [
        build(source, out=None, extensions=given).graph.attacks()["primary_kind"].tolist()
        for given in ([], [EXAMPLE], [file], [], [EXAMPLE])
    ]
    assert primary == [["raid"], ["cattle_raid"], ["cattle_raid"], ["raid"], ["cattle_raid"]]


def test_damaged_memory_is_named(tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(article(tmp_path), out=out, extensions=[EXAMPLE])
    manifest = out / "incidentgraph.json"
    manifest.write_text(
        manifest.read_text(encoding="utf-8").replace('"broader": "raid"', '"broader": "rad"'), encoding="utf-8"
    )
    with pytest.raises(StoreError, match=r"incidentgraph\.json is damaged: pastoral\.toml: \[\[kind\]\] 1"):
        ig.load(out)


def test_hostile_texts_stay_texts(file: Path, tmp_path: Path) -> None:
    label = '</script><img src=x onerror=alert(1)> " . } DROP'
    text = KIND.replace('"cattle raid"', f"'{label}'").replace(
        '"Livestock is taken by force."', "'''\"\"\" \\ <b> ''' '''"[:-8] + "'''"
    )
    extension(file, text + TRIGGERS)
    graph = build(article(tmp_path), out=tmp_path / "out", extensions=[file]).graph
    assert validate(graph).conforms
    assert (CATTLE_RAID, SKOS.prefLabel, Literal(label)) in Graph().parse(tmp_path / "out" / "graph.ttl")
    assert "<img src=x" not in (tmp_path / "out" / "explorer.html").read_text(encoding="utf-8")
    frame = graph.sparql(f"SELECT ?label WHERE {{ <{CATTLE_RAID}> skos:prefLabel ?label }}")
    assert not isinstance(frame, (bool, Graph))
    assert frame["label"].tolist() == [label]


def test_kind_is_a_value(file: Path) -> None:
    (first,), (second,) = extension(file, KIND).kinds, extension(file, KIND).kinds
    assert isinstance(first, OwnKind)
    assert (first == second, len({first, second}), first == AttackKind.RAID) == (True, 1, False)
