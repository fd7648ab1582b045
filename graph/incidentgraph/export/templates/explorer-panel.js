// Second part of the explorer: a node, an edge or nothing -> the side panel.
const heading = (text) => { // a name of 10,000 characters must not push the facts off the screen
  const made = el("h2", { dir: "auto" }, text);
  if (text.length > 160) made.className = "long";
  return made;
};
const section = (name, ...content) => [el("h3", {}, name), ...content];

function showInPanel(...content) {
  $("panel").replaceChildren(...content.flat());
  $("panel").scrollTop = 0;
}

function overview() {
  const of = (...classes) => nodes.filter((node) => classes.includes(node.cls));
  const attacks = of("Attack").sort((a, b) => day(b).localeCompare(day(a)) || a.id - b.id);
  const actors = of("Group", "Person").sort((a, b) => b.links.length - a.links.length || a.id - b.id);
  const sums = [count(attacks.length, "attack"), count(actors.length, "actor"), count(of("Claim").length, "claim")];
  const item = (aside) => (node) => el("li", {}, icon(node.cls), " ", goTo(node), " ", el("span", { class: "muted aside" }, aside(node)));
  const dated = (node) => (!day(node) ? "date not stated" : node.label.includes(day(node)) ? "" : day(node));
  const content = [
    el("h2", {}, "Overview"),
    el("p", { class: "muted" }, `${sums[0]}, ${sums[1]} and ${sums[2]} from ${count(data.articles.length, "article")}.`),
    el("p", { class: "muted" }, "Select a symbol or a line to read the sentences behind it. Double-click a symbol to see its " +
      "surroundings. Dashed lines lead to claims: what somebody says."),
  ];
  if (attacks.length) content.push(section("Attacks, latest first", rows(attacks, item(dated), 12)));
  if (actors.length) {
    content.push(section("Actors with most links", rows(actors.slice(0, 12), item((node) => count(node.links.length, "link")))));
  }
  showInPanel(...(nodes.length ? content : []));
}

function claimsTable(claims) {
  const body = el("tbody");
  for (const { other: claim, edge } of claims) {
    const facts = factsOf(claim);
    const evidence = [...new Set([...claim.evidence, ...edge.evidence])];
    const speakers = linked(claim, "claimant").map(({ other }) => goTo(other));
    const described = fact(claim, "claimantDescription", "claimant");
    const harms = ["killed", "injured", "abducted"].flatMap((name) => (facts.get(name) ?? []).map(({ text }) => `${text} ${name}`));
    const said = harms.length ? harms : (facts.get("figure") ?? []).map(({ text }) => text);
    const outlets = new Set(evidence.map((number) => data.articles[data.evidence[number][0]][1]).filter(Boolean));
    const kind = readable(fact(claim, "claimKind", "kind") ?? "claim");
    const cells = [
      speakers.length ? speakers : [described ? bdi(described) : unknown()],
      [el("button", { type: "button", class: "go", onclick: () => select(claim, true) }, kind)],
      [said.join(", ") || unknown()],
      [fact(claim, "statedOn", "stated") ?? unknown()],
      [outlets.size ? bdi([...outlets].join(", ")) : unknown()],
    ];
    body.append(el("tr", { class: "row" }, ...cells.map((cell) => el("td", {}, ...cell))));
    body.append(el("tr", {}, el("td", { colspan: "5" }, because(evidence))));
  }
  const head = ["Who says", "Kind", "Figures", "Stated on", "Outlet"].map((name) => el("th", { scope: "col" }, name));
  return el("div", { class: "scroll" }, el("table", {}, el("thead", {}, el("tr", {}, ...head)), body));
}

/** Name -> what it holds, from facts and from links to other nodes. */
function entriesOf(node) {
  const entries = new Map((EXPECTED[node.cls] ?? []).map((name) => [name, []]));
  const put = (name, shown, evidence) => entries.set(name, [...(entries.get(name) ?? []), value(shown, evidence)]);
  for (const { out, other, edge } of node.links) if (out) put(edge.predicate, goTo(other), edge.evidence);
  for (const [name, values] of factsOf(node)) {
    if (MERGING.includes(name)) continue;
    for (const { text, evidence } of values) {
      const isHeading = name === "prefLabel" && text === node.label && !evidence.length;
      if (!isHeading) put(name, outward(text, text), evidence);
    }
  }
  return entries;
}

/** What was merged into a node and why: folded, since few ask, but those who doubt must find it. */
function mergingOf(node) {
  const facts = factsOf(node);
  const list = el("dl");
  for (const name of MERGING.filter((found) => facts.has(found))) {
    const texts = facts.get(name).map(({ text }) => text.replace(/^https?:.*\/article\//, ""));
    list.append(el("dt", {}, named(name)), el("dd", {}, rows(texts, (text) => el("li", { dir: "auto" }, text), 10)));
  }
  if (!list.childElementCount) return [];
  const number = (facts.get("mergedFrom") ?? []).length;
  return section("Merging", el("details", {}, el("summary", {}, number ? `made from ${count(number, "mention")}` : "how this came to be"), list));
}

function showNode(node) {
  const content = [
    el("p", { class: "kind" }, icon(node.cls), node.cls),
    heading(title(node)),
    el("p", { class: "tools" },
      ...(scope === node ? [] : [button("Show surroundings", () => surround(node))]), button("Overview", () => select(null))),
  ];
  const list = el("dl");
  for (const [name, values] of entriesOf(node)) {
    list.append(el("dt", {}, named(name)), el("dd", {}, values.length ? rows(values, (shown) => el("li", {}, shown)) : unknown()));
  }
  if (list.childElementCount) content.push(list);

  const own = sentences(node.evidence);
  const none = unknown("No sentence of its own: see the values.");
  content.push(section(`Sentences (${own.length})`, own.length ? rows(own, (found) => el("li", {}, sentence(found)), 3) : none));

  const incoming = new Map();
  for (const link of node.links) {
    if (!link.out) incoming.set(link.edge.predicate, [...(incoming.get(link.edge.predicate) ?? []), link]);
  }
  if (node.cls === "Attack") {
    const claims = incoming.get("about") ?? [];
    incoming.delete("about");
    content.push(section(`Claims (${claims.length})`, claims.length ? claimsTable(claims) : unknown("Nobody is quoted on this attack.")));
  }
  for (const [name, links] of incoming) {
    links.sort((a, b) => day(b.other).localeCompare(day(a.other)) || prominent(a.other, b.other));
    const one = ({ other, edge }) => el("li", { class: "value" }, icon(other.cls), " ", goTo(other), because(edge.evidence));
    content.push(section(`${INVERSE[name] ?? `is ${named(name)} of`} (${links.length})`, rows(links, one)));
  }
  content.push(mergingOf(node));
  showInPanel(...content);
}

function showEdge(edge) {
  const found = sentences(edge.evidence);
  const end = (name, node) => [el("dt", {}, name), el("dd", {}, icon(node.cls), " ", goTo(node))];
  showInPanel(
    el("p", { class: "kind" }, "Relation"),
    heading(named(edge.predicate)),
    el("p", { class: "tools" }, button("Overview", () => select(null))),
    el("dl", {}, ...end("from", edge.from), ...end("to", edge.to)),
    section(`Sentences (${found.length})`, ...(found.length ? found.map(sentence) : [unknown("None: this relation follows from others.")])),
  );
}
