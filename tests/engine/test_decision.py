"""The answer to one request."""

from casemate.analysis.rbac.authorizer import Authorizer
from casemate.analysis.rbac.identity import Identity
from casemate.analysis.rbac.rules import Request
from casemate.engine.decision import decided
from casemate.model.rbac import Subject
from tests.analysis.rbac.estates import binding, estate, role, rule

JANE = Subject(kind="User", name="jane")


def test_each_answer() -> None:
    found = [
        role("a", rule("get", "pods")),
        binding("a", JANE),
        binding("gone", JANE, namespace="n", name="x"),
    ]
    known = Authorizer.of(estate(*found))
    yes = decided(known, Identity.of("jane"), Request("get", resource="pods", namespace="n"))
    assert (yes.allowed, yes.master, len(yes.grants), yes.missing) == (True, False, 1, ())
    no = decided(known, Identity.of("jane"), Request("list", resource="pods", namespace="n"))
    assert (no.allowed, [item.name for item in no.missing]) == (False, ["x"])
    url = decided(known, Identity.of("jane"), Request("get", path="/metrics"))
    assert (url.allowed, url.missing) == (False, ())
    master = decided(known, Identity.of("root", ("system:masters",)), Request("list", resource="pods"))
    assert (master.allowed, master.master, master.grants) == (True, True, ())
