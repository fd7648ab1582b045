// Third part of the explorer: what is drawn, what is selected, search and filter.
// ---- what is shown ------------------------------------------------------------------------------------------------
const CLAIMS_UP_TO = 150; // from here on claims would be most of the picture; they stay in the panel and one click away
const ALL_UP_TO = 300; // from here on the whole is a hairball: open on the surroundings of one node
const LANDMARKS = 12; // nodes whose names are worth hiding others for
const NEAR = [40, 90]; // nodes after the first and the second step from the centre
const hiddenClasses = new Set(nodes.length > CLAIMS_UP_TO ? ["Claim"] : []);
const passes = (node) => !hiddenClasses.has(node.cls);
let selected = null; // a node
let scope = null; // null: everything; a node: its surroundings
let visible = []; // nodes on the drawing, most prominent first

/** Node -> [x, y] for a node and its surroundings, on two rings; second-ring nodes stand behind the one they hang on. */
function surroundings(centre) {
  const children = new Map([[centre, []]]);
  let ring = [centre];
  for (const limit of NEAR) {
    const next = [];
    for (const node of ring) {
      const others = [...new Set(node.links.map((link) => link.other))].filter((other) => passes(other) && !children.has(other));
      others.sort((a, b) => (b.cls === "Attack") - (a.cls === "Attack") || day(b).localeCompare(day(a)) || prominent(a, b));
      for (const other of others.slice(0, Math.max(0, limit - children.size))) {
        children.set(other, []);
        children.get(node).push(other);
        next.push(other);
      }
    }
    ring = next;
  }
  const first = children.get(centre);
  const room = (node) => Math.max(1, children.get(node).length);
  const total = first.reduce((sum, node) => sum + room(node), 0);
  const outer = Math.max(360, total * 15);
  const inner = Math.max(190, outer * 0.6);
  const at = (radius, turn) => [radius * Math.cos(turn * 2 * Math.PI) * 1.2, radius * Math.sin(turn * 2 * Math.PI)];
  const placed = new Map([[centre, [0, 0]]]);
  let used = 0;
  for (const node of first) {
    // Neighbours on the ring stand a little nearer and farther in turn, so that their labels do not collide.
    placed.set(node, at(inner * (first.length > 12 && placed.size % 2 ? 0.8 : 1), (used + room(node) / 2) / total));
    children.get(node).forEach((child, i) => placed.set(child, at(outer * (i % 2 ? 1.14 : 1), (used + i + 0.5) / total)));
    used += room(node);
  }
  return placed;
}

// ---- drawing ------------------------------------------------------------------------------------------------------
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");
const FONT = '13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
let colours = {};
let hovered = { node: null, edge: null };
let selectedEdge = null;
let network = null;

function readColours() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ["stage", "text", "muted", "edge", "edge-strong", ...Object.keys(RANK)]) {
    colours[name] = style.getPropertyValue(`--${name.toLowerCase()}`).trim();
  }
}

function options() {
  const groups = {};
  for (const cls of Object.keys(RANK)) {
    const on = { background: colours[cls], border: colours.text };
    groups[cls] = { color: { background: colours[cls], border: colours.stage, highlight: on, hover: on } };
  }
  const { nodes: nodeOptions, edges: edgeOptions, ...rest } = data.drawing.options;
  const color = { color: colours.edge, highlight: colours["edge-strong"], hover: colours["edge-strong"], inherit: false };
  return { ...rest, groups, nodes: nodeOptions, edges: { ...edgeOptions, color } };
}

/** Show everything, with room at the margins for labels. */
function fit() {
  if (!visible.length) return;
  network.fit({ animation: false });
  network.moveTo({ scale: network.getScale() * 0.88 });
}

/** Hand the visible part to vis-network; `refit` moves the camera to show it all. */
function redraw(refit) {
  if (!network) return;
  const places = scope ? surroundings(scope) : null;
  const shown = nodes.filter((node) => node === selected || (places ? places.has(node) : passes(node)));
  if (places && selected && !places.has(selected)) places.set(selected, [0, -120]);
  const inside = new Set(shown);
  visible = shown.sort(prominent);
  const drawn = shown.map((node) => {
    const made = { ...data.drawing.nodes[node.id] };
    if (places) [made.x, made.y] = places.get(node);
    return made;
  });
  const lines = edges.filter((edge) => inside.has(edge.from) && inside.has(edge.to)).map((edge) => data.drawing.edges[edge.id]);
  const camera = { position: network.getViewPosition(), scale: network.getScale() };
  network.setData({ nodes: new vis.DataSet(drawn), edges: new vis.DataSet(lines) });
  if (refit) fit();
  else network.moveTo(camera);
  if (selected) network.selectNodes([selected.id]);
  const showAll = () => {
    scope = null;
    redraw(true);
    if (selected) showNode(selected); // it may offer its surroundings again
  };
  const status = [`${visible.length.toLocaleString("en")} of ${count(nodes.length, "node")} shown`];
  if (scope) status.push(" · around ", bdi(scope.short), " ", el("button", { type: "button", onclick: showAll }, "Show all"));
  $("status").replaceChildren(...status);
}

/** Boxes on the screen (middle, half width, half height), kept by square so that asking is quick. */
class Grid {
  #cells = new Map();
  *#around(x, y, halfWidth, halfHeight) {
    for (let i = Math.floor((x - halfWidth) / 64); i <= (x + halfWidth) / 64; i++) {
      for (let j = Math.floor((y - halfHeight) / 64); j <= (y + halfHeight) / 64; j++) yield i * 4096 + j;
    }
  }
  add(...box) {
    for (const cell of this.#around(...box)) this.#cells.set(cell, [...(this.#cells.get(cell) ?? []), box]);
  }
  /** How many of the boxes this one would touch. */
  touched(x, y, halfWidth, halfHeight) {
    const found = new Set();
    for (const cell of this.#around(x, y, halfWidth, halfHeight)) {
      for (const box of this.#cells.get(cell) ?? []) {
        if (Math.abs(x - box[0]) < halfWidth + box[2] && Math.abs(y - box[1]) < halfHeight + box[3]) found.add(box);
      }
    }
    return found.size;
  }
}

function surround(node) {
  scope = node;
  redraw(true);
  showNode(node);
}

/** Labels at one size on the screen, most important first, none over another: vis-network would shrink them with the zoom. */
const widths = new Map();
function drawLabels(ctx) {
  const ratio = ctx.canvas.width / ctx.canvas.clientWidth;
  const [scale, view] = [network.getScale(), network.getViewPosition()];
  const [width, height] = [ctx.canvas.clientWidth, ctx.canvas.clientHeight];
  const screen = ({ x, y }) => [(x - view.x) * scale + width / 2, (y - view.y) * scale + height / 2];
  const places = network.getPositions(visible.map((node) => node.id));
  const near = new Set(selected ? selected.links.map((link) => link.other) : []);
  const urgent = [hovered.node, selected, ...near].filter((node) => node && places[node.id]);
  const [symbols, texts] = [new Grid(), new Grid()];
  const radius = (node) => data.drawing.nodes[node.id].size * scale;
  for (const node of visible) symbols.add(...screen(places[node.id]), 0.6 * radius(node) + 2, 0.6 * radius(node) + 2);
  texts.add(width / 2, height, width / 2, 44); // the status line
  for (const node of [hovered.node, selected, scope]) { // no name may cover these
    if (node && places[node.id]) texts.add(...screen(places[node.id]), radius(node), radius(node));
  }
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  Object.assign(ctx, { textAlign: "center", textBaseline: "middle", lineJoin: "round", lineWidth: 4, strokeStyle: colours.stage });

  /** Half the width and height of some lines of text. */
  function measure(lines, font) {
    ctx.font = font;
    const key = font + lines.join("\n");
    if (!widths.has(key)) widths.set(key, Math.max(...lines.map((line) => ctx.measureText(line).width)));
    return [widths.get(key) / 2 + 2, lines.length * 7.5];
  }
  function write(lines, font, colour, box) {
    texts.add(...box);
    ctx.font = font;
    ctx.fillStyle = colour;
    lines.forEach((line, i) => {
      const at = box[1] + (i - (lines.length - 1) / 2) * 15;
      ctx.strokeText(line, box[0], at);
      ctx.fillText(line, box[0], at);
    });
  }
  const landmarks = new Set([...urgent, ...visible.slice(0, LANDMARKS)]); // their names may cover other symbols
  for (const node of new Set([...landmarks, ...visible.slice(0, 1500)])) {
    const [x, y] = screen(places[node.id]);
    if (x < -60 || y < -20 || x > width + 60 || y > height + 20) continue;
    const isUrgent = node === selected || node === hovered.node;
    if (node.cls === "Claim" && scale < 0.9 && !isUrgent && !near.has(node)) continue;
    const font = isUrgent || node.cls === "Attack" ? `600 ${FONT}` : FONT;
    const lines = twoLines(node.short);
    const [w, h] = measure(lines, font);
    const gap = radius(node) + 3;
    const boxes = [[x, y + gap + h, w, h], [x, y - gap - h, w, h], [x + gap + w, y, w, h], [x - gap - w, y, w, h]];
    const costs = boxes.map((found) => {
      const outside = found[0] < w || found[0] > width - w || found[1] < h;
      return texts.touched(...found) ? Infinity : symbols.touched(...found) + (outside ? 2 : 0);
    });
    const least = Math.min(...costs);
    const isWorthIt = least === 0 || (landmarks.has(node) && least < Infinity);
    const box = isUrgent ? boxes[Math.max(0, costs.indexOf(least))] : isWorthIt ? boxes[costs.indexOf(least)] : null;
    if (box) write(lines, font, node.cls === "Claim" ? colours.muted : colours.text, box);
  }
  const labelled = new Set([hovered.edge, selectedEdge].filter((edge) => edge && network.body.edges[edge.id]));
  for (const { edge } of selected && selected.links.length <= 12 ? selected.links : []) {
    if (network.body.edges[edge.id]) labelled.add(edge);
  }
  for (const edge of labelled) {
    const [x, y] = screen(network.body.edges[edge.id].edgeType.getPoint(0.5)); // the only way to the middle of a bent line
    const font = `italic ${FONT}`;
    const box = [x, y, ...measure([named(edge.predicate)], font)];
    const isUrgent = edge === hovered.edge || edge === selectedEdge;
    if (isUrgent || !(texts.touched(...box) + symbols.touched(...box))) write([named(edge.predicate)], font, colours.text, box);
  }
  ctx.restore();
}

function startDrawing() {
  readColours();
  network = new vis.Network($("network"), {}, options());
  network.on("afterDrawing", drawLabels);
  network.on("click", ({ nodes: [node], edges: [edge] }) => {
    if (node !== undefined) select(nodes[node]);
    else if (edge !== undefined) selectEdge(edges[edge]);
    else select(null);
  });
  network.on("doubleClick", ({ nodes: [node] }) => { if (node !== undefined) surround(nodes[node]); });
  network.on("hoverNode", ({ node }) => { hovered.node = nodes[node]; });
  network.on("blurNode", () => { hovered.node = null; });
  network.on("hoverEdge", ({ edge }) => { hovered.edge = edges[edge]; });
  network.on("blurEdge", () => { hovered.edge = null; });
  dark.addEventListener("change", () => { readColours(); network.setOptions(options()); redraw(false); });
  const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor });
  $("zoom-in").addEventListener("click", () => zoom(1.4));
  $("zoom-out").addEventListener("click", () => zoom(1 / 1.4));
  $("zoom-fit").addEventListener("click", fit);
}

// ---- selection ----------------------------------------------------------------------------------------------------
/** Select a node, or nothing (null); `move` brings it into view, for selections made away from the drawing. */
function select(node, move = false) {
  const wasForced = selected && !passes(selected);
  selected = node;
  selectedEdge = null;
  const isDrawn = !node || visible.includes(node);
  if (!isDrawn && scope) scope = node;
  if (!isDrawn || wasForced) redraw(scope === node && node !== null);
  if (node) network.selectNodes([node.id]);
  else network?.unselectAll();
  if (node && move && scope !== node && !isInView(node)) {
    network.focus(node.id, { scale: Math.max(network.getScale(), 0.7), animation: calm.matches ? false : { duration: 300 } });
  }
  if (node) showNode(node);
  else overview();
  const wanted = node ? `#${encodeURIComponent(node.iri)}` : "";
  if (location.hash !== wanted && (wanted || location.hash)) location.hash = wanted;
}

function isInView(node) {
  const { x, y } = network.canvasToDOM(network.getPositions([node.id])[node.id]);
  const { clientWidth: width, clientHeight: height } = $("network");
  return network.getScale() >= 0.5 && x > 80 && y > 30 && x < width - 80 && y < height - 60;
}

function selectEdge(edge) {
  selected = null;
  selectedEdge = edge;
  network.selectEdges([edge.id]);
  showEdge(edge);
}

function followHash() {
  let iri = "";
  try { iri = decodeURIComponent(location.hash.slice(1)); } catch { return; /* not one of ours */ }
  const node = byIri.get(iri) ?? null;
  if (node !== selected && (node || !iri)) select(node, true);
}

// ---- search -------------------------------------------------------------------------------------------------------
const SHOWN = 40;
let index = null; // made at the first search
let hits = [];
let active = -1;

function makeIndex() {
  const holders = data.quotes.map(() => new Set());
  const hold = (node, evidence) => evidence.forEach((number) => holders[data.evidence[number][1]].add(node));
  for (const node of nodes) [node.evidence, ...node.facts.map((found) => found[2])].forEach((evidence) => hold(node, evidence));
  for (const edge of edges) [edge.from, edge.to].forEach((node) => hold(node, edge.evidence));
  return {
    nodes: nodes.map((node) => {
      const facts = node.facts.filter((found) => found[1]).map(([name, text]) => [name, text, fold(text)]);
      return { node, label: fold(node.label), facts };
    }),
    quotes: data.quotes.map((quote, number) => ({ quote, text: fold(quote), holders: holders[number] })),
  };
}

function find(query) {
  const words = fold(query).split(" ").filter(Boolean);
  if (!words.length) return [];
  index ??= makeIndex();
  const has = (text) => words.every((word) => text.includes(word));
  const found = new Map(); // node -> [rank, why]
  for (const { node, label, facts } of index.nodes) {
    const where = facts.find(([, , text]) => has(text));
    if (has(label)) found.set(node, [label.startsWith(words[0]) ? 0 : 1, null]);
    else if (where) found.set(node, [2, `${named(where[0])}: ${where[1]}`]);
  }
  for (const { quote, text, holders } of index.quotes) {
    if (!has(text)) continue;
    const at = Math.max(0, quote.toLowerCase().indexOf(words[0]) - 30);
    const excerpt = `${at ? "…" : ""}${quote.slice(at, at + 110)}${quote.length > at + 110 ? "…" : ""}`;
    for (const node of holders) if (!found.has(node)) found.set(node, [3, excerpt]);
  }
  return [...found].map(([node, [rank, why]]) => ({ node, rank, why })).sort((a, b) => a.rank - b.rank || prominent(a.node, b.node));
}

function activate(number) {
  active = number;
  [...$("results").querySelectorAll("[role=option]")].forEach((item, i) => {
    item.setAttribute("aria-selected", String(i === active));
    if (i === active) item.scrollIntoView({ block: "nearest" });
  });
  $("query").setAttribute("aria-activedescendant", active < 0 ? "" : `result-${active}`);
}

function listResults() {
  hits = find($("query").value);
  const items = hits.slice(0, SHOWN).map(({ node, why }, i) => {
    const text = el("span", {}, bdi(node.short), ...(why ? [el("small", { dir: "auto" }, why.slice(0, 160))] : []));
    return el("li", { role: "option", id: `result-${i}`, "aria-selected": "false", onclick: () => choose(i) }, icon(node.cls), text);
  });
  if (hits.length > SHOWN) items.push(el("li", { class: "note" }, `and ${hits.length - SHOWN} more: add a word`));
  if (!hits.length) items.push(el("li", { class: "note" }, "Nothing found."));
  $("results").replaceChildren(...items);
  activate(-1);
  openResults($("query").value.trim() !== "");
}

function openResults(open) {
  $("results").hidden = !open;
  $("query").setAttribute("aria-expanded", String(open));
}

function choose(number) {
  if (!hits[number]) return;
  openResults(false);
  select(hits[number].node, true);
}

function startSearch() {
  const query = $("query");
  query.addEventListener("input", listResults);
  query.addEventListener("focus", () => { if (query.value.trim()) listResults(); });
  query.addEventListener("keydown", (event) => {
    const last = Math.min(hits.length, SHOWN) - 1;
    if (event.key === "ArrowDown") activate(Math.min(active + 1, last));
    else if (event.key === "ArrowUp") activate(Math.max(active - 1, Math.min(0, last)));
    else if (event.key === "Enter") choose(Math.max(active, 0));
    else if (event.key === "Escape") { query.value = ""; listResults(); } // clears in every browser, and closes the list
    else return;
    event.preventDefault();
  });
  document.addEventListener("click", (event) => { if (!$("search").contains(event.target)) openResults(false); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && event.target !== query) { event.preventDefault(); query.focus(); }
  });
}

// ---- legend, which is also the filter -----------------------------------------------------------------------------
function startLegend() {
  for (const cls of Object.keys(RANK)) {
    const number = nodes.filter((node) => node.cls === cls).length;
    if (!number && (cls === "Other" || !nodes.length)) continue;
    const box = el("input", { type: "checkbox", id: `show-${cls}` });
    box.checked = !hiddenClasses.has(cls);
    box.addEventListener("change", () => {
      if (box.checked) hiddenClasses.delete(cls);
      else hiddenClasses.add(cls);
      redraw(scope !== null);
    });
    $("legend").append(el("label", { for: box.id }, box, icon(cls), cls, el("span", { class: "muted" }, number.toLocaleString("en"))));
  }
}

// ---- start --------------------------------------------------------------------------------------------------------
startLegend();
startSearch();
if (nodes.length) {
  startDrawing();
  if (nodes.filter(passes).length > ALL_UP_TO) {
    // The group with most attacks: a news agency or ministry may have more links, but few come to read about it.
    const attacks = new Map(nodes.map((node) => [node, node.links.filter(({ other }) => other.cls === "Attack").length]));
    const isGroup = (node) => node.cls === "Group" && attacks.get(node) > 0;
    scope = [...nodes].sort((a, b) => isGroup(b) - isGroup(a) || attacks.get(b) - attacks.get(a) || prominent(a, b))[0];
  }
  redraw(true);
  overview();
  followHash();
  addEventListener("hashchange", followHash);
} else {
  $("empty").hidden = false;
  $("foot").hidden = true;
  overview();
}
window.incidentgraph = { network, select: (iri) => select(byIri.get(iri) ?? null, true) }; // for tests and notebooks
