// Casemate's pictures of access: subjects, bindings, roles and rules in columns, with lines between those that
// belong together, and the same as a list. Stands after page.js.

(() => {
  const { root, $, $$, count, counted, make, List } = casemate;

  // The data: entries of each column are sorted so that what belongs together stands together, and known by
  // their numbers; a path is one number of each column.

  const COLUMNS = ["subject", "binding", "role", "rule"];
  const FACETS = { verb: "Verb", resource: "Resource", namespace: "Namespace", kind: "Kind of subject" };
  const ALL = "*", EVERYWHERE = "everywhere";
  const SINGLE = 36, PARTS = 24, RANGES = 8; // nodes of a column: one by one, in groups, and of these ranges of roles
  let entries, paths, severities;

  function read() {
    const data = JSON.parse($("#data").textContent);
    severities = data.severities;
    const named = (kind, namespace, name, place) => ({
      head: kind, name: (namespace ? `${namespace}/` : "") + name, namespace, place, group: `${kind}\n${namespace}`,
      groupName: namespace ? `in ${namespace}` : "",
    });
    const roles = data.roles.map((row) => named(...row));
    entries = {
      subject: data.subjects.map((row) => named(...row)),
      binding: data.bindings.map((row) => named(...row)),
      role: roles,
      rule: data.rules.map(([name, verbs, resources, number, role, place, wide, inside, gives]) => ({
        head: `rule ${number} of ${roles[role].head} ${roles[role].name}`, name, verbs, resources, place,
        group: String(role), groupName: `of ${roles[role].name}`, severities: [inside, wide], gives, kind: "rule",
      })),
    };
    for (const column of COLUMNS) entries[column].forEach((entry, id) => { entry.id = id; });
    paths = data.paths.map(([subject, binding, role, rule, namespace], index) => {
      const path = { index, subject, binding, role, rule, namespace: namespace || EVERYWHERE };
      path.of = Object.fromEntries(COLUMNS.map((column) => [column, entries[column][path[column]]]));
      path.severity = path.of.rule.severities[namespace ? 0 : 1];
      return path;
    });
  }

  // What is asked for: filters, words, and what was picked in the picture as ranges of a column's numbers

  const filter = { search: "", words: [], picks: [] };
  for (const facet of Object.keys(FACETS)) filter[facet] = "";
  let found = [], tallies = {}, view = "picture";

  const resourceMatches = (entry, wanted) =>
    entry === wanted || entry === ALL || (entry.startsWith("*/") && wanted.endsWith(entry.slice(1)));
  const VALUES = { verb: (p) => p.of.rule.verbs, resource: (p) => p.of.rule.resources, namespace: (p) => [p.namespace], kind: (p) => [p.of.subject.head] };
  const MATCHES = {
    verb: (path, wanted) => path.of.rule.verbs.some((verb) => verb === wanted || verb === ALL),
    resource: (path, wanted) => path.of.rule.resources.some((entry) => resourceMatches(entry, wanted)),
    namespace: (path, wanted) => path.namespace === wanted || path.namespace === EVERYWHERE,
    kind: (path, wanted) => path.of.subject.head === wanted,
  };

  const WIDE = /^(\*.*|everywhere)$/;
  const covers = (facet, wide, value) => (facet === "namespace" ? wide === EVERYWHERE : facet !== "kind" && resourceMatches(wide, value));

  function haystack(path) {
    path.hay ??= [path.namespace, ...COLUMNS.flatMap((column) => [path.of[column].head, path.of[column].name, path.of[column].place || ""])]
      .join("\n").toLowerCase();
    return path.hay;
  }

  // A path that fails one facet only still counts among that facet's other choices.
  function apply() {
    const facets = Object.keys(FACETS);
    found = [];
    tallies = Object.fromEntries(facets.map((facet) => [facet, new Map()]));
    for (const path of paths) {
      if (!filter.picks.every(({ column, first, last }) => path[column] >= first && path[column] <= last)) continue;
      if (!filter.words.every((word) => haystack(path).includes(word))) continue;
      const failed = facets.filter((facet) => filter[facet] && !MATCHES[facet](path, filter[facet]));
      if (failed.length > 1) continue;
      for (const facet of failed.length ? failed : facets) {
        const values = VALUES[facet](path);
        for (const value of values.includes(ALL) ? [ALL] : new Set(values)) tallies[facet].set(value, (tallies[facet].get(value) || 0) + 1);
      }
      if (!failed.length) found.push(path);
    }
  }

  function address(picks = filter.picks, name = view, kind = "") {
    const terms = new URLSearchParams();
    for (const facet of Object.keys(FACETS)) if (filter[facet]) terms.set(facet, filter[facet]);
    if (kind) terms.set("kind", kind);
    if (filter.search) terms.set("q", filter.search);
    for (const { column, first, last } of picks) terms.append("only", `${column}.${first}${last > first ? `-${last}` : ""}`);
    const query = terms.toString().replaceAll("+", "%20");
    return `#${name}${query ? `?${query}` : ""}`;
  }

  function ask(terms) {
    const given = new URLSearchParams(terms);
    for (const facet of Object.keys(FACETS)) filter[facet] = given.get(facet) || "";
    filter.picks = given.getAll("only").map((text) => /^(subject|binding|role|rule)\.(\d+)(?:-(\d+))?$/.exec(text)).filter(Boolean)
      .map(([, column, first, last]) => ({ column, first: Number(first), last: Number(last ?? first) }))
      .filter(({ column, first, last }) => first <= last && last < entries[column].length);
    search(given.get("q") || "");
    $("#search").value = filter.search;
  }

  function search(text) {
    filter.search = text;
    filter.words = text.toLowerCase().split(/\s+/).filter(Boolean);
  }

  function drawFilters() {
    for (const [facet, name] of Object.entries(FACETS)) {
      const select = $(`#facet-${facet}`), values = [...tallies[facet].keys()], wide = values.filter((value) => WIDE.test(value));
      if (filter[facet] && !tallies[facet].has(filter[facet])) values.push(filter[facet]);
      const choices = values.map((value) => [value, (tallies[facet].get(value) || 0) // what is wider counts for it too
        + wide.filter((other) => other !== value && covers(facet, other, value)).reduce((sum, other) => sum + tallies[facet].get(other), 0)]);
      choices.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
      select.replaceChildren(make("option", { value: "" }, name),
        ...choices.map(([value, number]) => make("option", { value }, `${value} (${count(number)})`)));
      select.value = filter[facet];
      select.classList.toggle("set", filter[facet] !== "");
      select.hidden = choices.length < 2 && !filter[facet];
    }
    $("#clear").hidden = address([], view) === `#${view}` && !filter.picks.length;
    $(".picks").replaceChildren(...filter.picks.map((pick) => {
      const others = filter.picks.filter((other) => other !== pick), { head, name } = labelOf(pick.column, range(pick));
      const what = head.replace(/^[\d,]+ /, ""); // the filters may leave fewer than the range holds
      return make("li", {}, make("a", { href: address(others), title: "Show the others again" }, make("span", {}, `Only ${what}${pick.column === "rule" ? ":" : ""} ${name}`)));
    }));
    const numbers = COLUMNS.map((column) => new Set(found.map((path) => path[column])).size);
    $(".tally").textContent = `${count(found.length)} of ${counted(paths.length, "line")} of access: ${
      COLUMNS.map((column, index) => counted(numbers[index], column)).join(", ")}`;
  }

  // The picture: one node for each entry of a column, or for a range of them where there are many

  const range = ({ column, first, last }) => entries[column].slice(first, last + 1);

  function labelOf(column, of) {
    const [first] = of, last = of.at(-1);
    if (of.length === 1) return { head: first.head, name: first.name };
    const kinds = new Set(of.map((entry) => entry.head)), noun = column !== "rule" && kinds.size === 1 ? first.head : column;
    const whole = of.every((entry) => entry.group === first.group) && first.groupName
      && entries[column][first.id - 1]?.group !== first.group && entries[column][last.id + 1]?.group !== first.group;
    return { head: counted(of.length, noun), name: whole ? first.groupName : `${first.name} … ${last.name}` };
  }

  function chunks(things, most, size = () => 1) {
    const total = things.reduce((sum, thing) => sum + size(thing), 0), parts = [];
    let sum = 0;
    for (const thing of things) {
      const part = Math.min(most - 1, Math.floor((sum * most) / total));
      (parts[part] ??= []).push(thing);
      sum += size(thing);
    }
    return parts.filter(Boolean);
  }

  function nodeOf(column, of, more = {}) {
    const first = of[0].id, last = of.at(-1).id;
    return { column, of, ids: new Set(of.map((entry) => entry.id)), first, picks: [{ column, first, last }], ...labelOf(column, of), ...more };
  }

  const entriesFound = (column) => [...new Set(found.map((path) => path[column]))].sort((a, b) => a - b).map((id) => entries[column][id]);

  // Roles stand in the order of how many hold them: the first ones singly, the rest in ranges.
  function roleNodes() {
    const some = entriesFound("role"), held = new Map();
    if (some.length <= SINGLE) return some.map((role) => nodeOf("role", [role]));
    for (const path of found) held.set(path.role, (held.get(path.role) || new Set()).add(path.subject));
    const first = some.slice(0, PARTS - RANGES);
    return [...first.map((role) => [role]), ...chunks(some.slice(first.length), RANGES)].map((of) => {
      const numbers = of.map((role) => held.get(role.id).size), least = Math.min(...numbers), most = Math.max(...numbers);
      const name = `with ${least === most ? "" : `${count(least)} to `}${counted(most, "subject")}${of.length > 1 ? " each" : ""}`;
      return nodeOf("role", of, of.length > 1 ? { name } : {});
    });
  }

  // Too many of another column are drawn by the role that they belong to, or by their groups where it is one.
  function nodesOf(column, roles, roleAt) {
    const some = entriesFound(column);
    if (some.length <= SINGLE) return some.map((entry) => nodeOf(column, [entry]));
    if (roles.length === 1) {
      const groups = [...Map.groupBy(some, (entry) => entry.group).values()];
      const parts = groups.length === 1 ? chunks(some, PARTS) : groups.length <= PARTS ? groups
        : chunks(groups, PARTS, (group) => group.length).map((part) => part.flat());
      return parts.map((of) => nodeOf(column, of));
    }
    const owners = new Map();
    for (const path of found) {
      const role = roleAt.get(path.role), known = owners.get(path[column]);
      if (!known || role.first < known.first) owners.set(path[column], role);
    }
    const byRole = Map.groupBy(some, (entry) => owners.get(entry.id));
    return [...byRole].flatMap(([role, of]) => {
      const kinds = [...Map.groupBy(of, (entry) => entry.head).values()];
      const parts = column === "subject" && byRole.size * kinds.length <= PARTS ? kinds : [of];
      return parts.map((part) => (part.length === 1 ? nodeOf(column, part) : nodeOf(column, part, {
        picks: role.picks, facet: parts.length > 1 ? part[0].head : "", name: `of ${role.of.length > 1 ? role.head : role.name}`,
      })));
    });
  }

  const HEIGHT = 56, GAP = 8, TOP = 28, BETWEEN = 64, SHARES = [0.23, 0.23, 0.2, 0.34];
  let picture = null;

  // Nodes next to what they are linked to, so that lines cross little; where there are groups, in the order of roles.
  function layOut(columns, links) {
    const grouped = columns.flat().some((node) => node.of.length > 1), last = columns.length - 1;
    const place = (nodes) => nodes.forEach((node, index) => { node.y = index * (HEIGHT + GAP); });
    const pull = (from, to, key, other) => {
      for (const node of to) {
        const near = links.filter((link) => link[key] === node), weight = near.reduce((sum, link) => sum + link.paths ** 2, 0);
        node.wish = near.reduce((sum, link) => sum + link[other].y * link.paths ** 2, 0) / weight;
      }
      to.sort((a, b) => a.wish - b.wish || a.first - b.first);
      place(to);
    };
    columns.forEach(place);
    if (grouped) for (let i = last - 1; i > 0; i -= 1) pull(columns[i], columns[i - 1], "from", "to");
    for (let sweep = 0; sweep < 2 && !grouped; sweep += 1) {
      for (let i = 1; i <= last; i += 1) pull(columns[i - 1], columns[i], "to", "from");
      for (let i = last - 1; i >= 0; i -= 1) pull(columns[i + 1], columns[i], "from", "to");
    }
    const bottom = Math.max(...columns.map((nodes) => nodes.length)) * (HEIGHT + GAP);
    const settle = (nodes) => {
      let y = 0;
      for (const node of nodes) { node.y = Math.max(y, node.wish); y = node.y + HEIGHT + GAP; }
      y = bottom;
      for (const node of nodes.slice().reverse()) { node.y = Math.min(node.y, y - HEIGHT - GAP); y = node.y; }
    };
    const longest = columns.reduce((best, nodes, index) => (nodes.length > columns[best].length ? index : best), 0);
    const first = grouped ? last - 1 : longest; // the column that the others stand beside
    for (const node of columns[first]) node.wish = node.y;
    settle(columns[first]);
    for (let i = first + 1; i <= last; i += 1) { pull(columns[i - 1], columns[i], "to", "from"); settle(columns[i]); }
    for (let i = first - 1; i >= 0; i -= 1) { pull(columns[i + 1], columns[i], "from", "to"); settle(columns[i]); }
    const top = Math.min(...columns.flat().map((node) => node.y));
    for (const node of columns.flat()) node.y -= top - TOP;
    return bottom + TOP;
  }

  function draw() {
    const canvas = $(".canvas");
    canvas.replaceChildren();
    canvas.classList.remove("lit");
    picture = null;
    drawAbout();
    if (!found.length) { canvas.append(make("p", { class: "empty" }, "Nothing matches these filters.")); canvas.style.height = ""; return; }
    const mapOf = (nodes) => new Map(nodes.flatMap((node) => [...node.ids].map((id) => [id, node])));
    const roles = roleNodes(), roleAt = mapOf(roles);
    const columns = COLUMNS.map((column) => (column === "role" ? roles : nodesOf(column, roles, roleAt))), at = columns.map(mapOf);
    const known = new Map(), links = [];
    for (const path of found) {
      path.nodes = COLUMNS.map((column, index) => at[index].get(path[column]));
      path.nodes[3].severity = Math.max(path.nodes[3].severity ?? -1, path.severity);
      path.links = [0, 1, 2].map((index) => {
        const [from, to] = path.nodes.slice(index, index + 2), ends = known.get(from) || known.set(from, new Map()).get(from);
        if (!ends.has(to)) { ends.set(to, { from, to, index, paths: 0 }); links.push(ends.get(to)); }
        ends.get(to).paths += 1;
        return ends.get(to);
      });
    }
    const height = layOut(columns, links), width = Math.max($(".scroller").clientWidth, 960);
    const room = width - 3 * BETWEEN, xs = [], widths = SHARES.map((share) => Math.floor(room * share));
    widths.reduce((x, w, index) => { xs[index] = x; return x + w + BETWEEN; }, 0);
    canvas.style.height = `${height}px`;
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("width", width);
    svg.setAttribute("height", height);
    svg.setAttribute("aria-hidden", "true");
    for (const link of links) {
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      const x1 = xs[link.index] + widths[link.index], x2 = xs[link.index + 1], y1 = link.from.y + HEIGHT / 2, y2 = link.to.y + HEIGHT / 2;
      const middle = (x1 + x2) / 2;
      path.setAttribute("d", `M${x1} ${y1.toFixed(1)}C${middle} ${y1.toFixed(1)} ${middle} ${y2.toFixed(1)} ${x2} ${y2.toFixed(1)}`);
      path.style.strokeWidth = `${Math.min(6, 1 + Math.log2(link.paths) / 2).toFixed(2)}px`;
      link.element = path;
      svg.append(path);
    }
    canvas.append(svg);
    columns.forEach((nodes, index) => {
      const column = COLUMNS[index], number = new Set(found.map((path) => path[column])).size;
      const head = make("p", { class: "column" }, make("b", {}, count(number)), ` ${column}${number === 1 ? "" : "s"}`);
      head.style.left = `${xs[index]}px`;
      canvas.append(head);
      for (const node of nodes.slice().sort((a, b) => a.y - b.y)) canvas.append(boxOf(node, xs[index], widths[index]));
    });
    picture = { columns, links };
  }

  function boxOf(node, x, width) {
    const { column, of, head, name } = node, single = of.length === 1;
    const isPicked = (pick) => filter.picks.some((other) => other.column === pick.column && other.first === pick.first && other.last === pick.last);
    const picked = node.picks.every(isPicked) && (single || node.picks[0].column === column);
    const picks = picked ? filter.picks.filter((pick) => !node.picks.some((other) => other.column === pick.column && other.first === pick.first && other.last === pick.last))
      : [...filter.picks, ...node.picks.filter((pick) => !isPicked(pick))];
    const tone = column === "rule" && node.severity >= 0 ? severities[node.severity] : "";
    const lines = [make("small", {}, head), make("span", {}, name)];
    const box = make("a", {
      href: address(picks, view, node.facet), class: `node ${column} ${tone} ${single ? "" : "group"} ${picked ? "picked" : ""}`,
      title: `${head} ${name}${single && of[0].place ? `\n${of[0].place}` : ""}`, "aria-current": picked ? "true" : null,
    }, ...(column === "rule" ? lines.reverse() : lines));
    box.style.left = `${x}px`;
    box.style.top = `${node.y}px`;
    box.style.width = `${width}px`;
    for (const name of ["pointerenter", "focus"]) box.addEventListener(name, () => light(node));
    for (const name of ["pointerleave", "blur"]) box.addEventListener(name, () => light(null));
    node.box = box;
    return box;
  }

  // What is on a line of access with a node
  function light(node) {
    const canvas = $(".canvas");
    canvas.classList.toggle("lit", node !== null);
    if (!picture) return;
    const lit = new Set();
    if (node) for (const path of found) if (path.nodes.includes(node)) for (const thing of [...path.nodes, ...path.links]) lit.add(thing);
    for (const other of picture.columns.flat()) other.box.classList.toggle("lit", lit.has(other));
    for (const link of picture.links) link.element.classList.toggle("lit", lit.has(link));
  }

  function drawAbout() {
    const pick = filter.picks.findLast(({ first, last }) => first === last);
    if (!pick) { $(".about").replaceChildren(); return; }
    const [entry] = range(pick), { column } = pick, rows = [];
    if (entry.place) rows.push(["Written in", make("code", {}, entry.place)]);
    if (column === "rule") {
      for (const [name, words] of [["Verbs", entry.verbs], ["Resources", entry.resources]]) if (words.length) rows.push([name, words.join(", ")]);
      for (const words of entry.gives) rows.push(["Power", words]);
    }
    const places = [...new Set(found.map((path) => path.namespace))].sort();
    rows.push(["Holds", places.length > 8 ? `${places.slice(0, 8).join(", ")} and ${count(places.length - 8)} more` : places.join(", ") || "nowhere with these filters"]);
    $(".about").replaceChildren(make("h2", {}, entry.name), make("p", { class: "fine" }, entry.head),
      make("dl", {}, ...rows.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)])));
  }

  // The list

  let list = null;
  const cut = (text) => make("span", { class: "cut", title: text }, text);
  const small = (text) => make("small", { title: text }, text);

  function lay() {
    list = new List($("section.access"), [
      { name: "Subject", key: (p) => p.subject, cell: (p) => [make("a", {
        title: p.of.subject.name,
        href: address([{ column: "subject", first: p.subject, last: p.subject }, { column: "binding", first: p.binding, last: p.binding }, { column: "rule", first: p.rule, last: p.rule }], "picture"),
      }, p.of.subject.name), small(p.of.subject.head)] },
      { name: "Where", key: (p) => p.namespace, cell: (p) => cut(p.namespace) },
      { name: "May", up: false, key: (p) => p.severity, cell: (p) => [make("span", { class: "cut", title: p.of.rule.name },
        make("i", { class: `tone ${severities[p.severity] || ""}` }), p.of.rule.name), small(p.of.rule.gives[0] || "")] },
      { name: "Through", key: (p) => p.binding, cell: (p) => [cut(`${p.of.binding.head} ${p.of.binding.name}`), small(`${p.of.role.head} ${p.of.role.name}`)] },
      { name: "Written in", key: (p) => p.of.rule.place, cell: (p) => make("span", { class: "place cut", title: p.of.rule.place }, p.of.rule.place) },
    ], { column: 2, up: false }, { chosen: () => null, empty: "Nothing matches these filters." });
  }

  // Views, addresses and keys

  function refresh() {
    apply();
    drawFilters();
    for (const name of ["picture", "list"]) {
      const link = $(`.top nav a[href^="#${name}"]`);
      link.href = address(filter.picks, name);
      if (name === view) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
    }
    $("section.picture").hidden = view !== "picture";
    $("section.access").hidden = view !== "list";
    if (view === "picture") draw(); else list.show(found);
  }

  function route() {
    const [, name, terms] = /^#?([^?]*)\??(.*)$/.exec(location.hash), before = view;
    view = name === "list" ? "list" : "picture";
    const { column, first } = document.activeElement?.classList.contains("node") ? nodeAt(document.activeElement) : {};
    ask(terms);
    refresh();
    if (before !== view) scrollTo(0, 0);
    if (column && picture) picture.columns[COLUMNS.indexOf(column)].find((node) => node.ids.has(first))?.box.focus({ preventScroll: true });
  }

  function filtered() {
    refresh();
    history.replaceState(null, "", address());
  }

  const nodeAt = (box) => picture.columns.flat().find((node) => node.box === box) || {};

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "Escape" && event.target.id === "search" && filter.search) { search(""); event.target.value = ""; filtered(); }
    else if (event.key === "Escape" && filter.picks.length) location.hash = address(filter.picks.slice(0, -1));
    else if (event.key === "/" && !typing) { $("#search").focus(); $("#search").select(); }
    else if (event.key.startsWith("Arrow") && event.target.classList?.contains("node") && picture) step(event.key, nodeAt(event.target));
    else return;
    event.preventDefault();
  }

  function step(key, node) {
    const index = COLUMNS.indexOf(node.column), sideways = key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0;
    if (sideways) {
      const near = picture.links.filter((link) => (sideways > 0 ? link.from : link.to) === node).map((link) => (sideways > 0 ? link.to : link.from));
      near.sort((a, b) => Math.abs(a.y - node.y) - Math.abs(b.y - node.y))[0]?.box.focus();
      return;
    }
    const column = picture.columns[index].slice().sort((a, b) => a.y - b.y);
    column[column.indexOf(node) + (key === "ArrowDown" ? 1 : -1)]?.box.focus();
  }

  // Start

  document.addEventListener("DOMContentLoaded", () => {
    read();
    $(".top nav").hidden = !paths.length;
    $("#explorer").hidden = !paths.length;
    if (!paths.length) return;
    $(".facets").append(...Object.entries(FACETS).map(([facet, name]) => make("select", { id: `facet-${facet}`, "aria-label": name })));
    lay();
    $("#search").addEventListener("input", (event) => { search(event.target.value); filtered(); });
    $(".facets").addEventListener("change", (event) => { filter[event.target.id.slice(6)] = event.target.value; filtered(); });
    $("#clear").addEventListener("click", () => { ask(""); filtered(); $("#search").focus(); });
    let waiting = false;
    const redraw = (resized) => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; if (view === "list") list.draw(); else if (resized) draw(); });
    };
    addEventListener("scroll", () => redraw(false), { passive: true });
    addEventListener("resize", () => redraw(true));
    new ResizeObserver(() => {
      const height = getComputedStyle($("#explorer")).position === "sticky" ? $("#explorer").offsetHeight : 0;
      root.style.setProperty("--tools", `${height}px`);
    }).observe($("#explorer"));
    addEventListener("hashchange", route);
    document.addEventListener("keydown", onKey);
    route();
  });
})();
