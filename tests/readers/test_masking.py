"""Secret values never reach an excerpt; what only names a secret stays readable."""

import time

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
        "- name: authorization-mode\n  value: Node,RBAC,ABAC",
        "- name: authorization-policy-file\n  value: /etc/kubernetes/abac.jsonl",
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


@pytest.mark.parametrize(
    "line",
    [
        '{"env": [{"name": "spring.datasource.password", "value": "Kq7vTz2pLw9x"}]}',
        '"a": "{\\"env\\": [{\\"name\\": \\"DB_PASSWORD\\", \\"value\\": \\"Kq7vTz2pLw9x\\"}]}"',
        "env: [{name: 'API_KEY', value: 'Kq7vTz2pLw9x'}]",
        "env: [{name: DB_PASSWORD, value: Kq7vTz2pLw9x}]",
        '"app.properties": "# settings\\nlog.level=info\\nAPI_KEY=Kq7vTz2pLw9x\\n"',
        '"app.json": "{\\"client_secret\\": \\"Kq7vTz2pLw9x\\"}"',
        '"app.json": "a: 1\\n\\"client_secret\\": \\"Kq7vTz2pLw9x=\\"\\n"',
        '"args": ["--spring.datasource.password", "Kq7vTz2pLw9x"]',
        '"app.json": "a:\\r\\n  password: Kq7vTz2pLw9x\\r\\n"',
    ],
)
def test_secrets_in_quotes_are_hidden(line: str) -> None:
    (shown,) = masked([line])
    assert "Kq7vTz2pLw9x" not in shown
    assert MASK in shown


def test_switches_in_quotes_are_shown() -> None:
    line = '{"env": [{"name": "USE_TOKEN", "value": "true"}, {"name": "MODE", "value": "strict mode"}]}'
    assert list(masked([line])) == [line]


def test_secrets_behind_a_fold_are_hidden() -> None:
    lines = [
        'file: "a: b\\n  password:\\',
        '    \\ Kq7vTz2pLw9x\\n"',
        "- --spring.password",
        "- Wq7vTz2pLw9y",
    ]
    assert list(masked(lines)) == [lines[0], f'    \\ {MASK}\\n"', lines[2], f"- {MASK}"]


@pytest.mark.parametrize(
    "text", ["\\" * 300_000, "name:" + " " * 300_000, 'name\\"' * 50_000, "name: a, value: '" * 20_000]
)
def test_time_is_linear(text: str) -> None:
    start = time.process_time()
    list(masked([text]))
    assert time.process_time() - start < 3
