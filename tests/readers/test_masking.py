"""Secret values never reach an excerpt; what only names a secret stays readable."""

import pytest

from casemate.readers.masking import MASK, masked


@pytest.mark.parametrize(
    "text",
    [
        "password: hunter2x",
        "- name: DB_PASSWORD\n  value: 10hunter2x",
        "  DB_PASSWORD: hunter2x",
        "- name: API_TOKEN\n  value: hunter2x",
        "- name: API_TOKEN\n  # why\n  value: hunter2x",
        "- {name: DB_PASSWORD, value: hunter2x}",
        "password: |\n  hunter2x\n  more hunter2x\nnext: 1",
        "- name: SECRET_KEY\n  value: >-\n    hunter2x",
        "url: postgres://shop:hunter2x@db:5432/shop",
        'args: ["--password=hunter2x", "--port=1"]',
        "- --token hunter2x",
        "kind: Secret\nstringData:\n  harmless: hunter2x\n  other: |\n    hunter2x",
        "kind: Secret\ndata: {harmless: hunter2x}",
        "kind: Secret\ndata:\n  harmless: hunter2x\ntype: Opaque",
        '{"kind": "x",\n "password": "hunter2x",\n "a": 1}',
    ],
)
def test_hidden(text: str) -> None:
    shown = "\n".join(masked(text.splitlines()))
    assert "hunter2x" not in shown
    assert MASK in shown
    assert len(shown.splitlines()) == len(text.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        "secretName: tls",
        "secretKeyRef: {name: db, key: password}",
        "automountServiceAccountToken: false",
        "serviceAccountToken: {path: token}",
        "imagePullSecrets: [{name: registry}]",
        "- name: LOG_LEVEL\n  value: debug",
        "- name: DB_PASSWORD\n  valueFrom: {secretKeyRef: {name: db, key: password}}",
        "kind: ConfigMap\ndata:\n  color: blue",
        '- name: service-account-max-token-expiration\n  value: "8760h"',
        "- name: service-account-extend-token-expiration\n  value: false # was true",
        "tokenTTL: 1h30m0s",
        "kind: Secret\ndata:\n  a: b\ntype: Opaque".replace("  a: b\n", ""),
        "image: registry.example/app:1",
        'command: [x, --service-account-extend-token-expiration=false, "--max-token-expiration=24h"]',
        "- --token-ttl=1h30m",
        "- --token-auth-file=/etc/kubernetes/tokens.csv",
        "command: [x, '--tls-private-key-file=/etc/tls.key', --service-account-key-file, sa.pub]",
    ],
)
def test_shown(text: str) -> None:
    assert list(masked(text.splitlines())) == text.splitlines()
