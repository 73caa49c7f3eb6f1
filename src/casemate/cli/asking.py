"""What the questions about rights have in common: how they are written, and the estate they are put to."""

import difflib
import os
import sys
from collections.abc import Mapping
from typing import Any

import click
import msgspec

from casemate.analysis.rbac.authorizer import Authorizer
from casemate.analysis.rbac.identity import Identity, account_user
from casemate.analysis.rbac.rules import Request
from casemate.analysis.rbac.subject_keys import HOME
from casemate.cli.settings import settle
from casemate.model.errors import UsageError
from casemate.model.estate import Estate
from casemate.model.rbac import GROUP, SERVICE_ACCOUNT, USER, Binding, Role, Subject
from casemate.model.version import KubernetesVersion
from casemate.readers.estate import read_estate
from casemate.writers.access_ids import subject_id

_VERBS = frozenset(
    "get list watch create update patch delete deletecollection proxy connect use bind escalate "
    "impersonate approve sign attest * head post put options".split()
)
_KINDS = {"user": USER, "group": GROUP, "serviceaccount": SERVICE_ACCOUNT, "sa": SERVICE_ACCOUNT}
_INCOMPLETE = 3


class Question(msgspec.Struct, frozen=True):
    """A target, and what was asked about it in words."""

    target: str
    verb: str
    resource: str
    name: str


class Known(msgspec.Struct, eq=False):
    """What was read of a target: who may do what there, and how complete that is."""

    authorizer: Authorizer
    estate: Estate
    kubernetes: KubernetesVersion

    @property
    def unread(self) -> tuple[str, ...]:
        """Sentences about what could not be read."""
        return tuple(f"{item.file}:{item.line}: {item.error}" for item in self.estate.unreadable)

    def status(self, *, allow_unreadable: bool) -> int:
        """3 where the answer may be incomplete."""
        return _INCOMPLETE if self.estate.unreadable and not allow_unreadable else 0


def rights_options(command: Any) -> Any:
    """The options that every question about rights has."""
    add = (
        click.option(
            "--home", metavar="NAMESPACE", help="Where objects that name no namespace are (default)."
        ),
        click.option(
            "--allow-unreadable", is_flag=True, help="Do not end with status 3 for what is not read."
        ),
        click.option(
            "--with-defaults", is_flag=True, help="Count the bindings that Kubernetes itself makes."
        ),
        click.option("--quiet", is_flag=True, help="No hints."),
    )
    for option in add:
        command = option(command)
    return command


def read(target: str, options: Mapping[str, Any]) -> Known:
    """Read a target's roles and bindings; says on standard error what a reader of the answer must know.

    `options` are those of the command. Raises `UsageError` for a target that is not there.
    """
    settings = settle((target,), options["settings_file"], options["kubernetes"], own=False)
    estate = read_estate((target,), settings)
    home = options["home"] or HOME
    authorizer = Authorizer.of(
        estate, settings.kubernetes, home=home, with_bindings=bool(options["with_defaults"])
    )
    known = Known(authorizer, estate, settings.kubernetes)
    if not options["quiet"]:
        sys.stderr.writelines(f"casemate: {note}\n" for note in (*_notes(estate, home), *_unread(known)))
    return known


def question(words: tuple[str, ...]) -> Question:
    """`[TARGET] VERB RESOURCE [NAME]` taken apart; the first word is a target if it is there and no verb.

    Raises `click.UsageError` where it is neither.
    """
    target = "."
    if words and _is_target(words):
        target, words = words[0], words[1:]
    if not 2 <= len(words) <= 3:
        raise click.UsageError("Ask with VERB RESOURCE [NAME], a target before it: get secrets -n shop")
    return Question(target, words[0], words[1], words[2] if len(words) == 3 else "")


def request(asked: Question, namespace: str | None, kubernetes: KubernetesVersion) -> Request:
    """The request that was in words: `pods/exec`, `deployments.apps`, or a path such as `/metrics`."""
    if asked.resource.startswith("/"):
        if asked.name or namespace:
            raise click.UsageError("A path has no name and no namespace")
        return Request(asked.verb, path=asked.resource)
    from casemate.analysis.rbac.resource_names import resource_named  # noqa: PLC0415 # start-up: batches need none of it

    written, _, subresource = asked.resource.partition("/")
    known = resource_named(written, kubernetes)
    resource, _, group = written.partition(".") if known is None else (known.name, ".", known.group)
    if known is not None and not known.namespaced and namespace:
        sys.stderr.write(f"casemate: {resource} belong to no namespace, so -n {namespace} is passed over\n")
        namespace = None
    if (resource, group) == ("namespaces", ""):
        namespace = asked.name or None  # a request about a namespace is one in it
    return Request(asked.verb, group, resource, subresource, asked.name, namespace=namespace or "")


def subject(written: str, authorizer: Authorizer) -> Subject:
    """The subject that a person names: `jane`, `Group/devs`, `ServiceAccount/shop/cart`, `shop/cart`.

    A name alone is a user, or the group of that name where only that one holds something.
    """
    kind, slash, rest = written.partition("/")
    named = _KINDS.get(kind.lower()) if slash else None
    if named == SERVICE_ACCOUNT or (slash and named is None and written.count("/") == 1):
        namespace, _, name = (rest if named else written).partition("/")
        if not namespace or not name:
            raise UsageError(f"{written}: a service account is named ServiceAccount/NAMESPACE/NAME")
        return Subject(kind=SERVICE_ACCOUNT, name=name, namespace=namespace)
    if named is not None:
        return Subject(kind=named, name=rest)
    is_group = not authorizer.is_named(f"user {written}") and authorizer.is_named(f"group {written}")
    return Subject(kind=GROUP if is_group else USER, name=written)


def nearest(who: Subject, authorizer: Authorizer) -> str | None:
    """A subject of nearly that name that holds something."""
    named = {
        (found.name or ""): found
        for binding in authorizer.bindings
        for found in (authorizer.holder(binding, subject) for subject in binding.subjects)
    }
    close = difflib.get_close_matches(who.name or "", named, 1)
    return subject_id(named[close[0]]) if close else None


def caller(user: str, groups: tuple[str, ...]) -> Identity:
    """The caller that `--as` and `--as-group` name."""
    kind, _, rest = user.partition("/")
    if _KINDS.get(kind.lower()) == SERVICE_ACCOUNT and rest.count("/") == 1:
        user = account_user(*rest.split("/"))
    elif _KINDS.get(kind.lower()) == USER and rest:
        user = rest
    return Identity.of(user, groups)


def _is_target(words: tuple[str, ...]) -> bool:
    first = words[0]
    if len(words) == 4 or first == "-":
        return True
    if first in _VERBS:
        return os.path.isdir(first) and len(words) == 3 and words[1] in _VERBS
    return os.path.lexists(first) or (len(words) > 2 and ("/" in first or first.startswith(".")))


def _notes(estate: Estate, home: str) -> list[str]:
    """What a reader of the answers must know of the objects."""
    found: list[Role | Binding] = [*estate.of(Role), *estate.of(Binding)]
    lost = sum(not entity.ref.namespace and not entity.is_cluster for entity in found)
    if not lost:
        return []
    objects = "object names" if lost == 1 else "objects name"
    return [f"{lost:,} {objects} no namespace, taken to be in {home}; --home NAMESPACE says another"]


def _unread(known: Known) -> list[str]:
    lines = known.unread
    more = [f"and {len(lines) - 3:,} more"] if len(lines) > 3 else []
    return [f"not read, so the answer may be incomplete: {line}" for line in lines[:3]] + more
