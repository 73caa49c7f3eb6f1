"""Writes docs/network-plugins.md from the profiles of network plugins: `python docs/network_plugins.py`.

A test fails where the page is not what this program would write.
"""

from collections.abc import Iterator
from pathlib import Path

from casemate.analysis.network.plugins.forms import Effect, Gap, Part, Plugin
from casemate.analysis.network.plugins.profiles import CLUSTER_WIDE, PROFILES

PAGE = Path(__file__).with_name("network-plugins.md")
_HEAD = """# Network plugins

<!-- Written by docs/network_plugins.py: change plugin_profiles.py in analysis/network, then run it. -->

The API server takes every network policy; what becomes of it is up to the network plugin, and plugins
differ. So the plugin is a parameter of what casemate says about networks:

- `--cni NAME[@VERSION]`, or `cni: NAME` in [`casemate.yaml`](settings.md): the plugin, such as `calico` or
  `cilium@1.16`.
- Else it is recognised by what was read: its DaemonSet or its operator's object, and where there is neither,
  its ConfigMap, the kinds it defines, or annotations of nodes. A DaemonSet without the part that enforces
  policies counts as `none`: `aws-node` without `--enable-network-policy=true`, `weave-net` without
  `weave-npc`, `kube-router` with `--run-firewall=false`. Where what was read tells of several plugins that
  enforce policies, as a collection of manifests for many clusters does, none is taken.
- Where the plugin is not known, nothing is said about it.

`network-ignored-by-plugin` reports NetworkPolicies that rely on what the plugin ignores, and
`network-kind-unknown-to-plugin` cluster-wide ones of kinds that it does not enforce. What depends on a
release is taken as the newest one does it, unless a version is named or the image tells it.

"""
_WORDS = {Effect.REJECTED: "rejects", Effect.OPEN: "no", Effect.CLOSED: "no", Effect.UNSURE: "not certain"}
_COLUMNS = {
    "egress": (Part.EGRESS,),
    "named ports": (Part.NAMED_PORT, Part.NAMED_PORT_IN, Part.NAMED_PORT_ANYWHERE),
    "`endPort`": (Part.END_PORT,),
    "SCTP": (Part.SCTP,),
    "`ipBlock`": (Part.IP_BLOCK,),
    "IPv6": (Part.IPV6_BLOCK,),
}
_KNOWN = {True: "yes", False: "no", None: "not known"}


def page() -> str:
    """The whole page."""
    return _HEAD + "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield f"| plugin | {' | '.join(_COLUMNS)} | `ipBlock` means pods | and nodes |"
    yield "|---|" + "---|" * (len(_COLUMNS) + 2)
    for plugin in PROFILES.values():
        yield "| " + " | ".join((f"[`{plugin.name}`](#{plugin.name})", *_cells(plugin))) + " |"
    yield ""
    yield "`rejects`: the whole policy is left out. `in part`: see below."
    for plugin in PROFILES.values():
        yield ""
        yield from _about(plugin)


def _cells(plugin: Plugin) -> Iterator[str]:
    gaps = {gap.part: gap for gap in plugin.gaps}
    if Part.POLICY in gaps:
        yield from ["no"] * (len(_COLUMNS) + 2)
        return
    no_blocks = Part.IP_BLOCK in gaps
    for name, parts in _COLUMNS.items():
        unasked = no_blocks and name == "IPv6"
        yield "" if unasked else _cell([gaps[part] for part in parts if part in gaps])
    yield "" if no_blocks else _KNOWN[plugin.blocks_hold_pods]
    yield "" if no_blocks else _KNOWN[plugin.blocks_hold_nodes]


def _cell(gaps: list[Gap]) -> str:
    if not gaps:
        return "yes"
    gap = gaps[0]
    if gap.until:
        return f"since {gap.until}"
    return "in part" if gap.part is Part.NAMED_PORT_ANYWHERE else _WORDS[gap.effect]


def _about(plugin: Plugin) -> Iterator[str]:
    yield f"## {plugin.name}"
    yield ""
    yield f"{plugin.title[0].upper()}{plugin.title[1:]}." if plugin.name == "none" else f"{plugin.title}."
    if plugin.own:
        yield f"Has policies of its own ({plugin.own})."
    if plugin.foreign and plugin.foreign != CLUSTER_WIDE:
        yield f"Does not enforce {' and '.join(plugin.foreign)}."
    elif plugin.foreign:
        yield "Enforces none of the cluster-wide kinds of Kubernetes."
    yield ""
    for gap in plugin.gaps:
        effect = gap.effect.value
        more = "" if gap.effect is Effect.REJECTED else f" {effect[0].upper()}{effect[1:]}."
        yield f"- It {gap.text}.{more} ({gap.source})"
    for note in plugin.notes:
        yield f"- {note[0].upper()}{note[1:]}."
    yield f"- Sources: {'; '.join(plugin.sources)}."


if __name__ == "__main__":
    PAGE.write_text(page())
