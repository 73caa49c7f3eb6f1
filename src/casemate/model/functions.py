"""Functions as Kubernetes runs them: Knative, OpenFaaS, Fission and Kubeless.

Source: knative/serving pkg/apis/serving/v1, openfaas/faas-netes pkg/apis/openfaas/v1, fission
pkg/apis/core/v1 and kubeless pkg/apis/kubeless/v1beta1, each types.go. Pod templates inside of them
are found by shape, as in any other custom resource.
"""

from typing import ClassVar

import msgspec

from casemate.model.estate import Entity, Workload


class _Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of an object, with the names that the API uses."""


class Function(Workload, frozen=True, kw_only=True, eq=False):
    """Code that a platform starts when it is called."""


class FunctionSource(Entity, frozen=True, kw_only=True, eq=False):
    """An object that calls functions, or holds their code."""


class RevisionMetadata(_Part, frozen=True, kw_only=True):
    """Metadata of a Knative revision: its annotations set the limits of scaling."""

    annotations: dict[str, str | None] = {}


class RevisionSpec(_Part, frozen=True, kw_only=True):
    """What a Knative revision adds to a pod's spec."""

    container_concurrency: int | None = None
    timeout_seconds: int | None = None


class RevisionTemplate(_Part, frozen=True, kw_only=True):
    """The template of a Knative revision."""

    metadata: RevisionMetadata = RevisionMetadata()
    spec: RevisionSpec = RevisionSpec()


class KnativeSpec(_Part, frozen=True, kw_only=True):
    """The spec of a Knative Service or Configuration."""

    template: RevisionTemplate = RevisionTemplate()


class KnativeService(Function, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A Service of serving.knative.dev (with a route) or a Configuration (without)."""

    KINDS: ClassVar[tuple[str, ...]] = ("Service", "Configuration")

    spec: KnativeSpec = KnativeSpec()


class OpenFaasResources(_Part, frozen=True, kw_only=True):
    """Limits or requests of an OpenFaaS function."""

    memory: str | None = None
    cpu: str | None = None


class OpenFaasSpec(_Part, frozen=True, kw_only=True):
    """The spec of an OpenFaaS function."""

    image: str | None = None
    environment: dict[str, str | None] | None = None
    secrets: tuple[str, ...] | None = None
    limits: OpenFaasResources | None = None
    read_only_root_filesystem: bool | None = None


class OpenFaasFunction(Function, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A Function of openfaas.com."""

    KINDS: ClassVar[tuple[str, ...]] = ("Function",)

    spec: OpenFaasSpec = OpenFaasSpec()


class FissionSpec(_Part, frozen=True, kw_only=True):
    """The spec of a Fission function."""

    function_timeout: int | None = None


class FissionFunction(Function, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A Function of fission.io."""

    KINDS: ClassVar[tuple[str, ...]] = ("Function",)

    spec: FissionSpec = FissionSpec()


class FissionImage(_Part, frozen=True, kw_only=True):
    """The image of an environment's runtime or builder."""

    image: str | None = None


class FissionEnvironmentSpec(_Part, frozen=True, kw_only=True):
    """What Fission's functions run in."""

    runtime: FissionImage = FissionImage()
    builder: FissionImage = FissionImage()


class FissionEnvironment(Function, frozen=True, kw_only=True, eq=False, rename="camel"):
    """An Environment of fission.io."""

    KINDS: ClassVar[tuple[str, ...]] = ("Environment",)

    spec: FissionEnvironmentSpec = FissionEnvironmentSpec()


class Checksum(_Part, frozen=True, kw_only=True):
    """The digest of an archive."""

    type: str | None = None
    sum: str | None = None


class FissionArchive(_Part, frozen=True, kw_only=True):
    """Code by value (`literal`) or by address."""

    type: str | None = None
    literal: str | None = None
    url: str | None = None
    checksum: Checksum | None = None


class FissionPackageSpec(_Part, frozen=True, kw_only=True):
    """The code of a function, as source and as it is run."""

    source: FissionArchive | None = None
    deployment: FissionArchive | None = None


class FissionPackage(FunctionSource, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A Package of fission.io."""

    KINDS: ClassVar[tuple[str, ...]] = ("Package",)

    spec: FissionPackageSpec = FissionPackageSpec()


class FissionIngress(_Part, frozen=True, kw_only=True):
    """The Ingress that Fission makes for a trigger; `tls` names the certificate's secret."""

    annotations: dict[str, str | None] | None = None
    host: str | None = None
    tls: str | None = None


class FissionTriggerSpec(msgspec.Struct, frozen=True, kw_only=True):
    """Where a function is reached."""

    createingress: bool | None = None
    ingressconfig: FissionIngress | None = None


class FissionTrigger(FunctionSource, frozen=True, kw_only=True, eq=False, rename="camel"):
    """An HTTPTrigger of fission.io."""

    KINDS: ClassVar[tuple[str, ...]] = ("HTTPTrigger",)

    spec: FissionTriggerSpec = FissionTriggerSpec()


class KubelessSpec(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """The spec of a Kubeless function: its code stands in `function`, or an address of it."""

    function: str | None = None
    function_content_type: str | None = None
    checksum: str | None = None
    runtime: str | None = None
    timeout: str | None = None


class KubelessFunction(Function, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A Function of kubeless.io."""

    KINDS: ClassVar[tuple[str, ...]] = ("Function",)

    spec: KubelessSpec = KubelessSpec()


class KubelessTriggerSpec(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """Where a function is reached; `tls` asks for a certificate, `tls-secret` names one."""

    host_name: str | None = None
    tls: bool | None = None
    tls_secret: str | None = None
    basic_auth_secret: str | None = None


class KubelessTrigger(FunctionSource, frozen=True, kw_only=True, eq=False, rename="camel"):
    """An HTTPTrigger of kubeless.io."""

    KINDS: ClassVar[tuple[str, ...]] = ("HTTPTrigger",)

    spec: KubelessTriggerSpec = KubelessTriggerSpec()
