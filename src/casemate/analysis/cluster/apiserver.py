"""The API server as it is started: who may call it, what it lets in, and how it stores."""

from typing import TypeVar

import msgspec

from casemate.analysis.cluster import admission
from casemate.analysis.cluster.files import file_named
from casemate.analysis.cluster.program import FLAG, Program, Setting
from casemate.analysis.cluster.questions import unreadable
from casemate.model.cluster_configs import AuthorizationConfiguration
from casemate.model.control import Unanswered
from casemate.model.estate import Entity

T = TypeVar("T", bound=Entity)


class ApiServer(Program):
    """kube-apiserver."""

    NAME = "kube-apiserver"

    @property
    def authorization(self) -> Setting:
        """The flag that says who is allowed what: the modes, or the file that takes their place."""
        return self.setting(
            "authorization-config" if self.has("authorization-config") else "authorization-mode"
        )

    @property
    def authorizers(self) -> tuple[str, ...] | Unanswered:
        """The kinds of authorizers in their order, or what is missing to know them."""
        file = self.file("authorization-config", AuthorizationConfiguration)
        if file is None:
            modes = self.setting("authorization-mode")
            return unreadable(modes, "a variable") if modes.is_elsewhere else modes.items
        return file if isinstance(file, Unanswered) else file.modes

    @property
    def plugins(self) -> frozenset[str]:
        """The admission plugins that run."""
        named = self.setting("admission-control")
        if named.decided_by == FLAG:
            return frozenset(named.items)
        off = frozenset(self.setting("disable-admission-plugins").items)
        return (admission.defaults(self.release.version) - off) | frozenset(self.enabled)

    @property
    def enabled(self) -> tuple[str, ...]:
        """The plugins that are switched on beside the defaults."""
        return self.setting("enable-admission-plugins").items

    def plugin(self, name: str) -> Setting:
        """The flag that decides whether a plugin runs, and why it does or does not."""
        all_of_them, on = self.setting("admission-control"), self.setting("enable-admission-plugins")
        off = self.setting("disable-admission-plugins")
        if all_of_them.decided_by == FLAG:
            return all_of_them
        if name in on.items:
            return on
        if name in off.items:
            return off
        word = "on" if name in admission.defaults(self.release.version) else "off"
        why = f"{on.why}; {name} is {word} by default"
        return msgspec.structs.replace(on, why=why)

    def file(self, flag: str, kind: type[T]) -> T | Unanswered | None:
        """The configuration that a flag names, or what is missing to know it; None without the flag."""
        setting = self.setting(flag)
        if not setting.value:
            return None
        found = file_named(setting.value, self.component, kind, self.estate)
        return found or Unanswered(f"the file {setting.value} that --{flag} names")

    @property
    def storage_is_local(self) -> bool:
        """Whether the storage is reached by a socket of the same host, where TLS protects nothing."""
        servers = self.setting("etcd-servers").items
        return bool(servers) and all(server.startswith("unix:") for server in servers)
