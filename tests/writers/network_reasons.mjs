// Answers every question about a page of a network by the page's own script: node network_reasons.mjs SCRIPT DATA
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

const [script, data] = process.argv.slice(2);
globalThis.casemate = { $: () => ({ textContent: readFileSync(data, "utf-8") }) };
runInThisContext(readFileSync(script, "utf-8"));
const net = casemate.network;
net.read();
const side = (found) => ({
  allowed: found.allowed, depends: found.doubts.length > 0,
  rule: found.rule === undefined ? null : `${net.policy(found.policy).name} ${net.rule(found.rule).path}`,
  isolating: (found.isolating || []).map((index) => net.policy(index).name),
});
const rows = [];
for (const from of net.units) for (const to of net.units) {
  if (from === to || (from.kind && to.kind)) continue;
  for (const [protocol, port] of [[0, 80], [0, 443], [0, 5432], [0, 8080], [0, 9187], [1, 53], [2, 7]]) {
    const { allowed, egress, ingress } = net.why(from, to, protocol, port);
    rows.push({ from: from.id, to: to.id, protocol: net.protocol(protocol), port, allowed, egress: side(egress), ingress: side(ingress) });
  }
  for (const { ranges, allowed } of net.answers(from, to)) rows.push({ from: from.id, to: to.id, ranges, allowed });
}
process.stdout.write(JSON.stringify(rows));
