// Casemate's report: views, filters, search and the long lists. Text from manifests goes in as
// text only (textContent); nothing is fetched and nothing is sent. Stands after page.js.

(() => {
  const { root, $, $$, count, counted, make, List } = casemate;

  // The data

  const FACETS = ["namespace", "kind", "control", "party", "consequence"];
  const NAMES = { namespace: "Namespace", kind: "Kind", control: "Control", party: "Party", consequence: "Consequence" };
  let severities, findings, objects, byId, excerpts;

  function read() {
    const data = JSON.parse($("#data").textContent);
    const text = (index) => (index < 0 ? "" : data.texts[index]);
    severities = data.severities;
    excerpts = data.excerpts;
    const controls = data.controls.map(([id, title, consequence, party, standards]) => (
      { id, title, consequence: data.consequences[consequence], party, standards }));
    objects = data.objects.map(([kind, namespace, name, version, file], index) => ({
      index, kind: text(kind), namespace: namespace < 0 ? data.nowhere : text(namespace),
      label: (namespace < 0 ? "" : `${text(namespace)}/`) + text(name), version: text(version), file: text(file),
    }));
    findings = data.findings.map((row, index) => {
      const control = controls[row[1]], object = objects[row[2]];
      return {
        index, id: row[0], control: control.id, about: control, object, severity: row[3], confidence: text(row[4]),
        container: text(row[5]), line: row[6], place: `${object.file}:${row[6]}:${row[7]}`, path: text(row[8]),
        message: text(row[9]), why: text(row[10]), remedy: text(row[11]), safe: row[12], excerpt: row[13],
        mark: row[14], after: row[15], added: row[16] === undefined ? "" : text(row[16]),
        namespace: object.namespace, kind: object.kind, party: control.party, consequence: control.consequence,
      };
    });
    byId = new Map();
    for (const finding of findings) if (!byId.has(finding.id)) byId.set(finding.id, finding);
  }

  // What is asked for: one set of filters for all lists

  const filter = { severity: new Set(), words: [], search: "" };
  for (const facet of FACETS) filter[facet] = "";
  let found = [], tallies = {};

  function haystack(finding) {
    finding.hay ??= [finding.message, finding.object.label, finding.kind, finding.place, finding.control, finding.about.title,
      finding.path, finding.remedy, finding.about.standards.join(" "), finding.id].join("\n").toLowerCase();
    return finding.hay;
  }

  // A finding that fails one filter only still counts among that filter's other choices.
  function apply() {
    found = [];
    tallies = Object.fromEntries(["severity", ...FACETS].map((name) => [name, new Map()]));
    for (const finding of findings) {
      let failed = null, fails = 0;
      if (filter.severity.size && !filter.severity.has(finding.severity)) { failed = "severity"; fails += 1; }
      for (const facet of FACETS) if (filter[facet] && filter[facet] !== finding[facet]) { failed = facet; fails += 1; }
      if (fails > 1 || !filter.words.every((word) => haystack(finding).includes(word))) continue;
      for (const name of fails ? [failed] : ["severity", ...FACETS]) {
        tallies[name].set(finding[name], (tallies[name].get(finding[name]) || 0) + 1);
      }
      if (!fails) found.push(finding);
    }
  }

  function query() {
    const terms = new URLSearchParams();
    if (filter.severity.size) terms.set("severity", [...filter.severity].sort().reverse().map((s) => severities[s]).join(","));
    for (const facet of FACETS) if (filter[facet]) terms.set(facet, filter[facet]);
    if (filter.search) terms.set("q", filter.search);
    return terms.toString().replaceAll("+", "%20");
  }

  function ask(terms) {
    const given = new URLSearchParams(terms);
    filter.severity = new Set((given.get("severity") || "").split(",").map((word) => severities.indexOf(word)).filter((s) => s >= 0));
    for (const facet of FACETS) filter[facet] = given.get(facet) || "";
    search(given.get("q") || "");
    $("#search").value = filter.search;
  }

  function search(text) {
    filter.search = text;
    filter.words = text.toLowerCase().split(/\s+/).filter(Boolean);
  }

  function drawFilters() {
    for (const button of $$(".severities button")) {
      const severity = Number(button.value);
      button.setAttribute("aria-pressed", filter.severity.has(severity));
      $("small", button).textContent = count(tallies.severity.get(severity) || 0);
    }
    for (const facet of FACETS) {
      const select = $(`#facet-${facet}`), choices = [...tallies[facet]];
      if (filter[facet] && !tallies[facet].has(filter[facet])) choices.push([filter[facet], 0]);
      choices.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
      select.replaceChildren(
        make("option", { value: "" }, NAMES[facet]),
        ...choices.map(([value, number]) => make("option", { value }, `${value} (${count(number)})`)));
      select.value = filter[facet];
      select.classList.toggle("set", filter[facet] !== "");
    }
    $("#clear").hidden = query() === "";
    for (const link of $$(".top nav a.kept")) link.hash = address(link.hash.slice(1).split("?")[0]); // filters stay
  }

  const badge = (severity) => make("span", { class: `badge ${severities[severity]}` }, severities[severity]);
  const small = (text) => make("small", {}, text);
  const placeOf = (text) => {
    const name = text.lastIndexOf("/") + 1; // the end of a path tells more than its start
    return make("span", { class: "place ends", title: text }, make("span", { class: "cut" }, text.slice(0, name)), make("span", { class: "cut" }, text.slice(name)));
  };
  let lists = {}, chosen = null;

  function lay() {
    const about = { chosen: () => chosen, empty: "No finding matches these filters." };
    lists.findings = new List($("section.findings"), [
      { name: "Severity", up: false, key: (f) => f.severity, cell: (f) => badge(f.severity) },
      { name: "Finding", key: (f) => f.message, cell: (f) => [make("a", { href: `#finding-${f.id}`, title: f.message }, f.message), small(f.about.title)] },
      { name: "Object", key: (f) => f.object.label, cell: (f) => [make("b", { class: "cut", title: f.object.label }, f.object.label), small(f.kind)] },
      { name: "Place", key: (f) => `${f.object.file}\n${String(f.line).padStart(8, "0")}`, cell: (f) => placeOf(f.place) },
      { name: "Party", key: (f) => f.party, cell: (f) => small(f.party) },
    ], { column: 0, up: false }, about);
    lists.objects = new List($("section.objects"), [
      { name: "Worst", up: false, key: (o) => o.severity, cell: (o) => badge(o.severity) },
      { name: "Object", key: (o) => o.label, cell: (o) => [make("a", { href: `#object-${o.index}`, title: o.label }, o.label), small(o.kind)] },
      { name: "File", key: (o) => o.file, cell: (o) => placeOf(o.file) },
      { name: "By severity", up: false, key: (o) => o.weight, cell: (o) => shares(o) },
      { name: "Findings", up: false, class: "number", key: (o) => o.findings.length, cell: (o) => count(o.findings.length) },
    ], { column: 3, up: false }, about);
  }

  function shares(object) {
    const numbers = new Map();
    for (const finding of object.findings) numbers.set(finding.severity, (numbers.get(finding.severity) || 0) + 1);
    return make("span", { class: "shares" }, ...[...numbers].sort((a, b) => b[0] - a[0]).map(([severity, number]) =>
      make("span", { class: severities[severity], title: `${number} ${severities[severity]}` },
        count(number), make("span", { class: "unseen" }, ` ${severities[severity]}`))));
  }

  function withFindings() {
    const groups = new Map();
    for (const finding of found) {
      const group = groups.get(finding.object);
      if (group) group.push(finding); else groups.set(finding.object, [finding]);
    }
    for (const [object, group] of groups) {
      object.findings = group.sort((a, b) => b.severity - a.severity);
      object.severity = group[0].severity;
      object.weight = severities.map((_, s) => String(group.filter((f) => f.severity === s).length).padStart(6, "0")).reverse().join("");
    }
    return [...groups.keys()];
  }

  // What is known of one finding or object

  function codeOf(finding) {
    const lines = [], [first, texts] = finding.excerpt >= 0 ? excerpts[finding.excerpt] : [0, []];
    const add = () => lines.push(...finding.added.split("\n").map((text) => make("ins", { class: "l", "data-n": "" }, `${text}\n`)));
    let pending = finding.added !== "";
    texts.forEach((text, index) => {
      const number = first + index, concerned = number === finding.line;
      const tag = !concerned ? "span" : finding.mark === "-" ? "del" : "mark";
      lines.push(make(tag, { class: "l", "data-n": number }, `${text}\n`));
      if (pending && number === finding.after) { add(); pending = false; }
    });
    if (pending) { if (lines.length) lines.push(make("span", { class: "gap" })); add(); }
    return lines.length ? make("figure", {}, make("figcaption", {}, finding.object.file), make("pre", { class: "code" }, ...lines)) : null;
  }

  function part(title, ...content) {
    return make("section", {}, make("h3", {}, title), ...content.map((item) => (typeof item === "string" ? make("p", {}, item) : item)));
  }

  function ofFinding(finding) {
    const { about, object } = finding, prose = $(`[data-control="${CSS.escape(finding.control)}"] .prose`);
    const edit = { 0: "edit to review", 1: "safe edit" }[finding.safe];
    return [
      badge(finding.severity),
      make("h2", { tabindex: -1 }, finding.message),
      make("p", { class: "about" }, make("a", { href: `#object-${object.index}` }, object.label), ` ${object.kind}`,
        finding.container ? `, container ${finding.container}` : "", ` · ${about.party}`,
        finding.confidence === "certain" ? "" : ` · ${finding.confidence}`),
      part("What to change", make("p", {}, make("b", {}, finding.remedy), " ", edit ? make("span", { class: "tag" }, edit) : "")),
      part("Where", make("p", { class: "place" }, finding.place), make("p", { class: "place" }, finding.path), codeOf(finding)),
      part("What it leads to", about.consequence),
      finding.why ? part("Why it is so", ...finding.why.split("\n")) : null,
      make("section", {}, make("details", {},
        make("summary", {}, `About this control: ${about.title}`), prose ? prose.cloneNode(true) : "",
        make("p", {}, make("a", { href: `#control-${finding.control}` }, finding.control)))),
      about.standards.length ? part("Standards", make("p", {}, ...about.standards.flatMap((name) => [make("span", { class: "tag" }, name), " "]))) : null,
    ];
  }

  function ofObject(object) {
    const all = findings.filter((finding) => finding.object === object).sort((a, b) => b.severity - a.severity);
    return [
      badge(all[0].severity),
      make("h2", { tabindex: -1 }, object.label),
      make("p", { class: "about" }, `${object.kind} ${object.version}`, make("br"), make("span", { class: "place" }, object.file)),
      make("ul", { class: "within" }, ...all.map((finding) => make("li", {}, make("a", { href: `#finding-${finding.id}` },
        badge(finding.severity), make("span", {}, finding.message),
        make("small", {}, `${finding.about.title} · line ${finding.line}`))))),
    ];
  }

  function copy(name, text) {
    if (!navigator.clipboard) return null;
    const button = make("button", { type: "button", class: "quiet", onclick: async () => {
      await navigator.clipboard.writeText(text());
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = name; }, 1500);
    } }, name);
    return button;
  }

  function openPanel(item, { focus }) {
    const panel = $("#panel"), isFinding = item.id !== undefined;
    panel.hidden = false;
    $(".split").classList.add("open");
    panel.replaceChildren(
      make("div", { class: "buttons" },
        make("button", { type: "button", class: "quiet", title: "Previous", "aria-label": "Previous", onclick: () => move(-1) }, "↑"),
        make("button", { type: "button", class: "quiet", title: "Next", "aria-label": "Next", onclick: () => move(1) }, "↓"),
        isFinding ? copy("Copy place", () => item.place) : null,
        copy("Copy link", () => location.href),
        make("button", { type: "button", class: "quiet end", onclick: close }, "Close")),
      ...(isFinding ? ofFinding(item) : ofObject(item)).filter(Boolean));
    panel.scrollTop = 0;
    chosen = isFinding && view === "objects" ? item.object : item;
    for (const list of Object.values(lists)) list.mark();
    if (focus) $("h2", panel).focus({ preventScroll: true });
  }

  function closePanel() {
    $("#panel").hidden = true;
    $(".split").classList.remove("open");
    chosen = null;
    for (const list of Object.values(lists)) list.mark();
  }

  function close() {
    const item = chosen, list = lists[view];
    history.pushState(null, "", address());
    closePanel();
    list.draw();
    const place = list.places.get(item);
    if (place !== undefined) $("a", list.reveal(place))?.focus({ preventScroll: true });
  }

  // Views and addresses

  const VIEWS = ["changes", "objects", "controls", "findings", "access", "network", "coverage"];
  let view = "";
  const scrolls = {};
  const address = (name = view) => `#${name}${query() ? `?${query()}` : ""}`;

  function setView(name) {
    if (view !== name) { scrolls[view] = scrollY; closePanel(); }
    const changed = view !== name;
    view = name;
    for (const element of $$("[data-view]")) element.hidden = !element.dataset.view.split(" ").includes(name);
    for (const link of $$(".top nav a")) {
      if (link.hash.slice(1).split("?")[0] === name) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
    }
    return changed;
  }

  function refresh() {
    apply();
    drawFilters();
    let told = `${count(found.length)} of ${counted(findings.length, "finding")}`;
    if (view === "findings") lists.findings.show(found);
    if (view === "objects") {
      const shown = withFindings();
      lists.objects.show(shown);
      told += ` in ${counted(shown.length, "object")}`;
    }
    if (view === "controls") {
      const numbers = new Map();
      for (const finding of found) numbers.set(finding.control, (numbers.get(finding.control) || 0) + 1);
      for (const control of $$("[data-control]")) control.hidden = !numbers.has(control.dataset.control);
      told += ` by ${counted(numbers.size, "control")}`;
    }
    $(".tally").textContent = told;
  }

  function route() {
    const [, name, terms] = /^#?([^?]*)\??(.*)$/.exec(location.hash);
    const finding = name.startsWith("finding-") && byId.get(name.slice(8));
    const object = name.startsWith("object-") && objects[Number(name.slice(7))];
    if (finding || object) { showItem(finding || object); return; }
    if (name.startsWith("control-") && document.getElementById(name)) {
      setView("controls");
      ask("");
      refresh();
      const control = document.getElementById(name);
      control.open = true;
      control.scrollIntoView();
      return;
    }
    const changed = setView(VIEWS.includes(name) && $(`section.${name}`) ? name : "changes"), before = query();
    if (!$("#explorer").hidden) ask(terms);
    closePanel();
    refresh();
    if (changed) scrollTo(0, (before === query() && scrolls[view]) || 0);
  }

  function showItem(item) {
    const isFinding = item.id !== undefined, keep = isFinding && view === "objects" && !$("#panel").hidden;
    const wanted = keep ? "objects" : isFinding ? "findings" : "objects";
    if (setView(wanted) || !lists[view].places) refresh();
    const entry = keep ? item.object : item;
    if (!lists[view].places.has(entry)) { ask(""); refresh(); }
    openPanel(item, { focus: true });
    lists[view].draw();
    lists[view].reveal(lists[view].places.get(entry));
  }

  function filtered() {
    closePanel();
    refresh();
    history.replaceState(null, "", address());
    const top = $(".split").hidden ? 0 : $(".split").getBoundingClientRect().top;
    if (top < 0) scrollTo(0, 0);
  }

  // Keys

  function move(step) {
    const list = lists[view];
    if (!list?.items.length) return;
    const focused = [...list.drawn].find(([, row]) => row.contains(document.activeElement));
    const here = chosen ? list.places.get(chosen) : focused ? focused[0] : -1;
    const next = Math.min(list.items.length - 1, Math.max(0, (here ?? -1) + step));
    const open = chosen !== null, item = list.items[next];
    if (open) {
      history.replaceState(null, "", item.id === undefined ? `#object-${item.index}` : `#finding-${item.id}`);
      openPanel(item, { focus: $("#panel").contains(document.activeElement) });
    }
    const row = list.reveal(next);
    if (!$("#panel").contains(document.activeElement)) $("a", row)?.focus({ preventScroll: true });
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName), inList = event.target.closest?.(".row, #search");
    if (event.key === "Escape" && chosen) close();
    else if (event.key === "Escape" && event.target.id === "search" && filter.search) { search(""); event.target.value = ""; filtered(); }
    else if (event.key === "/" && !typing) {
      if ($("#explorer").hidden) location.hash = "#findings";
      setTimeout(() => { $("#search").focus(); $("#search").select(); });
    } else if ((!typing && event.key === "j") || (inList && event.key === "ArrowDown")) move(1);
    else if ((!typing && event.key === "k") || (inList && event.key === "ArrowUp")) move(-1);
    else return;
    event.preventDefault();
  }

  // Paper: everything open, and the findings as a plain table

  const MOST = 1500;
  let unfolded = [];

  function toPaper() {
    unfolded = $$("details:not([open])");
    for (const details of unfolded) details.open = true;
    const paper = $("#paper"), groups = new Map();
    const worst = findings.slice().sort((a, b) => b.severity - a.severity || a.index - b.index).slice(0, MOST);
    for (const finding of worst) groups.set(finding.object, [...(groups.get(finding.object) || []), finding]);
    paper.replaceChildren(make("h2", {}, "Findings by object"), ...[...groups].flatMap(([object, group]) => [
      make("h3", {}, `${object.label} ${object.kind}`),
      make("table", {}, make("tbody", {}, ...group.map((finding) => make("tr", {},
        make("td", {}, badge(finding.severity)), make("td", {}, finding.message),
        make("td", {}, make("code", {}, finding.place))))))]));
    if (findings.length > MOST) paper.append(make("p", {}, `and ${count(findings.length - MOST)} less severe findings.`));
    paper.hidden = !findings.length;
  }

  function fromPaper() {
    for (const details of unfolded) details.open = false;
    $("#paper").replaceChildren();
    $("#paper").hidden = true;
  }

  // Start

  function start() {
    read();
    for (const name of VIEWS) $(`section.${name}`)?.removeAttribute("id"); // or the browser scrolls to them
    $(".severities").append(...severities.map((word, severity) =>
      make("button", { type: "button", class: word, value: severity, "aria-pressed": "false" }, `${word} `, small(""))).reverse());
    $(".facets").append(...FACETS.map((facet) => make("select", { id: `facet-${facet}`, "aria-label": NAMES[facet] })));
    const numbers = { objects: objects.length, controls: $$("[data-control]").length, findings: findings.length };
    for (const [name, number] of Object.entries(numbers)) $(`.top nav a[href="#${name}"]`).append(small(count(number)));
    lay();

    $("#search").addEventListener("input", (event) => { search(event.target.value); filtered(); });
    $(".severities").addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const severity = Number(button.value);
      if (!filter.severity.delete(severity)) filter.severity.add(severity);
      filtered();
    });
    $(".facets").addEventListener("change", (event) => { filter[event.target.id.slice(6)] = event.target.value; filtered(); });
    $("#clear").addEventListener("click", () => { ask(""); filtered(); $("#search").focus(); });
    const unfold = $("#unfold");
    unfold.hidden = !$(".change");
    unfold.addEventListener("click", () => {
      const cards = $$(".change"), open = cards.some((card) => !card.open);
      for (const card of cards) card.open = open;
      unfold.textContent = open ? "Close all" : "Open all";
    });

    let waiting = false;
    const redraw = () => {
      if (waiting || !lists[view]) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; lists[view]?.draw(); });
    };
    addEventListener("scroll", redraw, { passive: true });
    addEventListener("resize", redraw);
    new ResizeObserver(() => {
      const height = getComputedStyle($("#explorer")).position === "sticky" ? $("#explorer").offsetHeight : 0;
      root.style.setProperty("--tools", `${height}px`);
    }).observe($("#explorer"));
    addEventListener("hashchange", route);
    addEventListener("popstate", route);
    addEventListener("beforeprint", toPaper);
    addEventListener("afterprint", fromPaper);
    document.addEventListener("keydown", onKey);
    history.scrollRestoration = "manual";
    apply();
    route();
  }

  document.addEventListener("DOMContentLoaded", start);
})();
