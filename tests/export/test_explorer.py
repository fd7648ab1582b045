from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import networkx as nx
import pytest
from browser import Page, open_browser

from incidentgraph.export.explorer import explorer_html, write_html
from incidentgraph.export.layout import positions

BASE = "https://w3id.org/incidentgraph/id/"
Evidence = dict[str, Any]

# --- a network by hand ------------------------------------------------------------------------------------------------

ARTICLES = {
    "wire": (
        "Blast kills dozens at Lido Beach in Mogadishu",
        "Harbour Wire",
        "2024-08-03",
        "https://example.org/wire?a=1&b=2",
    ),
    "radio": ("Ministry raises toll of beach attack", "Radio Coast", "2024-08-04", "https://example.org/radio"),
    "note": ("What we know about the Kerman bombings", "Field Notes", None, None),
    "arabic": ("هجوم على شاطئ ليدو في مقديشو", "وكالة الساحل", "2024-08-04", "https://example.org/ar"),
}


def said(article: str, quote: str, words: str = "", *, start: int = 100) -> Evidence:
    """Return the evidence that `words` in `quote`, which begins at `start` of the article, states something."""
    title, outlet, published, url = ARTICLES[article]
    at = quote.index(words)
    return {
        "article": f"{BASE}article/{article}",
        "title": title,
        "outlet": outlet,
        "published": published,
        "url": url,
        "start": start,
        "end": start + len(quote),
        "quote": quote,
        "span_start": start + at if words else None,
        "span_end": start + at + len(words) if words else None,
    }


class Builder:
    def __init__(self) -> None:
        self.network = nx.MultiDiGraph()

    def node(
        self, cls: str, name: str, label: str, *facts: tuple[str, str, Evidence], evidence: tuple[Evidence, ...] = ()
    ) -> str:
        iri = f"{BASE}{cls.lower()}/{name}"
        stated = tuple((fact, value, (found,)) for fact, value, found in facts)
        self.network.add_node(iri, label=label, cls=cls, facts=stated, evidence=evidence)
        return iri

    def link(self, source: str, predicate: str, target: str, *evidence: Evidence) -> None:
        self.network.add_edge(source, target, key=predicate, predicate=predicate, evidence=evidence)


def sample() -> nx.MultiDiGraph:
    """Return about 40 nodes: three regions, rival tolls, a denial, aliases and names in two scripts."""
    b = Builder()
    toll = "🌊 At least 37 civilians were killed when al-Shabaab fighters stormed Lido Beach on Friday, police said."
    claim = "The group said on its radio that its “martyrdom seekers” carried out the raid."
    later = "The health ministry said on Sunday that 37 to 43 people had died and more than 60 were wounded."
    arabic = "أعلنت حركة الشباب مسؤوليتها عن الهجوم على شاطئ ليدو."
    kerman = "Two bombs killed 95 people near the tomb of Qassem Soleimani in Kerman on 3 January 2024."
    kerman_claim = "Islamic State said on Telegram that two of its members had detonated explosive belts."

    shabaab = b.node(
        "Group",
        "al-shabaab",
        "al-Shabaab",
        ("altLabel", "حركة الشباب", said("arabic", arabic, "حركة الشباب")),
        ("altLabel", "Harakat al-Shabāb", said("wire", toll, "al-Shabaab")),
        ("groupKind", "armed_group", said("wire", toll)),
    )
    state = b.node(
        "Group", "islamic-state", "Islamic State", ("altLabel", "Daesh", said("note", kerman_claim, "Islamic State"))
    )
    iskp = b.node("Group", "is-kp", "Islamic State – Khorasan Province")
    police = b.node("Group", "somali-police", "Somali Police Force")
    ministry = b.node("Group", "health-ministry", "Ministry of Health (Somalia)")
    iran = b.node("Group", "iran", "Iran")
    mogadishu = b.node("Location", "mogadishu", "Mogadishu", ("altLabel", "Muqdisho", said("wire", toll)))
    beach = b.node(
        "Location", "lido-beach", "Lido Beach", ("altLabel", "شاطئ ليدو", said("arabic", arabic, "شاطئ ليدو"))
    )
    somalia = b.node("Location", "somalia", "Somalia")
    kerman_city = b.node("Location", "kerman", "Kerman")
    iran_place = b.node("Location", "iran", "Iran")
    soleimani = b.node("Person", "qassem-soleimani", "Qassem Soleimani")
    spokesman = b.node("Person", "abdifatah-adan", "Abdifatah Adan Hassan")
    diriye = b.node(
        "Person",
        "ahmed-diriye",
        "Ahmed Diriye",
        ("altLabel", "Abu Ubaidah", said("note", "Diriye, also known as Abu Ubaidah, leads it.", "Abu Ubaidah")),
    )

    lido = b.node(
        "Attack",
        "lido-2024",
        "Armed assault, Lido Beach, 2 August 2024",
        ("kind", "armed_assault", said("wire", toll, "stormed")),
        ("status", "occurred", said("wire", toll, "killed")),
        ("date", "2024-08-02", said("wire", toll, "on Friday")),
        ("killedLow", "37", said("wire", toll, "At least 37")),
        ("killedHigh", "43", said("radio", later, "37 to 43")),
        ("injuredLow", "61", said("radio", later, "more than 60")),
        ("perpetratorStatus", "claimed", said("wire", claim, "carried out")),
        evidence=(
            said("wire", toll, "stormed Lido Beach"),
            said("radio", later, "37 to 43 people"),
            said("arabic", arabic, "الهجوم"),
        ),
    )
    bombs = b.node(
        "Attack",
        "kerman-2024",
        "Bombing, Kerman, 3 January 2024",
        ("kind", "bombing", said("note", kerman, "bombs")),
        ("date", "2024-01-03", said("note", kerman, "on 3 January 2024")),
        evidence=(said("note", kerman, "Two bombs"),),
    )
    b.link(lido, "perpetrator", shabaab, said("wire", toll, "al-Shabaab fighters"))
    b.link(lido, "location", beach, said("wire", toll, "Lido Beach"))
    b.link(beach, "partOf", mogadishu)
    b.link(mogadishu, "partOf", somalia)
    b.link(bombs, "perpetrator", state, said("note", kerman_claim, "Islamic State"))
    b.link(bombs, "location", kerman_city, said("note", kerman, "Kerman"))
    b.link(bombs, "target", soleimani, said("note", kerman, "tomb of Qassem Soleimani"))
    b.link(kerman_city, "partOf", iran_place)
    b.link(iran, "territory", iran_place)
    b.link(iskp, "partOf", state)
    b.link(iskp, "affiliateOf", state)
    b.link(spokesman, "spokespersonOf", police, said("wire", toll, "police"))
    b.link(diriye, "leaderOf", shabaab, said("note", "Diriye, also known as Abu Ubaidah, leads it.", "leads"))

    def claim_about(
        attack: str, name: str, speaker: str | None, kind: str, found: Evidence, *facts: tuple[str, str, Evidence]
    ) -> None:
        iri = b.node(
            "Claim", name, f"{kind.replace('_', ' ')}: {name}", ("claimKind", kind, found), *facts, evidence=(found,)
        )
        b.link(iri, "about", attack, found)
        if speaker:
            b.link(iri, "claimant", speaker, found)

    claim_about(
        lido,
        "c1",
        police,
        "casualty_report",
        said("wire", toll, "police said"),
        ("killedLow", "37", said("wire", toll, "At least 37")),
    )
    claim_about(lido, "c2", shabaab, "responsibility", said("wire", claim, "carried out the raid"))
    claim_about(
        lido,
        "c3",
        ministry,
        "casualty_report",
        said("radio", later, "said on Sunday"),
        ("killedLow", "37", said("radio", later, "37")),
        ("killedHigh", "43", said("radio", later, "43")),
        ("statedOn", "2024-08-04", said("radio", later, "on Sunday")),
    )
    claim_about(lido, "c4", None, "other", said("radio", "Nobody else has claimed the attack."))
    claim_about(bombs, "c5", state, "responsibility", said("note", kerman_claim, "said on Telegram"))
    claim_about(
        bombs, "c6", iran, "attribution", said("note", "Iran blamed Israel before it named Islamic State.", "blamed")
    )
    for i, (city, kind) in enumerate(
        (("Baidoa", "shelling"), ("Kismayo", "bombing"), ("Beledweyne", "bombing"), ("Galkayo", "kidnapping"))
    ):
        quote = f"An attack in {city} on Monday was blamed on al-Shabaab."
        place = b.node("Location", city.lower(), city)
        attack = b.node(
            "Attack",
            f"{city.lower()}-{i}",
            f"{kind.title()}, {city}, June 2024",
            ("kind", kind, said("radio", quote, "attack")),
            ("date", f"2024-06-0{i + 3}", said("radio", quote, "on Monday")),
            evidence=(said("radio", quote, "An attack"),),
        )
        b.link(attack, "location", place, said("radio", quote, city))
        b.link(attack, "perpetrator", shabaab, said("radio", quote, "al-Shabaab"))
        b.link(place, "partOf", somalia)
        claim_about(attack, f"d{i}", police, "attribution", said("radio", quote, "blamed"))
    return b.network


LIDO, SHABAAB = f"{BASE}attack/lido-2024", f"{BASE}group/al-shabaab"

HOSTILE = (
    "</script><script>window.__pwned=1</script>",
    "</SCRIPT ><img src=x onerror=window.__pwned=1>",
    '<img src=x onerror="window.__pwned=1">',
    "<svg/onload=window.__pwned=1>",
    "<iframe srcdoc='<script>parent.__pwned=1</script>'></iframe>",
    "javascript:window.__pwned=1",
    " JaVaScRiPt:window.__pwned=1//https://example.org",
    "data:text/html,<script>window.__pwned=1</script>",
    "\"' onmouseover=window.__pwned=1 autofocus onfocus=window.__pwned=1 x='",
    "{{7*7}}{% for x in y %}{{ config }}",
    "${window.__pwned=1}`${window.__pwned=1}`",
    "]]><!--<script>window.__pwned=1//-->",
    "<!--<script>",
    "\u202egnp.exe\u2066 \u202dabc\u2069",
    "a\nb\r\nc\td\x00e\x07\x1b[31m\u2028\u2029\x7f\ufeff",
    "A" * 10_000,
    "w " * 5_000,
    "👩‍👩‍👧‍👦🇸🇴 emoji é́́́́ ﷽",
    "lone \ud83d surrogate \udc00",
    "__proto__",
    "constructor",
    "\\u003c/script\\u003e\\\"'); window.__pwned=1; ('",
    "&lt;script&gt;window.__pwned=1&lt;/script&gt;&#60;img&#62;",
    "",
    "   ",
)


def hostile_network() -> nx.MultiDiGraph:
    """Return a network where every field of every node, edge and piece of evidence is hostile."""
    network = nx.MultiDiGraph()
    classes = ("Attack", "Group", "Person", "Location", "Claim")
    for i, text in enumerate(HOSTILE):
        found = dict.fromkeys(("article", "title", "outlet", "published", "url", "quote"), text) | {
            "start": 0,
            "end": len(text),
            "span_start": 1,
            "span_end": max(1, len(text) - 1),
        }
        names = ("altLabel", "kind", "date", "killedLow", "claimKind", "statedOn", text)
        network.add_node(
            f"{i}{text}",
            label=text,
            cls=classes[i % 5],
            facts=tuple((name, text, (found,)) for name in names),
            evidence=(found,),
        )
        network.add_edge(f"{i}{text}", f"0{HOSTILE[0]}", key=text, predicate=text, evidence=(found,))
        if classes[i % 5] == "Claim":
            network.add_edge(f"{i}{text}", f"0{HOSTILE[0]}", key="about", predicate="about", evidence=(found,))
    return network


# --- without a browser ------------------------------------------------------------------------------------------------


def page_data(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_same_network_gives_the_same_bytes() -> None:
    assert explorer_html(sample()) == explorer_html(sample())


def test_order_of_nodes_and_edges_does_not_matter() -> None:
    network, turned = sample(), nx.MultiDiGraph()
    turned.add_nodes_from(reversed(list(network.nodes(data=True))))
    turned.add_edges_from(reversed(list(network.edges(keys=True, data=True))))
    assert explorer_html(turned) == explorer_html(network)


def test_page_names_no_other_place_to_load_from() -> None:
    html = explorer_html(sample())
    assert "default-src &#39;none&#39;; script-src &#39;sha256-" in html
    assert "unsafe-" not in html.split("<style>")[0]
    assert re.findall(r"<(?:link|script|img|iframe)[^>]+(?:src|href)=([^ >]*)", html) == ['"data:,"']
    assert "bootstrap" not in html
    assert "sourceMappingURL" not in html


def test_data_block_cannot_be_ended_by_its_texts() -> None:
    data = page_data(explorer_html(hostile_network()))
    assert sorted(node["label"] for node in data["nodes"]) == sorted(HOSTILE)


def test_title_is_escaped() -> None:
    html = explorer_html(sample(), title="</title><script>window.__pwned=1</script>{{7*7}}\ud800")
    assert "<title>&lt;/title&gt;&lt;script&gt;" in html
    html.encode("utf-8")


def test_words_behind_an_emoji_are_marked_as_javascript_counts() -> None:
    data = page_data(explorer_html(sample()))
    marked = set()
    for _, quote, start, end in data["evidence"]:
        units = data["quotes"][quote].encode("utf-16-le")
        marked.add(units[2 * start : 2 * end].decode("utf-16-le"))
    assert {"At least 37", "stormed Lido Beach", "حركة الشباب"} <= marked


@pytest.mark.parametrize(
    ("start", "span_start", "span_end"), [(None, 1, 2), (0, None, 2), (5, 1, 2), (0, 3, 3), (0, 2, 999)]
)
def test_offsets_outside_the_quote_mark_nothing(
    start: int | None, span_start: int | None, span_end: int | None
) -> None:
    network = nx.MultiDiGraph()
    found = {"quote": "A short one.", "start": start, "span_start": span_start, "span_end": span_end}
    network.add_node("x", label="X", cls="Attack", facts=(), evidence=(found,))
    assert page_data(explorer_html(network))["evidence"] == [[0, 0, 0, 0]]


def test_write_html_writes_utf8() -> None:
    out = io.BytesIO()
    write_html(SimpleNamespace(network=sample), out)
    assert out.getvalue().decode("utf-8") == explorer_html(sample())


def test_positions_do_not_coincide() -> None:
    network = nx.MultiDiGraph(nx.star_graph(80))
    network.add_nodes_from(range(1000, 1030))
    nx.add_path(network, range(2000, 2012))
    found = positions(network)
    assert len(set(found.values())) == len(network)
    assert positions(network) == found


# --- in the browser ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def window() -> Iterator[Page]:
    with open_browser() as page:
        yield page


def select(page: Page, iri: str) -> None:
    page.run("window.incidentgraph.select(arguments[0])", iri)


def type_in_search(page: Page, *keys: str) -> None:
    field = page.driver.find_element("id", "query")
    field.clear()
    field.send_keys(*keys)


def quiet(page: Page) -> bool:
    """Return whether the page asked for nothing, broke no policy, said nothing and ran nothing that it should not."""
    assert page.run("return performance.getEntriesByType('resource').map(e => e.name)") == []
    assert page.run("return window.__violations ?? []") == []
    assert page.run("return window.__pwned ?? null") is None
    assert [url for url in page.requests() if not url.startswith(("file:", "data:,"))] == []
    assert page.console() == []
    return True


@pytest.mark.browser
def test_opens_from_disk_and_asks_for_nothing(window: Page, tmp_path: Path) -> None:
    window.open(explorer_html(sample()), tmp_path)
    assert "Armed assault, Lido Beach" in window.text("#panel")
    assert window.text("#status") == "34 of 34 nodes shown"
    assert quiet(window)


@pytest.mark.browser
def test_click_on_an_attack_shows_its_sentences(window: Page, tmp_path: Path) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    window.open(explorer_html(sample()), tmp_path)
    number = next(i for i, node in enumerate(page_data(explorer_html(sample()))["nodes"]) if node["iri"] == LIDO)
    x, y = window.run(
        "const {network} = window.incidentgraph, box = document.getElementById('network').getBoundingClientRect();"
        "const at = network.canvasToDOM(network.getPositions([arguments[0]])[arguments[0]]);"
        "return [Math.round(at.x + box.x), Math.round(at.y + box.y)]",
        number,
    )
    actions = ActionChains(window.driver)
    actions.w3c_actions.pointer_action.move_to_location(x, y)
    actions.w3c_actions.pointer_action.click()
    actions.perform()
    window.wait("document.querySelector('#panel mark')")
    assert window.text("#panel h2") == "Armed assault, Lido Beach, 2 August 2024"
    assert window.run("return [...document.querySelectorAll('#panel > .rows mark')].map(e => e.textContent)") == [
        "stormed Lido Beach",
        "37 to 43 people",
        "الهجوم",
    ]
    assert window.run("return location.hash") == f"#{LIDO.replace(':', '%3A').replace('/', '%2F')}"
    assert quiet(window)


@pytest.mark.browser
def test_attack_shows_rival_claims_and_what_nobody_states(window: Page, tmp_path: Path) -> None:
    window.open(explorer_html(sample()), tmp_path)
    select(window, LIDO)
    table = window.run(
        "return [...document.querySelectorAll('#panel tr.row')].map(r => [...r.cells].map(c => c.textContent))"
    )
    assert ["Somali Police Force", "casualty report", "at least 37 killed", "not stated", "Harbour Wire"] in table
    assert ["Ministry of Health (Somalia)", "casualty report", "37 to 43 killed", "2024-08-04", "Radio Coast"] in table
    assert ["not stated", "other", "not stated", "not stated", "Radio Coast"] in table
    facts = window.run(
        "const names = [...document.querySelectorAll('#panel dt')];"
        "return Object.fromEntries(names.map(name => [name.textContent, name.nextSibling.textContent]))"
    )
    assert facts["weapon"] == "not stated"
    assert facts["killed"].startswith("37 to 43")
    assert facts["location"].startswith("Lido Beach")


@pytest.mark.browser
def test_only_web_addresses_become_links(window: Page, tmp_path: Path) -> None:
    window.open(explorer_html(sample()), tmp_path)
    select(window, LIDO)
    links = window.run("return [...document.querySelectorAll('#panel a')].map(a => [a.href, a.rel])")
    assert ["https://example.org/wire?a=1&b=2", "noopener noreferrer"] in links
    assert {rel for _, rel in links} == {"noopener noreferrer"}


@pytest.mark.browser
def test_relation_in_the_panel_moves_the_selection(window: Page, tmp_path: Path) -> None:
    window.open(explorer_html(sample()), tmp_path)
    select(window, LIDO)
    window.run("[...document.querySelectorAll('#panel dd .go')].find(b => b.textContent === 'al-Shabaab').click()")
    assert window.text("#panel h2") == "al-Shabaab"
    window.driver.back()
    window.wait("document.querySelector('#panel h2').textContent.startsWith('Armed assault')")


@pytest.mark.browser
def test_edge_shows_its_sentence(window: Page, tmp_path: Path) -> None:
    window.open(explorer_html(sample()), tmp_path)
    window.run(
        "const {network} = window.incidentgraph, data = JSON.parse(document.getElementById('data').textContent);"
        "const edge = data.edges.findIndex(e => e[0] === 'leaderOf');"
        "network.body.emitter.emit('click', {nodes: [], edges: [edge]})"
    )
    assert window.text("#panel h2") == "leader of"
    assert window.text("#panel mark") == "leads"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("harakat al shabab", "al-Shabaab"),  # alias, without its diacritics and hyphen
        ("الشباب", "al-Shabaab"),
        ("muqdisho", "Mogadishu"),
        ("martyrdom seekers", "al-Shabaab"),  # a word in a sentence
        ("KERMAN", "Kerman"),
    ],
)
def test_search_finds(window: Page, tmp_path: Path, query: str, label: str) -> None:
    window.open(explorer_html(sample()), tmp_path)
    type_in_search(window, query)
    found = window.run("return [...document.querySelectorAll('#results bdi')].map(e => e.textContent)")
    assert label in found


@pytest.mark.browser
def test_search_by_keyboard(window: Page, tmp_path: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    window.open(explorer_html(sample()), tmp_path)
    type_in_search(window, "abu ubaidah", Keys.ENTER)
    assert window.text("#panel h2") == "Ahmed Diriye"
    type_in_search(window, "iran", Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    wanted = window.text("#results [aria-selected=true] bdi")
    window.driver.find_element("id", "query").send_keys(Keys.ENTER)
    assert window.text("#panel h2") == wanted
    type_in_search(window, "iran", Keys.ESCAPE)
    assert window.run("const q = document.getElementById('query'); return [q.value, q.ariaExpanded]") == ["", "false"]
    type_in_search(window, "zzzz", Keys.ENTER)
    assert window.text("#results") == "Nothing found."


@pytest.mark.browser
def test_filter_hides_a_class(window: Page, tmp_path: Path) -> None:
    window.open(explorer_html(sample()), tmp_path)
    drawn = "return Object.keys(window.incidentgraph.network.getPositions()).length"
    assert window.run(drawn) == 34
    window.driver.find_element("id", "show-Claim").click()
    assert window.run(drawn) == 24
    assert window.text("#status") == "24 of 34 nodes shown"
    window.driver.find_element("id", "show-Claim").click()
    assert window.run(drawn) == 34


@pytest.mark.browser
def test_link_to_a_node(window: Page, tmp_path: Path) -> None:
    window.open(explorer_html(sample()), tmp_path, fragment=f"#{SHABAAB}")
    assert window.text("#panel h2") == "al-Shabaab"
    window.open(explorer_html(sample()), tmp_path, fragment="#%E0%A4%A")
    assert window.text("#panel h2") == "Overview"
    assert quiet(window)


@pytest.mark.browser
def test_hostile_texts_stay_text(window: Page, tmp_path: Path) -> None:
    window.open(explorer_html(hostile_network(), title=HOSTILE[0]), tmp_path)
    iris = window.run("return JSON.parse(document.getElementById('data').textContent).nodes.map(node => node.iri)")
    assert len(iris) == len(HOSTILE)
    for iri in iris:
        select(window, iri)
        window.run("document.querySelectorAll('#panel details').forEach(folded => { folded.open = true; })")
        window.wait("[...document.querySelectorAll('#panel details')].every(folded => folded.childElementCount > 1)")
        foreign = ("img", "script", "iframe", "a[href^='javascript' i]", "a[href^='data' i]")
        assert window.run("return document.querySelector(`#panel :is(${arguments[0]})`)", ",".join(foreign)) is None
    edges = window.run("return JSON.parse(document.getElementById('data').textContent).edges.length")
    for edge in range(edges):
        window.run("window.incidentgraph.network.body.emitter.emit('click', {nodes: [], edges: [arguments[0]]})", edge)
    for query in ("script", "pwned", "7*7", "emoji", "AAAA"):
        type_in_search(window, query)
        assert window.run("return document.querySelectorAll('#results li[role=option]').length") > 0
    assert quiet(window)


@pytest.mark.browser
def test_policy_refuses_what_the_page_did_not_bring(window: Page, tmp_path: Path) -> None:
    window.open(explorer_html(sample()), tmp_path)
    window.run(
        "const script = document.createElement('script'); script.textContent = 'window.__pwned = 1';"
        "const image = document.createElement('img'); image.src = 'http://127.0.0.1:9/x.png';"
        "document.body.append(script, image);"
    )
    window.wait("window.__violations?.length === 2")
    assert window.run("return window.__pwned ?? null") is None
    assert window.run("return window.__violations.sort()") == ["http://127.0.0.1:9/x.png", "inline"]


@pytest.mark.browser
def test_no_nodes(window: Page, tmp_path: Path) -> None:
    window.open(explorer_html(nx.MultiDiGraph()), tmp_path)
    assert window.run("return !document.getElementById('empty').hidden")
    type_in_search(window, "anything")
    assert quiet(window)


@pytest.mark.browser
def test_one_node(window: Page, tmp_path: Path) -> None:
    network = nx.MultiDiGraph()
    network.add_node("urn:x", label="Kabul", cls="Location", facts=(), evidence=())
    window.open(explorer_html(network), tmp_path)
    assert window.text("#status") == "1 of 1 node shown"
    select(window, "urn:x")
    assert window.text("#panel h2") == "Kabul"
    assert quiet(window)


@pytest.mark.browser
def test_large_network_opens_on_a_neighbourhood(window: Page, tmp_path: Path) -> None:
    b = Builder()
    groups = [b.node("Group", f"g{i}", f"Group {i}") for i in range(8)]
    for i in range(400):
        attack = b.node("Attack", f"a{i}", f"Attack {i}")
        b.link(attack, "perpetrator", groups[i % 7])
        claim = b.node("Claim", f"c{i}", f"Claim {i}")
        b.link(claim, "about", attack)
    window.open(explorer_html(b.network), tmp_path)
    assert re.fullmatch(r"\d\d of 808 nodes shown · around Group \d Show all", window.text("#status"))
    assert window.run("return document.getElementById('show-Claim').checked") is False
    select(window, f"{BASE}claim/c3")  # a hidden class, outside the neighbourhood: what is selected is shown
    assert window.text("#panel h2") == "Claim 3"
    assert "around Claim 3" in window.text("#status")
    window.run("document.querySelector('#status button').click()")
    assert window.text("#status") == "409 of 808 nodes shown"
    assert quiet(window)
