// First part of the explorer: the data block -> nodes that know their links, words, elements.
// Texts come from articles that nobody vouches for, so every element is made by `el` and every text is set as text;
// nothing on this page parses HTML. (explorer.py puts the three parts into one strict function.)
const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);

// ---- the network: nodes that know their links ---------------------------------------------------------------------
const RANK = { Attack: 0, Group: 1, Person: 2, Location: 3, Claim: 4, Other: 5 };
const nodes = data.nodes.map((node, id) => ({ ...node, id, links: [], short: data.drawing.nodes[id].label }));
const edges = data.edges.map(([predicate, evidence], id) => {
  const { from, to } = data.drawing.edges[id];
  const edge = { id, predicate, evidence, from: nodes[from], to: nodes[to] };
  edge.from.links.push({ edge, other: edge.to, out: true });
  if (from !== to) edge.to.links.push({ edge, other: edge.from, out: false });
  return edge;
});
const byIri = new Map(nodes.map((node) => [node.iri, node]));
const count = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
const fact = (node, ...names) => node.facts.find(([name, value]) => value !== null && names.includes(name))?.[1] ?? null;
const linked = (node, predicate) => node.links.filter((link) => link.out && link.edge.predicate === predicate);
const day = (node) => (fact(node, "date", "earliest", "latest") ?? "").replace(/^[^\dX]+/, "");
// What deserves the eye and the scarce room first: hubs, to find one's way by, and attacks.
const weight = (node) => node.links.length + (node.cls === "Attack" ? 6 : 0);
const prominent = (a, b) => weight(b) - weight(a) || RANK[a.cls] - RANK[b.cls] || a.id - b.id;

// ---- words --------------------------------------------------------------------------------------------------------
const NAMES = {
  __proto__: null, // a fact may be called "constructor"
  prefLabel: "name", altLabel: "also called", alias: "also called", aliases: "also called", lat: "latitude", long: "longitude",
  asWKT: "geometry", claimKind: "kind", groupKind: "kind", placeKind: "kind", exactMatch: "same as", figure: "figures as stated",
  assertsPerpetrator: "names as perpetrator", mergeDecision: "merged because",
};
// Words for somebody without a name stand in the row of those with one.
const DESCRIBES = {
  __proto__: null,
  perpetratorDescription: "perpetrator", targetDescription: "target", victimDescription: "victim", claimantDescription: "claimant",
  channelDescription: "channel", assertsPerpetratorDescription: "assertsPerpetrator",
};
const MERGING = ["mergedFrom", "mergeDecision", "reportedIn", "inArticle"]; // how the node came to be, not what the articles say of it
// How a relation reads from its far end; others show as "is … of".
const INVERSE = {
  __proto__: null,
  perpetrator: "carried out, as reported", target: "was the target of", location: "attacks here", claimant: "claims made",
  about: "claims about this", assertsPerpetrator: "claims that name this as perpetrator", channel: "claims carried",
  memberOf: "members", leaderOf: "leaders", formerLeaderOf: "former leaders", formerMemberOf: "former members",
  spokespersonOf: "spokespersons", founderOf: "founders", officialOf: "officials", partOf: "parts", within: "contains",
  formerOfficialOf: "former officials", affiliateOf: "affiliates", alliedWith: "allies", opponentOf: "opponents",
  splitFrom: "split off", aliasOf: "aliases", territory: "state of this territory", victim: "was among the victims of",
};
// Shown as "not stated" where nobody says it: unknown is an answer too.
const EXPECTED = {
  __proto__: null,
  Attack: ["kind", "status", "date", "location", "perpetrator", "perpetratorStatus", "target", "weapon", "killed", "injured"],
  Claim: ["claimKind", "claimant", "about", "statedOn", "channel"],
};
const spaced = (name) => name.replace(/([a-z\d])([A-Z])/g, "$1 $2").replaceAll("_", " ").toLowerCase();
const named = (name) => NAMES[name] ?? spaced(name);
const readable = (value) => (/^[a-z]+(_[a-z]+)+$/.test(value) ? value.replaceAll("_", " ") : value);
const title = (node) => node.label.trim() || "(no name)";
const LETTERS = { ı: "i", ø: "o", ł: "l", đ: "d", ß: "ss", æ: "ae", œ: "oe", ى: "ي", ک: "ك", ی: "ي" }; // no marks to strip
/** Text as search compares it: no case, accents, apostrophes or hyphens. */
function fold(text) {
  const bare = text.normalize("NFKD").replace(/[\p{M}\p{Cf}'’‘ʿʾʼ`ـ]/gu, "").toLowerCase();
  return bare.replace(/[ıøłđßæœىکی]/g, (letter) => LETTERS[letter]).replace(/[\s\p{Pd}_]+/gu, " ").trim();
}

/** A long label in two lines of about one length: half as wide, it finds room twice as often. */
function twoLines(text) {
  if (text.length < 20) return [text];
  const middle = text.length / 2;
  const breaks = [...text.matchAll(/ /g)].map((match) => match.index).sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  return breaks.length ? [text.slice(0, breaks[0]), text.slice(breaks[0] + 1)] : [text];
}

/** "12", "12 to 20 (best 15)", "at least 26": one figure from its low, best and high. */
function figure(low, best, high) {
  if (low !== null && low === high) return low;
  if (low === null && high === null) return best === null ? null : `about ${best}`;
  const range = high === null ? `at least ${low}` : low === null ? `up to ${high}` : `${low} to ${high}`;
  return best === null || best === low ? range : `${range} (best ${best})`;
}

/** The facts of a node by name, with the low, best and high of a figure in one. */
function factsOf(node) {
  const found = new Map();
  const figures = new Map();
  for (const [name, value, evidence] of node.facts) {
    const part = /^(killed|injured|abducted|attackersKilled)(Low|Best|High)$/.exec(name);
    const entry = figures.get(part?.[1]) ?? { Low: null, Best: null, High: null, evidence: new Set() };
    if (part && entry[part[2]] === null) { // a second low of its own is no longer one figure: it stands by itself
      entry[part[2]] = value;
      evidence.forEach((number) => entry.evidence.add(number));
      figures.set(part[1], entry);
    } else if (value !== null && value !== "" && !(name === "count" && value === "1")) {
      const row = DESCRIBES[name] ?? name;
      found.set(row, [...(found.get(row) ?? []), { text: readable(value), evidence }]);
    }
  }
  for (const [name, { Low, Best, High, evidence }] of figures) {
    const text = figure(Low, Best, High);
    if (text !== null) found.set(name, [...(found.get(name) ?? []), { text, evidence: [...evidence] }]);
  }
  if (found.has("kind")) found.delete("primaryKind"); // one of them, said again
  return found;
}

// ---- elements -----------------------------------------------------------------------------------------------------
function el(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "onclick") made.addEventListener("click", value);
    else made.setAttribute(key, value);
  }
  made.append(...children); // strings become text nodes
  return made;
}
const bdi = (text) => el("bdi", {}, text); // a name in another direction must not reorder its surroundings
const button = (text, onclick) => el("button", { type: "button", class: "plain", onclick }, text);
const goTo = (node) => el("button", { type: "button", class: "go", onclick: () => select(node, true) }, bdi(title(node)));
const unknown = (text = "not stated") => el("span", { class: "muted" }, text);

const OUTLINES = { // the shapes of explorer.py, for the legend and the panel
  Attack: "M7 0L14 7L7 14L0 7Z", Group: "M1.5 1.5H12.5V12.5H1.5Z", Person: "M7 1A6 6 0 1 1 7 13A6 6 0 1 1 7 1Z",
  Location: "M0.5 1.5H13.5L7 13Z", Claim: "M4.5 3H9.5L12 7L9.5 11H4.5L2 7Z",
  Other: "M7 0L9 5H14L10 8L11.5 13.5L7 10L2.5 13.5L4 8L0 5H5Z",
};
function icon(cls) {
  const [svg, path] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
  svg.setAttribute("viewBox", "0 0 14 14");
  svg.setAttribute("class", `icon ${cls}`);
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", OUTLINES[cls]);
  svg.append(path);
  return svg;
}

/** A link for http and https only: `javascript:` and its kin stay text. */
function outward(url, text) {
  let safe = false;
  try { safe = ["http:", "https:"].includes(new URL(url).protocol); } catch { /* no address at all */ }
  return safe ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer", dir: "auto" }, text) : bdi(text);
}

/** A list that shows its first items and the rest on request: a country has thousands of attacks. */
function rows(items, make, shown = 25) {
  const list = el("ul", { class: "rows" }, ...items.slice(0, shown).map(make));
  if (items.length > shown) {
    const rest = items.slice(shown);
    const more = el("li", {}, button(`Show ${rest.length.toLocaleString("en")} more`, () => more.replaceWith(...rest.map(make))));
    list.append(more);
  }
  return list;
}

// ---- sentences ----------------------------------------------------------------------------------------------------
/** Evidence by sentence: the same words in the same article once, with all that is marked in them. */
function sentences(evidence) {
  const found = new Map();
  for (const number of evidence) {
    const [article, quote, start, end] = data.evidence[number];
    const key = `${article} ${quote}`;
    if (!found.has(key)) found.set(key, { article: data.articles[article], quote: data.quotes[quote], marks: [] });
    if (end > start) found.get(key).marks.push([start, end]);
  }
  return [...found.values()];
}

function sentence({ article: [headline, outlet, published, url], quote, marks }) {
  const text = el("blockquote", { dir: "auto" });
  let done = 0;
  for (const [start, end] of marks.sort((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (end <= done) continue;
    text.append(quote.slice(done, Math.max(start, done)), el("mark", {}, quote.slice(Math.max(start, done), end)));
    done = end;
  }
  text.append(done ? quote.slice(done) : quote || "(no sentence)");
  const source = el("figcaption", {}, headline || url ? outward(url ?? "", headline || url) : "title not stated", " · ");
  source.append(outlet ? bdi(outlet) : "outlet not stated", " · ", published ? bdi(published) : "date not stated");
  return el("figure", {}, text, source);
}

/** The sentences behind one value, folded away until asked for. */
function because(evidence) {
  if (!evidence.length) return "";
  const found = sentences(evidence);
  const made = el("details", {}, el("summary", {}, count(found.length, "sentence")));
  made.addEventListener("toggle", () => { if (made.childElementCount === 1) made.append(...found.map(sentence)); });
  return made;
}
const value = (shown, evidence) => el("div", { class: "value" }, shown, because(evidence));
