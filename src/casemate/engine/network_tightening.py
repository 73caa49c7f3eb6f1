"""The answer of `casemate network tighten`: least policies for an estate, and what they are proven to do."""

from collections.abc import Iterable, Sequence

import msgspec

from casemate.analysis.network.policies import Policy
from casemate.analysis.network.tighten.calls import add_calls, note_uncalled
from casemate.analysis.network.tighten.drafts import Draft, chosen_namespaces, drafts
from casemate.analysis.network.tighten.entrances import add_entrances
from casemate.analysis.network.tighten.flow_needs import FlowNeeds, add_flows
from casemate.analysis.network.tighten.forms import calico, cilium, cluster, networkpolicy
from casemate.analysis.network.tighten.forms.common import Made, Means, Tree
from casemate.analysis.network.tighten.habits import add_habits, api_addresses, unknown_api_server
from casemate.analysis.network.tighten.known import Known, Told
from casemate.analysis.network.tighten.needs import ApiServer, End, Host, Need, Needs, ends, public
from casemate.analysis.network.tighten.proof import Cell, Proof, Worlds
from casemate.model.errors import UsageError
from casemate.model.estate import Entity, Estate, Unreadable
from casemate.model.flows import FlowLog

FORMS = {
    "networkpolicy": networkpolicy.objects,
    "cluster": cluster.objects,
    "calico": calico.objects,
    "cilium": cilium.objects,
}
"""The dialects that policies are written in."""
_REPLACED = {
    ("networking.k8s.io", "NetworkPolicy"),
    ("extensions", "NetworkPolicy"),
    ("cilium.io", "CiliumNetworkPolicy"),
    ("projectcalico.org", "NetworkPolicy"),
    ("crd.projectcalico.org", "NetworkPolicy"),
}
_KEPT = {"AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy", "GlobalNetworkPolicy"}
_KEPT |= {"CiliumClusterwideNetworkPolicy", "AuthorizationPolicy", "PeerAuthentication"}


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for: a dialect, the namespaces (none: all but those of Kubernetes), what a person told.

    `only_flows` leaves out what settings say, where flows are given.
    """

    form: str = "networkpolicy"
    namespaces: tuple[str, ...] = ()
    told: Told = Told()
    only_flows: bool = False


class Plan(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Policies and why. `replaced` are those that go, `kept` those that stay and decide too."""

    wish: Wish
    known: Known
    needs: Needs
    drafts: tuple[Draft, ...]
    made: tuple[Made, ...]
    replaced: tuple[Entity, ...]
    kept: tuple[Entity, ...]
    flows: FlowLog | None
    seen: FlowNeeds | None
    namespaces: tuple[str, ...]
    unreadable: tuple[Unreadable, ...]

    @property
    def means(self) -> Means:
        """What stands for the API server and for hosts that are known by name."""
        return means_of(self.known)

    @property
    def covered(self) -> tuple[str, ...]:
        """The workloads that the policies are for."""
        return tuple(
            group.name
            for group in self.known.groups.values()
            if not group.on_host and group.namespace in self.namespaces
        )

    @property
    def wider(self) -> tuple[Need, ...]:
        """Needs that are allowed more widely than they are, since the dialect cannot name the other end."""
        own = self.wish.form == "cilium"
        found = []
        for need, _ in self.needs.reasoned():
            pair = ends((need,))
            unknown = ApiServer() in pair and "0.0.0.0/0" in api_addresses(self.known).ranges
            if not own and (unknown or any(isinstance(end, Host) for end in pair)):
                found.append(need)
        return tuple(found)


class NetworkTightening(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Policies with their proof; `different` is what they allow unlike NetworkPolicies, None for these."""

    plan: Plan
    proof: Proof
    different: tuple[Cell, ...] | None = None

    def is_same_kind(self, entity: Entity) -> bool:
        """Whether a policy is of the kind that is proposed, so that one of its name takes its place."""
        made = {(tree["apiVersion"].partition("/")[0], tree["kind"]) for tree in self.trees}
        return _key(entity) in made

    @property
    def trees(self) -> list[Tree]:
        """The objects that are proposed, as the API has them."""
        return [made.tree for made in self.plan.made]


def means_of(known: Known) -> Means:
    """What stands for the API server and for hosts that are known by name."""
    return Means(api_addresses(known), public(ipv6=known.ipv6))


def planned(estate: Estate, log: FlowLog | None, wish: Wish) -> Plan:
    """The policies for what is needed. Raises `UsageError` where there is nothing to write policies for."""
    known = Known(estate, wish.told)
    needs = Needs()
    seen = None
    if log is None or not wish.only_flows:
        add_calls(known, needs)
    add_entrances(known, needs)
    namespaces = chosen_namespaces(known, wish.namespaces)
    if log is not None:
        seen = add_flows(known, needs, log, by_name=wish.form == "cilium")
        known.forget(ends(need for need, _ in needs.reasoned()))
    add_habits(known, needs, namespaces)
    inside = {group.namespace for group in known.groups.values() if group.is_read}
    missing = [name for name in namespaces if name not in inside]
    if missing:
        raise UsageError(f"no workload was read in the namespace {missing[0]}")
    found = drafts(known, needs, namespaces)
    note_uncalled(known, needs, namespaces)
    if wish.form != "cilium" and any(ApiServer() in ends((need,)) for need, _ in needs.reasoned()):
        for item in unknown_api_server(known):
            needs.leave_open(item)
    means = means_of(known)
    made = tuple(item for draft in found for item in FORMS[wish.form](draft, means))
    replaced = tuple(e for e in estate.entities if _key(e) in _REPLACED and _namespace(e) in namespaces)
    return Plan(
        wish=wish,
        known=known,
        needs=needs,
        drafts=found,
        made=made,
        replaced=replaced,
        kept=tuple(entity for entity in estate.entities if entity.ref.kind in _KEPT),
        flows=log,
        seen=seen,
        namespaces=namespaces,
        unreadable=estate.unreadable,
    )


def in_form(plan: Plan, form: str) -> Plan:
    """The same policies in another dialect."""
    means = means_of(plan.known)
    made = tuple(item for draft in plan.drafts for item in FORMS[form](draft, means))
    wish = msgspec.structs.replace(plan.wish, form=form)
    return msgspec.structs.replace(plan, wish=wish, made=made)


def worlds(plan: Plan, objects: Iterable[Entity], beside: Sequence[Policy] = ()) -> Worlds:
    """The connections before, and after `objects` took the place of the policies that go."""
    entities = plan.known.estate.entities
    strangers = tuple(group.pods[0].source for group in plan.known.groups.values() if not group.is_read)
    gone = {id(entity) for entity in plan.replaced}
    replace = msgspec.structs.replace
    before = replace(plan.known.estate, entities=(*entities, *strangers))
    rest = (entity for entity in entities if id(entity) not in gone)
    after = replace(plan.known.estate, entities=(*rest, *strangers, *objects))
    means = plan.means
    needs = {need: _meant(need, means) for need in concerned(plan)}
    return Worlds(before, after, needs, plan.covered, beside=beside)


def concerned(plan: Plan) -> list[Need]:
    """The needs that the policies decide: those with an end that they are for."""
    covered = set(plan.covered)
    return [
        need
        for need, _ in plan.needs.reasoned()
        if any(getattr(end, "group", None) in covered for end in (need.source, need.destination))
    ]


def _meant(need: Need, means: Means) -> Need:
    """A need with addresses for ends that have none of their own."""
    return Need(_addresses(need.source, means), _addresses(need.destination, means), need.protocol, need.port)


def _addresses(end: End, means: Means) -> End:
    if isinstance(end, ApiServer):
        return means.api_server
    return means.public if isinstance(end, Host) else end


def _key(entity: Entity) -> tuple[str, str]:
    return entity.ref.group, entity.ref.kind


def _namespace(entity: Entity) -> str:
    return entity.ref.namespace or "default"
