// The views of Casemate's map of a network: boxes and lines, a matrix, a list, and what is known of what was picked.

(() => {
  const { root, $, $$, count, counted, make, List, network: net } = casemate;
  const SVG = "http://www.w3.org/2000/svg";
  const shape = (tag, attributes) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };

  // What is asked for: all of it stands in the address

  const TERMS = ["ns", "port", "lines", "q", "of", "from", "to", "rows", "cols", "open"];
  const ROWS = 64, LINES = 260, WHOLE = 3, CELLS = 64;
  let state = { view: "map" }, words = [], matched = [], shown = new Set();

  function address(changes = {}) {
    const wanted = { ...state, ...changes }, terms = new URLSearchParams();
    for (const term of TERMS) if (wanted[term]) terms.set(term, wanted[term]);
    const query = terms.toString().replaceAll("+", "%20");
    return `#${wanted.view}${query ? `?${query}` : ""}`;
  }

  const picked = { of: "", from: "", to: "" };
  const unitAddress = (unit) => address({ ...picked, of: unit.id });
  const pairAddress = (from, to) => address({ ...picked, from: from.id, to: to.id });
  const full = (unit) => (unit.namespace ? `${unit.namespace}/${unit.name}` : unit.name);

  function haystack(unit) {
    unit.hay ??= [unit.namespace, unit.name, unit.sort, unit.full, unit.place, ...unit.labels, ...unit.known,
      ...unit.ways.map(([, title]) => title), ...net.policiesOf(unit, "ingress").map(({ name }) => name), ...net.policiesOf(unit, "egress").map(({ name }) => name)]
      .join("\n").toLowerCase();
    return unit.hay;
  }

  const isFiltered = () => Boolean(state.ns || words.length || state.port);

  // What matches, and with it what a policy lets call it or lets it call
  function apply() {
    net.portSet(state.port);
    const fits = (unit) => (!state.ns || unit.namespace === state.ns) && words.every((word) => haystack(unit).includes(word))
      && (!state.port || unit.known.includes(state.port));
    matched = net.units.filter((unit) => fits(unit) && (unit.kind === net.WORKLOAD || words.length > 0 || !isFiltered()));
    shown = new Set(matched);
    const one = net.byId.get(state.of);
    if (one && state.view === "map" && !isFiltered() && net.workloads.length > ROWS) { // of many only what has to do with it
      const called = new Set(net.called(one)), calling = new Set([...net.callers(one)].map((number) => net.units[number]));
      shown = new Set(net.units.filter((unit) => unit === one || (calling.has(unit) && (unit.kind === net.WORKLOAD || net.isDrawn(unit, one))) || (called.has(unit) && (unit.kind === net.WORKLOAD || net.isDrawn(one, unit)))));
    }
    if (isFiltered()) for (const to of net.units) for (const number of net.callers(to)) {
      const from = net.units[number];
      if (net.isDrawn(from, to)) { if (matched.includes(to)) shown.add(from); else if (matched.includes(from)) shown.add(to); }
    }
  }

  // How a workload looks: who may call it

  function lookOf(unit) {
    if (unit.kind !== net.WORKLOAD) return "outer";
    if (unit.ingress >= net.INSIDE) return "open";
    return unit.calling || !unit.asked[0] ? "limited" : "closed";
  }

  function pillOf(unit) {
    const others = net.total - 1, open = unit.ingress >= net.INSIDE;
    if (!unit.asked[0]) return make("i", { class: `pill ${lookOf(unit)}`, title: open ? "open to every caller" : "limited by policies; who may call it was not asked" }, open && unit.known.length ? "all" : "·");
    const every = unit.ingress === net.OPEN || (open && unit.calling >= others);
    const text = every ? (unit.known.length ? "all" : "–") : count(unit.calling);
    const who = every ? "every workload" : unit.calling ? `${count(unit.calling)} of ${counted(others, "workload")}` : "no workload";
    const title = `${who} may call it${unit.known.length ? ` at ${unit.known.join(", ")}` : "; no port is known that it listens at"}`;
    return make("i", { class: `pill ${lookOf(unit)}`, title }, text);
  }

  const callsText = (unit) => (unit.egress === net.OPEN ? "all" : unit.asked[1] ? count(unit.called) : "·");
  const callsAll = (unit) => (unit.egress === net.OPEN ? "everything" : unit.asked[1] ? counted(unit.called, "workload") : "what was not asked");
  const portsText = (unit) => { const most = BOX < 248 ? 1 : 2; return unit.known.slice(0, most).join(" ") + (unit.known.length > most ? " …" : ""); };

  // The map: boxes of namespaces in columns from callers to called

  const ROW = 32, BETWEEN = 64, GAP = 16, NARROW = 204, WIDE = 288;
  let BOX = WIDE;
  let picture = null;

  // The lines that lead somewhere, whole namespaces as one
  function linesTo(to, from) {
    const sources = [...net.callers(to)].map((number) => net.units[number]).filter((unit) => shown.has(unit) && from(unit, to));
    const bySpace = Map.groupBy(sources, (unit) => unit.space), found = [];
    for (const [space, units] of bySpace) {
      const others = space < 0 ? [] : net.spaces[space].units.filter((unit) => unit !== to);
      if (net.whole && others.length >= WHOLE && others.length === units.length) found.push({ from: anchorOf(space), to, units });
      else for (const unit of units) found.push({ from: anchorAt(unit, "in"), to, units: [unit] });
    }
    return found.map((line) => ({ ...line, to: anchorAt(to, "out") })).filter((line) => line.from && line.to && line.from !== line.to);
  }

  const anchorOf = (space) => picture.boxes.get(space)?.head;
  const anchorAt = (unit, side) => (unit.space < 0 ? picture.outer[side].get(unit) : picture.rows.get(unit) || anchorOf(unit.space));

  function merged(lines) {
    const found = new Map();
    for (const line of lines) {
      const key = `${line.from.key}>${line.to.key}`, known = found.get(key);
      const depends = line.units.every((unit) => line.target && net.mayCall(unit, line.target) === "depends");
      if (known) { known.pairs += line.units.length; known.depends &&= depends; } else found.set(key, { from: line.from, to: line.to, pairs: line.units.length, depends });
    }
    return [...found.values()];
  }

  function draw() {
    const canvas = $(".canvas");
    canvas.replaceChildren();
    canvas.classList.remove("lit");
    picture = null;
    const units = net.workloads.filter((unit) => shown.has(unit));
    if (!shown.size || !units.length) { canvas.append(make("p", { class: "empty" }, "Nothing matches these filters.")); canvas.style.height = ""; return; }
    const opened = new Set((state.open || "").split(",")), wanted = state.lines === "all" ? () => true : net.isDrawn;
    const fits = units.length <= ROWS;
    const chosen = new Set([state.of, state.from, state.to].map((id) => net.byId.get(id)?.namespace));
    picture = { boxes: new Map(), rows: new Map(), outer: { in: new Map(), out: new Map() }, weights: new Map() };
    for (const space of net.spaces) {
      const inside = space.units.filter((unit) => shown.has(unit));
      if (!inside.length) continue;
      const isOpen = fits || opened.has(space.name) || (chosen.has(space.name) && inside.length <= ROWS);
      const box = { key: `s${space.index}`, space, units: inside, isOpen, height: isOpen ? ROW + inside.length * ROW + 1 : 64 };
      box.head = { key: box.key, box, offset: ROW / 2, space };
      picture.boxes.set(space.index, box);
      if (isOpen) inside.forEach((unit, index) => picture.rows.set(unit, { key: `u${unit.index}`, box, unit, offset: ROW + index * ROW + ROW / 2 }));
    }
    addOuter(wanted);
    const lines = merged(net.units.filter((unit) => shown.has(unit)).flatMap((to) => linesTo(to, wanted).map((line) => ({ ...line, target: to }))));
    picture.drawn = lines.length <= LINES;
    layOut(picture.drawn ? lines : []);
    const [under, over] = ["under", "over"].map((name) => shape("svg", { class: name, width: picture.width, height: picture.height, "aria-hidden": "true" }));
    picture.quiet = shape("g", {});
    picture.loud = shape("g", { class: "lit" });
    if (picture.drawn) for (const line of lines) picture.quiet.append(...curve(line));
    under.append(picture.quiet);
    over.append(picture.loud);
    canvas.style.height = `${picture.height}px`;
    canvas.style.width = `${picture.width}px`;
    canvas.append(under, ...picture.columns.flat().map(boxElement), over);
    picture.lines = lines.length;
    light(null);
  }

  // What is outside: whoever calls in stands first, whatever is called last.
  function addOuter(wanted) {
    const ins = new Set(), outs = new Set();
    for (const to of shown) for (const number of net.callers(to)) {
      const from = net.units[number];
      if (!shown.has(from) || !(state.lines === "all" ? net.isDrawn(from, to) || to.kind === net.OUTSIDE : wanted(from, to))) continue;
      if (from.kind !== net.WORKLOAD) ins.add(from);
      if (to.kind === net.OUTSIDE) outs.add(to);
    }
    for (const unit of net.units) if (unit.id === state.of && unit.kind !== net.WORKLOAD) (unit.kind === net.CONTROLLER ? ins : outs).add(unit);
    for (const [side, units, title] of [["in", [...ins], "calling from outside"], ["out", [...outs], "called outside"]]) {
      const sorted = units.sort((a, b) => a.index - b.index);
      if (!sorted.length) continue;
      const box = { key: `outer-${side}`, side, title, units: sorted, isOpen: true, height: ROW + sorted.length * ROW + 1 };
      box.head = { key: box.key, box, offset: ROW / 2 };
      picture.boxes.set(side, box);
      sorted.forEach((unit, index) => picture.outer[side].set(unit, { key: `${side}${unit.index}`, box, unit, offset: ROW + index * ROW + ROW / 2 }));
    }
  }

  function layOut(lines) {
    const boxes = [...picture.boxes.values()].filter((box) => box.space), first = picture.boxes.get("in"), last = picture.boxes.get("out");
    for (const box of picture.boxes.values()) Object.assign(box, { out: 0, into: 0, before: new Map() });
    for (const { from, to, pairs } of lines) {
      if (from.box === to.box) continue;
      from.box.out += pairs;
      to.box.into += from.box === first ? 0 : pairs;
      if (from.box === first) to.box.out += 4 * pairs;
      to.box.before.set(from.box, (to.box.before.get(from.box) || 0) + pairs);
    }
    const lean = (box) => (box.out - box.into) / (box.out + box.into || 1);
    boxes.sort((a, b) => lean(b) - lean(a) || a.space.index - b.space.index);
    const weight = (from, to) => to.before.get(from) || 0;
    for (let moved = true, pass = 0; moved && pass < boxes.length; pass += 1) { // fewer lines that lead back
      moved = false;
      for (let i = 1; i < boxes.length; i += 1) {
        if (weight(boxes[i], boxes[i - 1]) > weight(boxes[i - 1], boxes[i])) { [boxes[i - 1], boxes[i]] = [boxes[i], boxes[i - 1]]; moved = true; }
      }
    }
    boxes.forEach((box, index) => { box.layer = Math.max(0, ...boxes.slice(0, index).filter((other) => box.before.has(other)).map((other) => other.layer + 1)); });
    const room = $(".list").clientWidth - 56, ends = (first ? 1 : 0) + (last ? 1 : 0);
    const most = Math.max(2, Math.floor((room + BETWEEN) / (NARROW + BETWEEN)) - ends);
    const layers = Math.max(...boxes.map((box) => box.layer)) + 1, wide = Math.min(layers, Math.max(most, 3));
    let columns = Array.from({ length: wide }, () => []);
    for (const box of boxes) columns[Math.floor((box.layer * wide) / layers)].push(box);
    columns = columns.filter((column) => column.length);
    const tall = (column) => column.reduce((sum, box) => sum + box.height + GAP, 0);
    while (columns.length < Math.min(most, boxes.length)) {
      const index = columns.reduce((best, column, at) => (tall(column) > tall(columns[best]) ? at : best), 0), column = columns[index];
      if (column.length < 2 || (layers > 1 && tall(column) < 560)) break;
      let left = [], sum = 0;
      for (const box of column) { if (left.length && sum + box.height / 2 > tall(column) / 2) break; left.push(box); sum += box.height + GAP; }
      if (left.length === column.length) left = column.slice(0, -1);
      columns.splice(index, 1, left, column.slice(left.length));
    }
    if (first) columns.unshift([first]);
    if (last) columns.push([last]);
    if (room < 520) columns = [columns.flat()]; // a phone: one below the other
    BOX = Math.max(NARROW, Math.min(WIDE, Math.floor((room + BETWEEN) / columns.length) - BETWEEN));
    const places = new Map();
    columns.forEach((column, index) => {
      const wish = (box) => { const near = [...box.before].filter(([other]) => places.has(other)); const weight = near.reduce((sum, [, pairs]) => sum + pairs, 0); return weight ? near.reduce((sum, [other, pairs]) => sum + places.get(other) * pairs, 0) / weight : 0; };
      if (index) column.sort((a, b) => wish(a) - wish(b));
      let y = GAP;
      for (const box of column) { box.column = index; box.x = index * (BOX + BETWEEN); box.y = y; places.set(box, y + box.height / 2); y += box.height + GAP; }
    });
    picture.columns = columns;
    picture.width = columns.length * (BOX + BETWEEN) - BETWEEN + 56;
    picture.height = Math.max(...columns.map(tall)) + 2 * GAP;
    picture.passing = 0;
    for (const column of columns) { // short columns stand in the middle of the tall ones
      const shift = Math.min(120, (picture.height - 2 * GAP - tall(column)) / 2);
      for (const box of column) box.y += Math.max(0, shift);
    }
  }

  // Through columns between its ends a line passes beside their boxes, at the nearest gap.
  function gapNear(column, y) {
    const boxes = picture.columns[column].slice().sort((one, other) => one.y - other.y);
    const gaps = [boxes[0].y - GAP / 2, ...boxes.map((box) => box.y + box.height + GAP / 2)];
    const gap = gaps.reduce((best, here) => (Math.abs(here - y) < Math.abs(best - y) ? here : best));
    picture.passing += 1;
    return gap + ((picture.passing % 5) - 2) * 2.5;
  }

  function curve({ from, to, pairs, depends }, extra = "") {
    const y1 = from.box.y + from.offset, y2 = to.box.y + to.offset, ahead = to.box.column - from.box.column, turn = ahead < 0 ? -1 : 1;
    const x1 = from.box.x + (ahead < 0 ? 0 : BOX), x2 = to.box.x + (ahead > 0 ? 0 : BOX), tip = ahead > 0 ? -7 : 7;
    let d = `M${x1} ${y1}`, x = x1, y = y1;
    const bendTo = (nextX, nextY, bend) => { d += `C${x + turn * bend} ${y} ${nextX + (ahead === 0 ? bend : -turn * bend)} ${nextY} ${nextX} ${nextY}`; [x, y] = [nextX, nextY]; };
    for (let column = from.box.column + turn; ahead && column !== to.box.column; column += turn) {
      const gap = gapNear(column, y1 + ((y2 - y1) * (column - from.box.column)) / ahead), left = picture.columns[column][0].x;
      bendTo(turn > 0 ? left : left + BOX, gap, BETWEEN * 0.6);
      x += turn * BOX;
      d += `H${x}`;
    }
    bendTo(x2 + tip, y2, ahead === 0 ? 24 + Math.min(48, Math.abs(y2 - y1) / 6) : BETWEEN * 0.6);
    const line = shape("path", { d, class: `${depends ? "depends" : ""} ${extra}` });
    if (pairs > 1) line.style.strokeWidth = `${Math.min(5, 1.25 + Math.log2(pairs) / 2).toFixed(2)}px`;
    return [line, shape("path", { d: `M${x2} ${y2}l${tip} -4v8z`, class: `head ${extra}` })];
  }

  function boxElement(box) {
    const name = box.space ? box.space.name : box.title;
    const toggle = () => { const open = new Set((state.open || "").split(",").filter(Boolean)); if (!open.delete(name)) open.add(name); return [...open].join(","); };
    const head = make(box.space ? "a" : "p", {
      class: "name", href: box.space ? address(box.isOpen && net.workloads.length > ROWS && !isFiltered() ? { open: toggle() } : box.isOpen ? { ns: state.ns === name ? "" : name } : { open: toggle() }) : null,
      title: box.space ? (box.isOpen ? `Only ${name}` : `Open ${name}`) : null, "aria-expanded": box.space && !box.isOpen ? "false" : null,
    }, make("span", {}, name), make("small", {}, !box.space ? "" : box.units.length < box.space.units.length ? `${count(box.units.length)} of ${counted(box.space.units.length, "workload")}` : counted(box.units.length, "workload")));
    const element = make("div", { class: `space ${box.space ? "" : "outer"}` }, head);
    element.style.left = `${box.x}px`;
    element.style.top = `${box.y}px`;
    element.style.width = `${BOX}px`;
    element.style.height = `${box.height}px`;
    if (box.isOpen) element.append(...box.units.map((unit) => nodeElement(unit, box)));
    else {
      const looks = Map.groupBy(box.units, lookOf);
      element.append(make("p", { class: "shares" }, ...["open", "limited", "closed"].filter((look) => looks.has(look)).map((look) => make("span", { class: look }, `${count(looks.get(look).length)} ${look}`))));
    }
    box.element = element;
    box.head.element = head;
    if (box.space) hover(head, () => light({ space: box.space }));
    return element;
  }

  function nodeElement(unit, box) {
    const look = lookOf(unit), ways = [...new Set(unit.ways.map(([kind]) => kind))];
    const element = make("a", {
      class: `node ${look} ${unit.id === state.of || unit.id === state.from || unit.id === state.to ? "picked" : ""}`, href: unit.id === state.of ? address(picked) : unitAddress(unit),
      title: `${unit.full}${unit.host ? ", on the host's network" : ""}`, "aria-current": unit.id === state.of ? "true" : null,
    }, box.side ? null : pillOf(unit), make("span", {}, unit.name),
    ...ways.map((kind) => make("i", { class: "way", title: `A way in from outside: ${kind}` }, { controller: "ingress", "load balancer": "LB", "node port": "node port", "external IP": "ext. IP" }[kind] || kind)),
    box.side ? null : make("small", { title: `It may call ${callsAll(unit)}` }, make("b", {}, portsText(unit)), ` → ${callsText(unit)}`));
    const anchor = box.side ? picture.outer[box.side].get(unit) : picture.rows.get(unit);
    anchor.element = element;
    hover(element, () => light({ unit }));
    return element;
  }

  function hover(element, on) {
    for (const name of ["pointerenter", "focus"]) element.addEventListener(name, on);
    for (const name of ["pointerleave", "blur"]) element.addEventListener(name, () => light(null));
  }

  // Who may call what is pointed at or picked, and whom it may call: open or not
  function light(what) {
    if (!picture) return;
    const one = net.byId.get(state.of), from = net.byId.get(state.from), to = net.byId.get(state.to);
    const subject = what || (from && to ? { from, to } : one ? { unit: one } : null);
    const canvas = $(".canvas");
    picture.loud.replaceChildren();
    for (const element of $$(".near", canvas)) element.classList.remove("near", "from");
    canvas.classList.toggle("lit", subject !== null);
    if (!subject) return;
    const mark = (anchor, extra) => { const { element } = anchor; element?.classList.add("near"); if (extra) element?.classList.add(extra); anchor.box.element.classList.add("near"); };
    const isPart = (unit) => (subject.space ? unit.space === subject.space.index : unit === subject.unit);
    if (subject.from) {
      for (const unit of [from, to]) for (const side of ["in", "out"]) { const anchor = anchorAt(unit, side); if (anchor) mark(anchor); }
      const ends = [anchorAt(from, "in"), anchorAt(to, "out")];
      if (net.mayCall(from, to) && ends[0] && ends[1] && ends[0] !== ends[1]) picture.loud.append(...curve({ from: ends[0], to: ends[1], pairs: 1 }));
      return;
    }
    const any = (source, target) => source.kind !== net.OUTSIDE || net.isDrawn(source, target);
    const into = [], out = [];
    for (const unit of shown) if (isPart(unit)) {
      into.push(...linesTo(unit, (source, target) => !isPart(source) && any(source, target)).map((line) => ({ ...line, target: unit })));
      for (const side of ["in", "out"]) { const anchor = anchorAt(unit, side); if (anchor && anchor.unit) mark(anchor); }
    }
    const targets = [...shown].filter((unit) => !isPart(unit) && [...net.callers(unit)].some((number) => isPart(net.units[number]) && any(net.units[number], unit)));
    const bySpace = Map.groupBy(targets, (unit) => unit.space);
    for (const [space, units] of bySpace) {
      const sources = [...shown].filter(isPart), all = net.whole && space >= 0 && units.length >= WHOLE && units.length === net.spaces[space].units.filter((unit) => unit.known.length && !isPart(unit)).length;
      const source = subject.space ? anchorOf(subject.space.index) : anchorAt(sources[0], "in");
      for (const target of all ? [anchorOf(space)] : units.map((unit) => anchorAt(unit, "out"))) if (source && target && source !== target) out.push({ from: source, to: target, units: all ? units : sources });
      if (all) for (const unit of units) { const anchor = anchorAt(unit, "out"); if (anchor?.unit) mark(anchor, "from"); }
    }
    for (const line of merged(out)) { picture.loud.append(...curve(line, "from")); mark(line.to, "from"); }
    for (const line of merged(into)) { picture.loud.append(...curve(line)); mark(line.from); line.from.element?.classList.remove("from"); }
    for (const line of into) for (const unit of line.units) { const anchor = anchorAt(unit, "in"); if (anchor?.unit) mark(anchor); }
  }

  // The matrix: callers as rows, called as columns; workloads, or namespaces where those are many

  let grid = null, cursor = null;

  function sidesOf() {
    const workloads = net.workloads.filter((unit) => shown.has(unit));
    const inside = (name) => net.spaces.find((space) => space.name === name)?.units || [];
    if (state.rows && state.cols) return { rows: inside(state.rows), columns: inside(state.cols), single: true };
    if (workloads.length > CELLS) {
      const spaces = net.spaces.filter((space) => space.units.some((unit) => shown.has(unit)));
      return { rows: spaces, columns: spaces, single: false };
    }
    const outer = net.units.filter((unit) => unit.kind !== net.WORKLOAD && shown.has(unit));
    const rows = outer.filter((from) => workloads.some((to) => net.mayCall(from, to) && net.isDrawn(from, to)));
    const columns = outer.filter((to) => to.kind === net.OUTSIDE && workloads.some((from) => net.mayCall(from, to)));
    return { rows: [...workloads, ...rows], columns: [...workloads, ...columns], single: true };
  }

  function cellOf(row, column) {
    if (!grid.single) return grid.cells[row][column];
    const from = grid.rows[row], to = grid.columns[column];
    if (from === to) return { look: "self", text: full(from) };
    const may = net.mayCall(from, to), plain = net.isPlain(from, to);
    if (!may || (plain && from.kind === net.OUTSIDE && !net.isDrawn(from, to))) return { look: "", text: "may not call" };
    const ports = from.kind === net.WORKLOAD && to.kind === net.OUTSIDE && plain ? "" : ` at ${net.portsBetween(from, to).join(", ")}`;
    return { look: may === "depends" ? "depends" : plain ? "open" : "limited", text: `may call${ports}${may === "depends" ? ", depending on something" : plain ? ": no policy limits either" : ""}` };
  }

  function countCells(rows, columns) {
    const at = new Map(rows.map((space, index) => [space.index, index])), to = new Map(columns.map((space, index) => [space.index, index]));
    const cells = rows.map(() => columns.map(() => ({ open: 0, limited: 0, depends: 0 })));
    for (const unit of net.workloads) if (to.has(unit.space)) for (const number of net.callers(unit)) {
      const from = net.units[number];
      if (from.kind !== net.WORKLOAD || !at.has(from.space)) continue;
      cells[at.get(from.space)][to.get(unit.space)][net.mayCall(from, unit) === "depends" ? "depends" : net.isPlain(from, unit) ? "open" : "limited"] += 1;
    }
    return cells.map((line, row) => line.map((cell, column) => {
      const here = rows[row].units.length, there = columns[column].units.length, total = here * there - (rows[row] === columns[column] ? here : 0);
      const look = cell.open ? "open" : cell.limited ? "limited" : cell.depends ? "depends" : "", number = cell.open + cell.limited + cell.depends;
      const share = number / (total || 1);
      return { look, share: share < 0.34 ? "few" : share < 1 ? "some" : "", text: number ? `${count(number)} of ${counted(total, "pair")} may call${cell.open ? `, ${count(cell.open)} because no policy limits either` : ""}` : "no pair may call" };
    }));
  }

  function drawMatrix() {
    const { rows, columns, single } = sidesOf(), element = $(".grid");
    element.replaceChildren();
    $(".reading").textContent = "";
    if (!rows.length || !columns.length) { grid = null; element.append(make("p", { class: "empty" }, "Nothing matches these filters.")); return; }
    grid = { rows, columns, single, key: `${state.rows}>${state.cols}>${rows.length}` };
    if (cursor?.key !== grid.key) cursor = null;
    if (!single) grid.cells = countCells(rows, columns);
    const label = (thing) => (single ? full(thing) : thing.name);
    const longest = (things) => Math.min(34, Math.max(...things.map((thing) => label(thing).length)));
    const side = Math.max(112, 16 + longest(rows) * 6.6), room = $(".list").clientWidth - side - 24;
    const size = Math.max(7, Math.min(28, Math.floor(room / columns.length)));
    const top = 16 + longest(columns) * 6.6, width = side + size * columns.length + 2, height = top + size * rows.length + 2;
    Object.assign(grid, { side, top, size, width, height });
    const svg = shape("svg", { width, height, "aria-hidden": "true" });
    svg.append(shape("rect", { class: "field", x: side, y: top, width: size * columns.length, height: size * rows.length }));
    const paths = new Map();
    rows.forEach((from, row) => columns.forEach((to, column) => {
      const { look, share = "" } = cellOf(row, column);
      if (!look) return;
      const key = `${look} ${share}`;
      if (!paths.has(key)) paths.set(key, []);
      paths.get(key).push(`M${side + column * size + 0.5} ${top + row * size + 0.5}h${size - 1}v${size - 1}h${1 - size}z`);
    }));
    for (const [key, parts] of paths) svg.append(shape("path", { class: key, d: parts.join("") }));
    const bars = [];
    if (single && size >= 10) {
      rows.forEach((unit, row) => { if (row && unit.space !== rows[row - 1].space) bars.push(`M${side} ${top + row * size}h${size * columns.length}`); });
      columns.forEach((unit, column) => { if (column && unit.space !== columns[column - 1].space) bars.push(`M${side + column * size} ${top}v${size * rows.length}`); });
    }
    svg.append(shape("path", { class: "bars", d: bars.join("") }));
    const short = (text) => (text.length > 34 ? `${text.slice(0, 16)}…${text.slice(-16)}` : text);
    const every = Math.ceil(12 / size);
    grid.labels = [[], []];
    rows.forEach((thing, row) => {
      if (row % every) return;
      const text = shape("text", { x: side - 8, y: top + row * size + size / 2 + 4, "text-anchor": "end" });
      text.textContent = short(label(thing));
      grid.labels[0][row] = text;
      svg.append(text);
    });
    columns.forEach((thing, column) => {
      if (column % every) return;
      const x = side + column * size + size / 2 + 4;
      const text = shape("text", { x, y: top - 8, transform: `rotate(-90 ${x} ${top - 8})` });
      text.textContent = short(label(thing));
      grid.labels[1][column] = text;
      svg.append(text);
    });
    const corner = shape("text", { class: "corner", x: side - 8, y: top - 8, "text-anchor": "end" });
    corner.textContent = "callers ↓  called →";
    const mark = shape("rect", { class: "picked", width: size, height: size, visibility: "hidden" });
    grid.cursor = shape("rect", { class: "cursor", width: size, height: size, visibility: "hidden" });
    svg.append(corner, mark, grid.cursor);
    const row = rows.findIndex((thing) => thing.id && thing.id === state.from), column = columns.findIndex((thing) => thing.id && thing.id === state.to);
    if (row >= 0 && column >= 0) { mark.setAttribute("x", side + column * size); mark.setAttribute("y", top + row * size); mark.setAttribute("visibility", "visible"); }
    element.append(svg);
    point(cursor, false);
    if (!cursor) $(".reading").textContent = single ? "Rows call columns. Open a cell for the rule that decides." : "Rows call columns: the fuller a cell, the more of its pairs. Open a cell for its workloads.";
  }

  function point(where, say = true) {
    if (!grid) return;
    for (const texts of grid.labels) for (const text of texts) text?.classList.remove("on");
    cursor = where && { ...where, key: grid.key };
    grid.cursor.setAttribute("visibility", where ? "visible" : "hidden");
    if (!where) return;
    const { row, column } = where;
    grid.cursor.setAttribute("x", grid.side + column * grid.size);
    grid.cursor.setAttribute("y", grid.top + row * grid.size);
    grid.labels[0][row]?.classList.add("on");
    grid.labels[1][column]?.classList.add("on");
    const name = (thing) => (grid.single ? full(thing) : thing.name), cell = cellOf(row, column);
    if (say) $(".reading").textContent = cell.look === "self" ? cell.text : `${name(grid.rows[row])} → ${name(grid.columns[column])}: ${cell.text}`;
  }

  function cellAt(event) {
    const { left, top } = $(".grid svg").getBoundingClientRect();
    const column = Math.floor((event.clientX - left - grid.side) / grid.size), row = Math.floor((event.clientY - top - grid.top) / grid.size);
    return { row: row < grid.rows.length ? row : -1, column: column < grid.columns.length ? column : -1 };
  }

  function openCell({ row, column }) {
    const from = grid.rows[row], to = grid.columns[column];
    if (!grid.single && (from || to)) location.hash = from && to ? address({ rows: from.name, cols: to.name }) : address({ ns: (from || to).name });
    else if (from && to && from !== to) location.hash = pairAddress(from, to);
    else if (from || to) location.hash = unitAddress(from || to);
  }

  // The list

  let list;
  const cut = (text) => make("span", { class: "cut", title: text }, text);

  function layList() {
    const name = { name: "Workload", key: (u) => full(u), cell: (u) => [make("a", { href: unitAddress(u), title: u.full }, full(u)), make("small", {}, u.sort)] };
    list = new List($("section.workloads"), [
      name,
      { name: "Who may call it", up: false, key: (u) => (u.ingress >= net.INSIDE ? net.units.length : u.calling), cell: (u) => [make("span", {}, pillOf(u), u.ingress === net.OPEN ? (u.known.length ? "every workload" : "open, no port known") : u.asked[0] ? counted(u.calling, "workload") : "not asked")] },
      { name: "Ports", key: (u) => u.known.join(" "), cell: (u) => cut(u.known.join(", ") || "none known") },
      { name: "It may call", up: false, key: (u) => (u.egress === net.OPEN ? net.units.length : u.called), cell: callsAll },
      { name: "Way in from outside", key: (u) => u.ways.map(([, title]) => title).join(", "), cell: (u) => cut([...new Set(u.ways.map(([, title, , port]) => `${title} to ${port}`))].join(", ")) },
    ], { column: 1, up: false }, { chosen: () => net.byId.get(state.of), empty: "Nothing matches these filters." });
  }

  // What is known of a workload, and of a pair

  const place = (text) => (text ? make("code", { class: "place" }, text) : null);
  const section = (title, ...children) => make("section", {}, make("h3", {}, title), ...children);

  function policyLines(unit, side) {
    const index = side === "ingress" ? 0 : 1, policies = net.policiesOf(unit, side), level = unit[side];
    const words = unit.host ? "It is on the host's network, for which policies of pods do not hold."
      : unit.isolated[index] ? `Isolated: only what ${policies.length === 1 ? "a policy" : "policies"} allow${policies.length === 1 ? "s" : ""}.`
        : policies.length ? `Not isolated, ${level === net.OPEN ? "and no policy denies anything" : "but policies deny something"}.` : "No policy selects it: everything is allowed.";
    return [make("p", {}, words), policies.length ? make("ul", {}, ...policies.map(({ name, place: where }) => make("li", {}, name, " ", place(where)))) : null];
  }

  // Peers by namespace: the whole of one as a line to open
  function peers(units, link, text) {
    const parts = [...Map.groupBy(units, (unit) => unit.space)];
    return make("ul", { class: "ends" }, ...parts.flatMap(([space, some]) => {
      const item = (unit, label) => make("li", {}, make("a", { href: link(unit) }, label), make("small", {}, text(unit)));
      if (space < 0 || some.length < 4) return some.map((unit) => item(unit, full(unit)));
      const all = some.length >= net.spaces[space].units.length - 1, one = new Set(some.map(text));
      const box = make("details", {}, make("summary", {}, `${all ? "all" : count(some.length)} of ${net.spaces[space].name}`, make("small", {}, one.size === 1 ? [...one][0] : "")));
      box.addEventListener("toggle", () => { if (box.open && !$("ul", box)) box.append(make("ul", {}, ...some.map((unit) => item(unit, unit.name)))); });
      return [make("li", {}, box)];
    }));
  }

  function unitPanel(unit) {
    const calling = [...net.callers(unit)].map((number) => net.units[number]).filter((from) => from.kind !== net.OUTSIDE || net.isDrawn(from, unit));
    const called = net.called(unit).filter((to) => unit.kind !== net.OUTSIDE || net.isDrawn(unit, to));
    const ports = (from, to) => `${net.portsBetween(from, to).slice(0, 4).join(", ")}${net.mayCall(from, to) === "depends" ? ", depends" : ""}`;
    const nodes = [make("h2", { tabindex: "-1" }, full(unit))];
    if (unit.kind !== net.WORKLOAD) nodes.push(make("p", { class: "about" }, unit.kind === net.OUTSIDE ? `Addresses outside: ${unit.full}` : "A controller that was not read. It serves the Ingresses and routes, and is taken for a pod without labels."));
    else nodes.push(make("p", { class: "about" }, unit.sort, " ", place(unit.place)));
    if (unit.kind === net.WORKLOAD) {
      if (unit.listening.length) nodes.push(section("Listens at", make("ul", {}, ...unit.listening.map(([protocol, port, names]) => make("li", {}, make("b", {}, net.portText([protocol, port, port])), names.length ? ` ${names.join(", ")}` : "")))));
      if (unit.ways.length) nodes.push(section("Ways in from outside", make("ul", {}, ...unit.ways.map(([kind, title, protocol, port, where]) => make("li", {}, `${title} (${kind}) to ${net.portText([protocol, port, port])} `, place(where))))));
      nodes.push(section("What comes in", ...policyLines(unit, "ingress")), section("What goes out", ...policyLines(unit, "egress")));
      if (unit.ways.some(([kind]) => kind === "controller") && !calling.some((from) => from.kind === net.CONTROLLER)) {
        nodes.push(make("p", { class: "notice" }, "A controller without labels may not call it: policies let in only who has the labels that they ask for."));
      }
    }
    const part = (index) => (unit.asked[index] ? "" : ", of what was asked");
    nodes.push(section(`May call it (${count(calling.length)}${part(0)})`, calling.length ? peers(calling, (from) => pairAddress(from, unit), (from) => ports(from, unit)) : make("p", {}, unit.known.length || unit.kind !== net.WORKLOAD ? "Nobody." : "Nobody at a known port: it declares none, and no Service leads to it.")));
    nodes.push(section(`It may call (${count(called.length)}${part(1)})`, called.length ? peers(called, (to) => pairAddress(unit, to), (to) => ports(unit, to)) : make("p", {}, "Nothing at a known port.")));
    if (unit.labels.length) nodes.push(section("Labels", make("p", { class: "tags" }, ...unit.labels.map((text) => make("span", { class: "tag" }, text)))));
    return nodes;
  }

  function reason(found, none) {
    if (found.rule !== undefined) {
      const { action, path, place: where } = net.rule(found.rule);
      return make("dd", {}, `${net.policy(found.policy).name}${path ? `, ${path}` : ""} ${{ allow: "allows it", deny: "denies it", pass: "passes it on, and nothing else decides" }[action]}`, place(where));
    }
    if (found.isolating) {
      const names = [...new Map(found.isolating.map((index) => [index, net.policy(index)])).values()];
      return make("dd", {}, `No rule allows it${found.doubts.length ? " for certain" : ""}; ${names.length === 1 ? "this policy isolates" : "these policies isolate"} it:`, ...names.flatMap(({ name, place: where }) => [make("span", {}, ` ${name}`), place(where)]));
    }
    return make("dd", {}, none);
  }

  function pairPanel(from, to) {
    const nodes = [make("h2", { tabindex: "-1" }, `${full(from)} → ${full(to)}`)];
    const otherWay = net.mayCall(to, from);
    nodes.push(make("p", { class: "about" }, make("a", { href: unitAddress(from) }, from.name), " calls ", make("a", { href: unitAddress(to) }, to.name), ". ",
      to.kind === net.WORKLOAD && from.kind === net.WORKLOAD ? make("a", { href: pairAddress(to, from) }, `The other way: ${otherWay || "no"}`) : null));
    const SAYS = { yes: "may call", no: "may not call", depends: "may call, depending on something" };
    for (const row of net.answers(from, to).filter((answer) => from.kind !== net.CONTROLLER || answer.allowed !== "no" || answer.listens)) {
      const ranges = row.ranges.map(net.portText), every = row.ranges.length === 3 && row.ranges.every(([p, low, high]) => low === 1 && high === 65535);
      const ports = every ? "every port" : ranges.length > 6 ? `${ranges.slice(0, 6).join(", ")} and ${ranges.length - 6} more ranges` : ranges.join(", ");
      const doubts = [...new Set([...row.egress.doubts, ...row.ingress.doubts])];
      nodes.push(make("div", { class: `answer ${row.allowed} ${net.isPlain(from, to) ? "plain" : ""}` },
        make("p", {}, `${row.listens ? "" : to.listening.length && !every ? "Other ports, where nothing is known to listen: " : ""}${SAYS[row.allowed]} at ${ports}${row.listens && row.listens[2].length ? ` (${row.listens[2].join(", ")})` : ""}`),
        make("dl", {},
          make("dt", {}, "goes out"), reason(row.egress, from.kind === net.WORKLOAD ? (from.host ? "No policy holds: it is on the host's network." : net.policiesOf(from, "egress").length ? "No policy that selects it says anything against it." : "No policy selects it for what goes out.") : "Nothing here says what goes out there."),
          make("dt", {}, "comes in"), reason(row.ingress, to.kind === net.WORKLOAD ? (to.host ? "No policy holds: it is on the host's network." : net.policiesOf(to, "ingress").length ? "No policy that selects it says anything against it." : "No policy selects it for what comes in.") : "Nothing here says what comes in there."),
          ...(doubts.length && row.allowed === "depends" ? [make("dt", {}, "depends on"), make("dd", {}, doubts.join("; "))] : []))));
    }
    return nodes;
  }

  function drawPanel(focus) {
    const panel = $("#panel"), from = net.byId.get(state.from), to = net.byId.get(state.to), unit = net.byId.get(state.of);
    const nodes = from && to && from !== to ? pairPanel(from, to) : unit ? unitPanel(unit) : null;
    panel.hidden = !nodes;
    $(".split").classList.toggle("open", Boolean(nodes));
    if (!nodes) { panel.replaceChildren(); return; }
    panel.replaceChildren(make("div", { class: "buttons" },
      from && to ? make("a", { class: "quiet", href: unitAddress(to) }, `All of ${to.name}`) : null,
      make("button", { type: "button", class: "quiet end", onclick: () => { location.hash = address(picked); } }, "Close")), ...nodes);
    panel.scrollTop = 0;
    if (focus) $("h2", panel).focus({ preventScroll: true });
  }

  // Filters

  const FACETS = { ns: "Namespace", port: "Port", lines: "Lines of policies" };

  function drawFilters() {
    const ports = Map.groupBy(net.workloads.flatMap((unit) => unit.known), (port) => port);
    const choices = {
      ns: net.spaces.map((space) => [space.name, `${space.name} (${count(space.units.length)})`]),
      port: [...ports].sort((a, b) => b[1].length - a[1].length || a[0].localeCompare(b[0], "en", { numeric: true })).map(([port, some]) => [port, `${port} (${count(some.length)})`]),
      lines: [["all", "All that is allowed"]],
    };
    for (const [facet, name] of Object.entries(FACETS)) {
      const select = $(`#facet-${facet}`);
      if (!select.options.length) select.append(make("option", { value: "" }, name), ...choices[facet].map(([value, text]) => make("option", { value }, text)));
      select.value = state[facet] || "";
      select.classList.toggle("set", Boolean(state[facet]));
      select.hidden = (choices[facet].length < 2 && facet !== "lines") || (facet === "lines" && state.view !== "map");
    }
    $("#clear").hidden = !isFiltered() && !state.lines && !state.rows && !state.open;
    const units = matched.filter((unit) => unit.kind === net.WORKLOAD), near = [...shown].filter((unit) => !matched.includes(unit)).length;
    let text = `${count(units.length)} of ${counted(net.workloads.length, "workload")}`;
    const one = net.byId.get(state.of);
    if (state.view === "map" && one && !isFiltered() && shown.size < matched.length) text = `${full(one)} and ${count(shown.size - 1)} that it has a connection with`;
    if (near && state.view !== "list") text += ` and ${count(near)} that ${near === 1 ? "has" : "have"} a connection with ${units.length === 1 ? "it" : "them"}`;
    if (state.view === "map" && picture) text += picture.drawn ? `, ${counted(picture.lines, "line")}` : `; ${count(picture.lines)} lines are too many to draw: point at a workload or namespace to see its own, or use the matrix`;
    if (state.view === "matrix" && state.rows && state.cols) text = `${state.rows} calling ${state.cols}`;
    $(".tally").textContent = text;
  }

  // Views, addresses and keys

  function refresh(focus = false) {
    apply();
    $("#search").value = state.q || "";
    for (const [view, selector] of [["map", "section.map"], ["matrix", "section.matrix"], ["list", "section.workloads"]]) {
      $(selector).hidden = view !== state.view;
      const link = $(`.top nav a[href^="#${view}"]`);
      link.href = address({ view });
      if (view === state.view) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
    }
    drawPanel(focus);
    if (state.view === "map") draw();
    else if (state.view === "matrix") drawMatrix();
    else list.show(net.workloads.filter((unit) => matched.includes(unit)));
    drawFilters();
  }

  function route(event) {
    const [, name, terms] = /^#?([^?]*)\??(.*)$/.exec(location.hash), given = new URLSearchParams(terms);
    const before = document.activeElement?.classList.contains("node") || document.activeElement?.classList.contains("name") ? document.activeElement.getAttribute("title") : null;
    const { view } = state, had = address(picked) !== address();
    state = { view: ["map", "matrix", "list"].includes(name) ? name : state.start || "map", start: state.start };
    for (const term of TERMS) state[term] = given.get(term) || "";
    words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    const has = Boolean(state.of || state.from);
    refresh(Boolean(event) && has && before === null && document.activeElement !== $("#search"));
    if (event && view !== state.view) scrollTo(0, 0);
    if (before !== null) [...$$(".canvas .node"), ...$$(".canvas .name")].find((element) => element.getAttribute("title") === before)?.focus({ preventScroll: true });
    else if (had && !has && event) $("#content").focus({ preventScroll: true });
  }

  function change(changes) {
    state = { ...state, ...changes };
    words = (state.q || "").toLowerCase().split(/\s+/).filter(Boolean);
    history.replaceState(null, "", address());
    refresh();
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "Escape" && event.target.id === "search" && state.q) change({ q: "" });
    else if (event.key === "Escape" && (state.of || state.from)) location.hash = address(picked);
    else if (event.key === "Escape" && (state.rows || state.open || state.ns)) location.hash = address(state.rows ? { rows: "", cols: "" } : { ns: "", open: "" });
    else if (event.key === "/" && !typing) { $("#search").focus(); $("#search").select(); }
    else if (event.key.startsWith("Arrow") && state.view === "map" && event.target.closest?.(".canvas")) step(event.key, event.target);
    else if (state.view === "matrix" && grid && event.target.classList?.contains("grid") && (event.key.startsWith("Arrow") || event.key === "Enter")) {
      if (event.key === "Enter") { if (cursor) openCell(cursor); } else move(event.key);
    } else return;
    event.preventDefault();
  }

  function move(key) {
    const { row, column } = cursor || { row: 0, column: -1 }, clamp = (value, most) => Math.max(0, Math.min(most - 1, value));
    point({
      row: clamp(row + (key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0), grid.rows.length),
      column: clamp(column + (key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0), grid.columns.length),
    });
    grid.cursor.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  }

  function step(key, element) {
    const all = $$(".canvas a"), middle = (other) => { const box = other.getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2]; };
    const [x, y] = middle(element), sideways = key === "ArrowLeft" || key === "ArrowRight", turn = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
    const away = all.map((other) => { const [ox, oy] = middle(other); return { other, along: (sideways ? ox - x : oy - y) * turn, aside: Math.abs(sideways ? oy - y : ox - x) }; })
      .filter(({ along, aside }) => along > 4 && (sideways || aside < BOX / 2));
    const far = ({ other, along, aside }) => (sideways ? along + 2 * aside + (other.classList.contains("name") ? 160 : 0) : along);
    away.sort((a, b) => far(a) - far(b));
    away[0]?.other.focus();
  }

  // Start

  document.addEventListener("DOMContentLoaded", () => {
    net.read();
    const none = !net.workloads.length;
    $(".top nav").hidden = none;
    $("#explorer").hidden = none;
    $(".split").hidden = none;
    if (none) return;
    $(".facets").append(...Object.entries(FACETS).map(([facet, name]) => make("select", { id: `facet-${facet}`, "aria-label": name })));
    layList();
    state.start = net.workloads.length > 200 ? "matrix" : "map";
    $("#search").addEventListener("input", (event) => change({ q: event.target.value }));
    $(".facets").addEventListener("change", (event) => change({ [event.target.id.slice(6)]: event.target.value }));
    $("#clear").addEventListener("click", () => { change({ ns: "", port: "", lines: "", q: "", rows: "", cols: "", open: "" }); $("#search").focus(); });
    const element = $(".grid");
    element.addEventListener("pointermove", (event) => { if (grid) { const at = cellAt(event); point(at.row >= 0 && at.column >= 0 ? at : null); } });
    element.addEventListener("pointerleave", () => point(null));
    element.addEventListener("click", (event) => { if (grid) { const { row, column } = cellAt(event); openCell({ row: row >= 0 ? row : -1, column: column >= 0 ? column : -1 }); } });
    element.addEventListener("focus", () => { if (grid && !cursor && element.matches(":focus-visible")) point({ row: 0, column: 0 }); });
    let waiting = false;
    const redraw = (resized) => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; if (state.view === "list") list.draw(); else if (resized) { if (state.view === "map") draw(); else drawMatrix(); } });
    };
    addEventListener("scroll", () => redraw(false), { passive: true });
    let width = innerWidth;
    addEventListener("resize", () => { const changed = innerWidth !== width; width = innerWidth; redraw(changed); });
    new ResizeObserver(() => {
      const height = getComputedStyle($("#explorer")).position === "sticky" ? $("#explorer").offsetHeight : 0;
      root.style.setProperty("--tools", `${height}px`);
    }).observe($("#explorer"));
    addEventListener("hashchange", route);
    document.addEventListener("keydown", onKey);
    route();
  });
})();
