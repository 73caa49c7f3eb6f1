"""Whether users and groups exist: every way in which a name can be there, gone, or not known."""

from typing import Any

import pytest

from casemate.analysis.rbac.existence import Existence, Identities, Verdict
from casemate.analysis.rbac.issuers import issuers
from casemate.model.audit import Activity, AuditLog, Call, Caller, Outcome, Seen
from casemate.model.components import Component, ComponentSettings, Given
from casemate.model.estate import Coverage, Entity, Estate, Ref, ServiceAccount
from casemate.model.governance import Namespace
from casemate.model.identities import Account, IdentitySource
from casemate.model.place import Document, Origin
from casemate.readers.manifests import read_text

ORIGIN = Origin(Document("a.yaml"))
BOTH = frozenset(("User", "Group"))


def source(*users: str, prefix: str = "", groups: tuple[str, ...] = (), **more: Any) -> IdentitySource:
    return IdentitySource(
        title=more.pop("title", "the directory"),
        users=tuple(Account(prefix + name, f"uid={name}") for name in users),
        groups=tuple(Account(prefix + name) for name in groups),
        user_prefix=prefix,
        group_prefix=prefix,
        **more,
    )


def find(
    kind: str,
    name: str,
    *sources: IdentitySource,
    complete: tuple[str, ...] = (),
    entities: tuple[Entity, ...] = (),
) -> Existence:
    estate = Estate(entities=entities, coverage=Coverage(complete=frozenset(complete)), identities=sources)
    return Identities.of(estate).find(kind, name)


def test_without_a_source_nothing_is_known() -> None:
    assert find("User", "jane").missing == "a complete source of users"
    assert not Identities.of(Estate(entities=())).asked
    assert find("User", "jane", complete=("User",)).verdict is Verdict.UNKNOWN


def test_a_complete_source_decides_for_its_kind_only() -> None:
    people = source("jane", complete=frozenset(("User",)))
    assert find("User", "jane", people).evidence == ("the directory has it as uid=jane",)
    assert find("User", "gone", people).verdict is Verdict.ABSENT
    assert find("User", "gone", people).evidence == ("the directory has no such user",)
    assert find("Group", "gone", people).missing == (
        "whether the directory holds all groups (complete: [groups])"
    )


def test_a_list_of_users_is_no_source_of_groups() -> None:
    people = source("jane", complete=frozenset(("User",)), knows=frozenset(("User",)))
    assert find("Group", "gone", people).missing == "a complete source of groups"


def test_the_longest_prefix_decides() -> None:
    certificates = source("admin", title="the certificates")
    directory = source("jane", prefix="oidc:", complete=BOTH)
    assert find("User", "oidc:gone", certificates, directory).verdict is Verdict.ABSENT
    assert find("User", "gone", certificates, directory).missing == (
        "whether the certificates holds all users (complete: [users])"
    )
    # Two sources of one prefix must both be complete.
    second = source("omar", prefix="oidc:", title="the second")
    assert find("User", "oidc:gone", directory, second).verdict is Verdict.UNKNOWN
    assert find("User", "oidc:omar", directory, second).verdict is Verdict.PRESENT


def test_what_the_settings_state_counts_for_all_sources() -> None:
    people = source("jane")
    assert find("User", "gone", people, complete=("User",)).verdict is Verdict.ABSENT
    assert find("Group", "gone", people, complete=("User",)).verdict is Verdict.UNKNOWN
    # `complete: true` is about objects.
    assert find("User", "gone", people, complete=("*",)).verdict is Verdict.UNKNOWN
    assert find("User", "gone", source(prefix="oidc:"), complete=("User",)).evidence == ()


def test_a_source_with_a_gap_leaves_all_open() -> None:
    whole, broken = source("jane", complete=BOTH), source(title="the other", gap="it could not be read")
    assert find("User", "gone", whole, broken).missing == "the users of the other: it could not be read"
    assert find("User", "gone", whole, broken, complete=("User",)).verdict is Verdict.UNKNOWN
    assert find("User", "jane", whole, broken).verdict is Verdict.PRESENT
    elsewhere = source(title="the other", prefix="x:", gap="it could not be read")
    assert find("User", "gone", whole, elsewhere).verdict is Verdict.ABSENT


def test_a_disabled_account() -> None:
    off = IdentitySource(title="the directory", users=(Account("bob", "uid=bob", "nsAccountLock is true"),))
    found = find("User", "bob", off)
    assert found.disabled
    assert found.evidence == ("the directory has it as uid=bob: nsAccountLock is true",)
    on = IdentitySource(title="the certificates", users=(Account("bob"),))
    assert not find("User", "bob", off, on).disabled


def test_names_that_differ_in_case_or_prefix() -> None:
    directory = source("Jane", "jane", "JANE", prefix="oidc:", complete=BOTH)
    assert find("User", "oidc:jAnE", directory).near == ("oidc:Jane", "oidc:jane", "oidc:JANE")
    assert find("User", "jane", directory, source(complete=BOTH)).near == (
        "oidc:Jane",
        "oidc:jane",
        "oidc:JANE",
    )
    known = Identities.of(Estate(entities=(), identities=(directory,)))
    assert known.find("User", "oidc:zoe").near == known.find("User", "oidc:yan").near == ()


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("User", "system:anonymous", "Kubernetes itself uses this name"),
        ("User", "system:kube-scheduler", "Kubernetes itself uses this name"),
        ("User", "system:node:a", "this is the name of a kubelet"),
        ("User", "system:bootstrap:abcdef", "this is the name of a bootstrap token"),
        ("User", "kubernetes-admin", "kubeadm makes a certificate of this name"),
        ("Group", "system:masters", "Kubernetes itself uses this group"),
        ("Group", "system:bootstrappers:x", "bootstrap tokens name groups of this form"),
        ("Group", "kubeadm:cluster-admins", "kubeadm puts the administrator's certificate into this group"),
    ],
)
def test_what_kubernetes_brings(kind: str, name: str, said: str) -> None:
    found = find(kind, name, source(complete=BOTH))
    assert (found.verdict, found.evidence) == (Verdict.PRESENT, (said,))


@pytest.mark.parametrize("name", ["system:nodes", "system:masters", "eks:node-manager"])
def test_names_that_others_keep_for_themselves(name: str) -> None:
    found = find("User", name, source(complete=BOTH))
    assert found.verdict is Verdict.UNKNOWN
    assert "who issues names that begin with" in found.missing
    assert find("User", name, source(name, complete=BOTH)).verdict is Verdict.PRESENT


def test_service_accounts_by_their_user_names() -> None:
    account = ServiceAccount(ref=Ref("v1", "ServiceAccount", "shop", "cart"), origin=ORIGIN)
    name = "system:serviceaccount:shop:"
    assert find("User", f"{name}cart", entities=(account,)).verdict is Verdict.PRESENT
    assert find("User", f"{name}default").verdict is Verdict.PRESENT
    assert find("User", f"{name}gone").missing == "not every ServiceAccount was read"
    assert find("User", f"{name}gone", complete=("ServiceAccount",)).verdict is Verdict.ABSENT
    # A name of another form is nobody's that is known of.
    assert find("User", "system:serviceaccount:shop", complete=("*",)).verdict is Verdict.UNKNOWN
    # A group of that name is none.
    assert find("Group", f"{name}cart", entities=(account,)).verdict is Verdict.UNKNOWN


def test_the_group_of_a_namespace() -> None:
    namespace = Namespace(ref=Ref("v1", "Namespace", None, "shop"), origin=ORIGIN)
    name = "system:serviceaccounts:"
    assert find("Group", f"{name}shop", entities=(namespace,)).verdict is Verdict.PRESENT
    assert find("Group", f"{name}kube-system").verdict is Verdict.PRESENT
    assert find("Group", f"{name}gone").missing == "not every Namespace was read"
    assert find("Group", f"{name}gone", complete=("Namespace",)).verdict is Verdict.ABSENT
    assert find("User", f"{name}shop", entities=(namespace,)).verdict is Verdict.UNKNOWN


def log(*seen: tuple[str, tuple[str, ...], Outcome, str]) -> AuditLog:
    activity = Activity()
    for number, (user, groups, outcome, time) in enumerate(seen):
        activity.add(Caller(user, groups), Call("get", name=str(number)), outcome, Seen(1, time, time))
    return AuditLog(ref=Ref("audit.k8s.io/v1", "EventList", None, None), origin=ORIGIN, activity=activity)


def test_who_was_seen_in_an_audit_log() -> None:
    seen = log(
        ("jane", ("devs",), Outcome.ALLOWED, "2026-05-01T00:00:00Z"),
        ("jane", (), Outcome.DENIED, "2026-05-02T00:00:00Z"),
        ("jane", (), Outcome.ALLOWED, "2026-04-01T00:00:00Z"),
    )
    said = ("it last asked for something at 2026-05-02T00:00:00Z, as the audit log shows",)
    assert find("User", "jane", entities=(seen,)) == Existence(Verdict.PRESENT, said)
    assert find("Group", "devs", entities=(seen,)).verdict is Verdict.PRESENT
    assert find("User", "zoe", entities=(seen,)).verdict is Verdict.UNKNOWN
    # Who was seen once and is in no directory any more has left.
    gone = find("User", "jane", source("omar", complete=BOTH), entities=(seen,))
    assert (gone.verdict, gone.evidence) == (Verdict.ABSENT, ("the directory has no such user", *said))


def configured(jwt: str) -> tuple[Entity, ...]:
    text = f"apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt: [{jwt}]\n"
    return tuple(item for item in read_text("a.yaml", text.encode()) if isinstance(item, Entity))


@pytest.mark.parametrize(
    ("username", "verdict"),
    [
        ('{claim: sub, prefix: ""}', Verdict.ABSENT),  # the directory answers for it
        ('{claim: sub, prefix: "oidc:"}', Verdict.ABSENT),
        ('{claim: sub, prefix: "oidc:partner:"}', Verdict.UNKNOWN),
        ('{claim: sub, prefix: "other:"}', Verdict.ABSENT),
        ("{expression: \"'oidc:partner:' + claims.sub\"}", Verdict.UNKNOWN),
        ("{expression: \"'oidc:' + claims.sub\"}", Verdict.ABSENT),
        ("{expression: '\"other:\" + claims.sub'}", Verdict.ABSENT),
        ('{expression: "claims.sub"}', Verdict.UNKNOWN),
        ("{}", Verdict.ABSENT),
    ],
)
def test_other_issuers_leave_it_open(username: str, verdict: Verdict) -> None:
    entities = configured("{issuer: {url: 'https://a'}, claimMappings: {username: " + username + "}}")
    directory = source("jane", prefix="oidc:", complete=BOTH)
    found = find("User", "oidc:partner:zoe", directory, entities=entities)
    assert found.verdict is verdict
    assert not found.missing or found.missing == "the users of the issuer https://a"
    # Its tokens say nothing about groups.
    assert find("Group", "oidc:partner:zoe", directory, entities=entities).verdict is Verdict.ABSENT


def test_an_issuer_of_groups() -> None:
    entities = configured("{claimMappings: {groups: {expression: claims.groups}}}")
    directory = source(prefix="oidc:", complete=BOTH)
    assert find("Group", "oidc:zoe", directory, entities=entities).verdict is Verdict.UNKNOWN


def started(name: str = "kube-apiserver", **flags: str) -> Estate:
    given: dict[str, tuple[Given, ...]] = {
        key.replace("_", "-"): (Given(value, ()),) for key, value in flags.items()
    }
    component = Component(name=name, started_by="kubeadm", at=(), flags=given)
    entity = ComponentSettings(ref=Ref("v1", "X", None, None), origin=ORIGIN, components=(component,))
    return Estate(entities=(entity,))


@pytest.mark.parametrize(
    ("flags", "prefix"),
    [
        ({}, "https://a#"),
        ({"oidc_username_claim": "name"}, "https://a#"),
        ({"oidc_username_claim": "email"}, ""),
        ({"oidc_username_prefix": "-"}, ""),
        ({"oidc_username_prefix": "oidc:"}, "oidc:"),
        ({"oidc_username_prefix": "-", "oidc_username_claim": "email"}, ""),
    ],
)
def test_prefixes_by_flags(flags: dict[str, str], prefix: str) -> None:
    (found,) = issuers(started(oidc_issuer_url="https://a", **flags))
    assert (found.user_prefix, found.gives_groups) == (prefix, False)


def test_groups_by_flags() -> None:
    (found,) = issuers(started(oidc_issuer_url="https://a", oidc_groups_claim="g", oidc_groups_prefix="x:"))
    assert (found.group_prefix, found.gives_groups) == ("x:", True)
    assert not list(issuers(started(oidc_groups_claim="g")))
    assert not list(issuers(started("kubelet", oidc_issuer_url="https://a")))
