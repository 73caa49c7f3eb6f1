"""Whatever an estate needs: the new policies allow it, and in every dialect the same."""

from hypothesis import given, settings
from hypothesis import strategies as st

from casemate.analysis.network.cluster import all_policies
from casemate.analysis.network.tighten.needs import Member, Need
from casemate.cli.network_tighten import read_back
from casemate.engine.network_tightening import FORMS, Wish, in_form, planned, worlds
from casemate.model.estate import Estate
from casemate.model.flows import Conversation, FlowEnd, FlowLog, FlowsSeen
from tests.analysis.network.tighten.plans import deployment, estate_of

SPACES = ("shop", "data")
NAMES = ("cart", "orders", "redis")
ADDRESSES = ("203.0.113.7", "203.0.113.8", "10.9.0.1", "198.51.100.1")
TARGETS = [f"http://{name}.{space}" for name in NAMES for space in SPACES]
TARGETS += ["https://api.paywell.example", "tcp://10.9.0.1:9000", "http://nobody.shop", "redis"]
POLICY = """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: {space}}}
spec:
  podSelector: {{matchLabels: {{app: {name}}}}}
  ingress: [{{from: [{{podSelector: {{}}}}]}}]
"""
OPENED = """
---
apiVersion: v1
kind: Service
metadata: {{name: {name}-open, namespace: {space}}}
spec: {{type: LoadBalancer, selector: {{app: {name}}}, ports: [{{port: 443, targetPort: http}}]}}
"""

workloads = st.lists(
    st.tuples(
        st.sampled_from(SPACES),
        st.sampled_from(NAMES),
        st.lists(st.sampled_from(TARGETS), max_size=3),
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda item: item[:2],
)
ends = st.one_of(
    st.builds(FlowEnd, namespace=st.sampled_from((*SPACES, "else")), workload=st.sampled_from(NAMES)),
    st.builds(
        lambda space, name: FlowEnd(namespace=space, pod=f"{name}-x1", labels=(("app", name),)),
        st.sampled_from((*SPACES, "else")),
        st.sampled_from(NAMES),
    ),
    st.builds(FlowEnd, address=st.sampled_from(ADDRESSES)),
)
flows = st.dictionaries(
    st.builds(Conversation, ends, ends, st.sampled_from(("TCP", "UDP")), st.sampled_from((53, 443, 8080))),
    st.builds(
        FlowsSeen,
        st.just("f"),
        st.integers(1, 9),
        forwarded=st.integers(0, 2),
        delivered=st.integers(0, 1),
        refused=st.integers(0, 1),
    ),
    max_size=6,
)


def ends_of(need: Need) -> list[Member]:
    return [end for end in (need.source, need.destination) if isinstance(end, Member)]


@settings(deadline=None, max_examples=25)
@given(workloads, flows, st.booleans())
def test_needed_is_allowed_and_all_dialects_agree(
    found: list[tuple[str, str, list[str], bool, bool]],
    seen: dict[Conversation, FlowsSeen],
    only: bool,
) -> None:
    text = ""
    for space, name, calls, guarded, opened in found:
        text += deployment(name, space, {f"URL_{index}": call for index, call in enumerate(calls)})
        text += POLICY.format(name=name, space=space) if guarded else ""
        text += OPENED.format(name=name, space=space) if opened else ""
    log = FlowLog(files=("f",), conversations=seen)
    plan = planned(estate_of(text), log, Wish(only_flows=only))
    usual = read_back(plan)
    guarded_names = {f"{space}/{name}" for space, name, _, guarded, _ in found if guarded}
    for form in FORMS:
        other = in_form(plan, form)
        objects = read_back(other)
        both = list(all_policies(Estate(entities=tuple(objects)), []))
        others = list(all_policies(Estate(entities=tuple(usual)), []))
        here, there = worlds(other, objects, others), worlds(plan, usual, both)
        proof = here.proof()
        cut_off = {group.name for group in plan.known.groups.values() if not group.labels}
        assert all(any(end.group in cut_off for end in ends_of(need)) for need in proof.lost)
        assert not proof.notices
        assert not here.differences(there)
        assert {cell.destination.partition("[")[0] for cell in proof.opened} <= guarded_names
        wide = {name.partition("/")[0] for name in cut_off}
        for cell in proof.slack:
            assert wide & {name.partition("/")[0] for name in (cell.source, cell.destination)}
        assert proof.after.pairs <= proof.before.pairs or proof.opened


@settings(deadline=None, max_examples=25)
@given(flows)
def test_what_was_refused_never_becomes_a_grant(seen: dict[Conversation, FlowsSeen]) -> None:
    text = deployment("cart") + deployment("redis", "data")
    refused = {
        found: FlowsSeen("f", 1, forwarded=item.forwarded, refused=item.refused + 1)
        for found, item in seen.items()
    }
    with_flows = planned(estate_of(text), FlowLog(files=("f",), conversations=refused), Wish())
    without = planned(estate_of(text), None, Wish())
    assert [need for need, _ in with_flows.needs.reasoned()] == [need for need, _ in without.needs.reasoned()]
    assert with_flows.seen is not None
    assert with_flows.seen.calls == 0
