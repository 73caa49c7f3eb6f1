"""Every Pod Security fixture of the corpus gets upstream's verdict and check ids, however wrapped."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from casemate.analysis.pod_security import Level, evaluate
from casemate.analysis.pods import Pod
from casemate.model.estate import Entity, Workload
from casemate.model.version import KubernetesVersion
from casemate.readers.manifests import read_text

_WRAPPINGS = {
    "Deployment": ("apps/v1", ("spec", "template")),
    "StatefulSet": ("apps/v1", ("spec", "template")),
    "DaemonSet": ("apps/v1", ("spec", "template")),
    "ReplicaSet": ("apps/v1", ("spec", "template")),
    "ReplicationController": ("v1", ("spec", "template")),
    "PodTemplate": ("v1", ("template",)),
    "Job": ("batch/v1", ("spec", "template")),
    "CronJob": ("batch/v1", ("spec", "jobTemplate", "spec", "template")),
    "Rollout": ("argoproj.io/v1alpha1", ("spec", "template")),
    "Service": ("serving.knative.dev/v1", ("spec", "template")),
    "DeploymentConfig": ("apps.openshift.io/v1", ("spec", "template")),
    "PyTorchJob": ("kubeflow.org/v1", ("spec", "pytorchReplicaSpecs", "Worker", "template")),
}


def _cases(corpora: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(corpora / "pods" / "pod-security" / "expected.jsonl.gz") as lines:
        yield from map(json.loads, lines)


def _judge(text: bytes, version: str) -> dict[str, Any]:
    (workload,) = (item for item in read_text("pod.yaml", text) if isinstance(item, Entity))
    assert isinstance(workload, Workload)
    pods = [Pod(template, workload.ref) for template in workload.templates]
    verdict = evaluate(pods, KubernetesVersion.parse(version))
    found: dict[str, Any] = {
        level.word: sorted(v.check for v in verdict.violations if v.level is level)
        for level in (Level.BASELINE, Level.RESTRICTED)
    }
    return {"strictest": verdict.level.word, "violations": found}


def _wanted(case: dict[str, Any]) -> dict[str, Any]:
    violations = {level: sorted(ids) for level, ids in case["violations"].items()}
    return {"strictest": case["strictest"], "violations": violations}


def test_every_fixture(corpora: Path) -> None:
    folder = corpora / "pods" / "pod-security"
    count = 0
    for case in _cases(corpora):
        count += 1
        assert _judge((folder / case["file"]).read_bytes(), case["kubernetes"]) == _wanted(case), case["file"]
    assert count > 3_900


def test_upstream_message_parts(corpora: Path) -> None:
    parts = {
        c["id"]: c["upstream_message_contains"]
        for c in json.loads((corpora / "pods/pod-security/checks.json").read_text())["checks"]
    }
    folder = corpora / "pods" / "pod-security"
    for case in _cases(corpora):
        if case["result"] == "fail" and case["kubernetes"] == "1.33":
            (workload,) = read_text("pod.yaml", (folder / case["file"]).read_bytes())
            assert isinstance(workload, Workload)
            verdict = evaluate([Pod(t, workload.ref) for t in workload.templates], KubernetesVersion(1, 33))
            told = [
                v.forbidden.reason + v.forbidden.detail
                for v in verdict.violations
                if v.check == case["check"]
            ]
            assert any(parts[case["check"]] in text for text in told), case["file"]


@pytest.mark.parametrize("kind", _WRAPPINGS)
def test_wrapped(kind: str, corpora: Path) -> None:
    api_version, path = _WRAPPINGS[kind]
    folder = corpora / "pods" / "pod-security"
    seen = set()
    for case in _cases(corpora):
        if case["content"] in seen:
            continue
        seen.add(case["content"])
        pod = yaml.safe_load((folder / case["file"]).read_text())
        inner: Any = {"metadata": pod["metadata"], "spec": pod["spec"]}
        for step in reversed(path):
            inner = {step: inner}
        wrapped = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "wrapped"}, **inner}
        assert _judge(json.dumps(wrapped).encode(), case["kubernetes"]) == _wanted(case), case["file"]
    assert len(seen) > 300
