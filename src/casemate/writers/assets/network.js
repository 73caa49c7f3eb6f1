// Casemate's map of a network: what was read, who may call whom, and which rule decides. Stands after page.js;
// network-views.js draws it. Answers are sets of callers for each port of each workload, worked out by casemate; this
// finds only the rule that decides, where somebody asks for it.

casemate.network = (() => {
  const { $ } = casemate;
  const WORKLOAD = 0, OUTSIDE = 1, CONTROLLER = 2;
  const CLOSED = 0, LIMITED = 1, INSIDE = 2, WIDE = 3, OPEN = 4;
  const net = { WORKLOAD, OUTSIDE, CONTROLLER, CLOSED, LIMITED, INSIDE, WIDE, OPEN };

  // Sets of numbers as bits

  const bit = (words, member) => (words[member >>> 5] >>> (member & 31)) & 1;

  function decoded(text, size) {
    const words = new Uint32Array((size >>> 5) + 1);
    if (text.startsWith("=")) {
      const bytes = atob(text.slice(1));
      for (let i = 0; i < bytes.length; i += 1) words[i >>> 2] |= bytes.charCodeAt(i) << (8 * (i & 3));
    } else if (text) {
      for (const run of text.split(" ")) {
        const [low, high = low] = run.split("-").map(Number);
        for (let i = low; i <= high; i += 1) words[i >>> 5] |= 1 << (i & 31);
      }
    }
    return words;
  }

  function* members(words) {
    for (let i = 0; i < words.length; i += 1) {
      for (let rest = words[i]; rest; rest &= rest - 1) yield 32 * i + 31 - Math.clz32(rest & -rest);
    }
  }

  // The data

  let data, known = [];

  net.read = () => {
    data = JSON.parse($("#data").textContent);
    Object.assign(net, { namespaces: data.namespaces, whole: data.whole, total: data.total });
    net.units = data.units.map(([kind, space, name, sort, full, place, labels, listening, ways, ingress, egress, isolated, host, asked, classes, openings], index) => ({
      index, kind, space, name, sort, full, place, labels, listening, ways, ingress, egress, isolated, host, asked, classes, openings,
      namespace: space < 0 ? "" : data.namespaces[space], severity: 0,
      id: kind === WORKLOAD ? full : name,
    }));
    net.byId = new Map(net.units.map((unit) => [unit.id, unit]));
    net.workloads = net.units.filter((unit) => unit.kind === WORKLOAD);
    net.spaces = data.namespaces.map((name, index) => ({ index, name, units: net.units.filter((unit) => unit.space === index) }));
    for (const unit of net.units) {
      unit.known = [...new Set(unit.openings.flatMap(([, shown]) => rangesOf(shown).map(portText)))];
      if (unit.listening.length) unit.known = unit.listening.map(([protocol, port]) => portText([protocol, port, port]));
    }
    net.portSet(null);
  };

  const setOf = (index) => (known[index] ??= decoded(data.sets[index], data.size));

  function rangesOf(index) {
    const flat = data.ports[index], found = [];
    for (let i = 0; i < flat.length; i += 3) found.push([flat[i], flat[i + 1], flat[i + 2]]);
    return found;
  }

  const holds = (index, protocol, port) => {
    const flat = data.ports[index];
    for (let i = 0; i < flat.length; i += 3) if (flat[i] === protocol && flat[i + 1] <= port && port <= flat[i + 2]) return true;
    return false;
  };

  const LIMITS = { TCP: [1, 65535], UDP: [1, 65535], SCTP: [1, 65535] };

  function portText([protocol, low, high]) {
    const name = data.protocols[protocol], [first, last] = LIMITS[name] || [0, 0];
    if (low === first && high === last) return `every port of ${name}`;
    const text = low === high ? String(low) : `${low}-${high}`;
    return name === "TCP" ? text : `${text}/${name}`;
  }
  net.portText = portText;
  net.protocol = (index) => data.protocols[index];

  // Who may call whom at known ports, or at one that is asked for; sets are by the number of what is called.

  net.portSet = (port) => {
    for (const unit of net.units) {
      unit.sure = new Uint32Array((net.units.length >>> 5) + 1);
      unit.maybe = unit.sure.slice();
      for (const [, shown, sure, maybe] of unit.openings) {
        const ports = rangesOf(shown);
        if (!ports.length || (port && !ports.some((range) => portText(range) === port))) continue;
        const some = setOf(sure), other = setOf(maybe);
        for (let i = 0; i < unit.sure.length; i += 1) { unit.sure[i] |= some[i]; unit.maybe[i] |= other[i]; }
      }
      unit.calling = 0;
      for (const caller of callers(unit)) if (net.units[caller].kind === WORKLOAD) unit.calling += 1;
    }
    for (const unit of net.units) unit.called = 0;
    for (const unit of net.workloads) for (const caller of callers(unit)) net.units[caller].called += 1;
  };

  function* callers(unit) { yield* members(unit.sure.map((word, index) => word | unit.maybe[index])); }
  net.callers = callers;
  net.mayCall = (from, to) => (bit(to.sure, from.index) ? "yes" : bit(to.maybe, from.index) ? "depends" : "");
  net.called = (from) => net.units.filter((to) => to !== from && net.mayCall(from, to));

  // No policy limits the one or the other: a line between them would say nothing.
  net.isPlain = (from, to) => from.egress >= (to.kind === OUTSIDE ? WIDE : INSIDE) && to.ingress >= (from.kind === OUTSIDE ? WIDE : INSIDE);
  const isWay = (from, to) => from.kind === CONTROLLER || (from.kind === OUTSIDE && to.ways.some(([kind]) => kind !== "controller"));
  net.isDrawn = (from, to) => !net.isPlain(from, to) || isWay(from, to);

  net.portsBetween = (from, to) => {
    const found = [];
    for (const [, shown, sure, maybe] of to.openings) {
      if (bit(setOf(sure), from.index) || bit(setOf(maybe), from.index)) found.push(...rangesOf(shown).map(portText));
    }
    return [...new Set(found)];
  };

  // The rule that decides, as casemate's `reach --queries` finds it: tiers in their order, the first rule that matches

  function decide(side, subject, peer, protocol, port) {
    const applied = data[side].profiles[data[side].of[subject]].map((index) => data.applied[index]);
    const doubts = [];
    for (const [, , , sureSubject, parts] of applied) {
      for (const [rule, ports, sure, upper] of parts) {
        if (!holds(ports, protocol, port) || !bit(setOf(upper), peer)) continue;
        if (!sureSubject || data.rules[rule][3] || !bit(setOf(sure), peer)) {
          const why = data.rules[rule][4];
          doubts.push(...(why.length ? why : ["whether the rule means it, which is not known"]));
        }
      }
    }
    doubts.push(...ties(applied.filter((item) => data.tiers[item[0]][2]), peer));
    let passed = null;
    for (let start = 0; start < applied.length;) {
      let end = start;
      while (end < applied.length && applied[end][0] === applied[start][0]) end += 1;
      const tier = applied.slice(start, end), isolating = tier.filter((item) => item[2]);
      let first = null;
      for (const [, policy, , sureSubject, parts] of tier) {
        for (const [rule, ports, sure] of parts) {
          if (first || !sureSubject || data.rules[rule][3] || !holds(ports, protocol, port) || !bit(setOf(sure), peer)) continue;
          first = { policy, rule };
        }
      }
      if (first && data.rules[first.rule][0] === "pass") passed = first;
      else if (first) return { allowed: data.rules[first.rule][0] === "allow", ...first, doubts };
      if (!first && isolating.length && !data.tiers[tier[0][0]][1]) return { allowed: false, isolating: isolating.map((item) => item[1]), doubts };
      start = end;
    }
    return { allowed: true, ...passed, doubts };
  }

  // Policies of one priority that do different things with a peer: their order is not defined.
  function* ties(applied, peer) {
    const groups = new Map();
    for (const item of applied) groups.set(`${item[0]} ${item[5]}`, [...(groups.get(`${item[0]} ${item[5]}`) || []), item]);
    for (const group of groups.values()) {
      const actions = new Set(group.flatMap((item) => item[4]).filter((part) => bit(setOf(part[3]), peer)).map(([rule]) => data.rules[rule][0]));
      if (group.length > 1 && actions.size > 1) yield `${data.policies[group[0][1]][0]} and ${data.policies[group[1][1]][0]} have one priority, and their order is not defined`;
    }
  }

  // What is true of a pair at a port, and why: of several pods of one workload those that are let through decide.
  net.why = (from, to, protocol, port) => {
    let allowed = "";
    for (const [ports, , sure, maybe] of to.openings) {
      if (!holds(ports, protocol, port)) continue;
      if (bit(setOf(sure), from.index)) allowed = "yes";
      else if (bit(setOf(maybe), from.index)) allowed ||= "depends";
    }
    let best = null;
    for (const source of from.classes) {
      for (const target of to.classes) {
        const egress = decide("egress", source, target, protocol, port), ingress = decide("ingress", target, source, protocol, port);
        const rank = (egress.allowed && ingress.allowed ? 2 : 0) + (egress.doubts.length || ingress.doubts.length ? 1 : 0);
        if (!best || rank > best.rank) best = { rank, egress, ingress };
      }
    }
    return { allowed: allowed || "no", ...best };
  };

  net.policy = (index) => ({ name: data.policies[index][0], place: data.policies[index][1] });
  net.rule = (index) => { const [action, path, place] = data.rules[index]; return { action, path, place }; };
  net.policiesOf = (unit, side) => {
    const found = new Set(unit.classes.flatMap((number) => data[side].profiles[data[side].of[number]].map((index) => data.applied[index][1])));
    return [...found].map(net.policy);
  };

  // All ports of a pair, those with one answer together: what the rules cut, tried at each cut
  net.answers = (from, to) => {
    const rows = [];
    data.protocols.forEach((name, protocol) => {
      if (!LIMITS[name]) return;
      const [first, last] = LIMITS[name], cuts = new Set([first]);
      const cut = (index) => { for (const [p, low, high] of rangesOf(index)) if (p === protocol) { cuts.add(low); if (high < last) cuts.add(high + 1); } };
      for (const [ports] of to.openings) cut(ports);
      for (const [side, unit] of [["egress", from], ["ingress", to]]) {
        for (const number of unit.classes) for (const item of data[side].profiles[data[side].of[number]]) for (const part of data.applied[item][4]) cut(part[1]);
      }
      for (const [p, port] of to.listening) if (p === protocol) { cuts.add(port); if (port < last) cuts.add(port + 1); }
      const starts = [...cuts].filter((port) => port >= first).sort((a, b) => a - b);
      starts.forEach((low, index) => {
        const high = index + 1 < starts.length ? starts[index + 1] - 1 : last, answer = net.why(from, to, protocol, low);
        const listens = to.listening.find(([p, port]) => p === protocol && port === low && high === low);
        const key = JSON.stringify([answer.allowed, answer.egress, answer.ingress, listens ? low : null]), before = rows.at(-1);
        if (before && before.key === key && !listens) before.ranges.push([protocol, low, high]);
        else rows.push({ key, ranges: [[protocol, low, high]], listens, ...answer });
      });
    });
    const merged = new Map();
    for (const row of rows) { if (merged.has(row.key)) merged.get(row.key).ranges.push(...row.ranges); else merged.set(row.key, row); }
    for (const row of merged.values()) row.ranges = joined(row.ranges);
    return [...merged.values()].sort((a, b) => Number(Boolean(b.listens)) - Number(Boolean(a.listens)));
  };

  function joined(ranges) {
    const found = [];
    for (const [protocol, low, high] of ranges) {
      const last = found.at(-1);
      if (last && last[0] === protocol && last[2] + 1 === low) last[2] = high; else found.push([protocol, low, high]);
    }
    return found;
  }

  return net;
})();
