"""Random YAML reads as sigs.k8s.io/yaml reads it, the library of kubectl and the API server.

Builds a small program around upstream's Go module, where a Go toolchain is there. The seed is fixed.
What is known to differ on purpose is not generated: keys that become equal only as text, of which Go keeps
one at random; tags right before a comma; numbers that JSON has none of.
"""

import base64
import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from casemate.model.errors import ReadError
from casemate.readers.yaml_text import Tree, read, split

SOURCE = Path(__file__).parents[1] / "upstream" / "yaml"
SEED = 20261125
DOCUMENTS = 20_000
PLAIN = (
    "y n Y N yes no on off On OFF true True false FALSE null Null NULL ~ tRue oN nULL 0 00 1 -1 +1 010 0777 -010 +07 "
    "0o7 0O17 -0o7 0o8 0x1f 0X1F -0x1 0xg 0b11 -0b1 0b2 1_000 1__0 1_ 0_7 0x_f 08 018 09e1 1. .5 1.5 -1.5 +.5 1e3 1E+3 "
    "1e-3 1.5e2 1e1_0 1_0.5 1e400 1d 1:30 1:2:3 2020-01-01 2001-12-14t21:59:43.10-05:00 1.2.3 - + . .. << = abc a-b a.b/c "
    "é 9223372036854775807 9223372036854775808 18446744073709551615 -9223372036854775808 0xffffffffffffffff 1e20 inf nan"
).split()
QUOTED = ("''", '""', "'y'", '"1"', "'it''s'", r'"\x41\u263a\n"', '"a b"', "'<<'", '"\\\n  a"')
TAGGED = ("!!str 1", "!!str", "!!int 0777", "!!int '1'", "!!float 1", "!!bool 'on'", "!!null ''", "!!binary aGk=",
          "! yes", "! '1'", "!x 1", "!!int x", "!!float y", "!!bool 1", "!!binary x", "!!timestamp 2020-01-01")  # fmt: skip
KEYS = (
    "a",
    "b",
    "c d",
    "'e'",
    '"f"',
    "on",
    "off",
    "010",
    "0x10",
    "1.5",
    "1e6",
    "2020-01-01",
    "!!str y",
    "! n",
    "~ x",
    "é",
)


class Chance:
    """Random documents: maps and lists, in blocks or in one line, with anchors and merges."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def keys(self) -> list[str]:
        return self.random.sample(KEYS, self.random.randrange(1, 5))

    def scalar(self) -> str:
        lot = self.random.random()
        if lot < 0.7:
            return self.random.choice(PLAIN)
        return self.random.choice(QUOTED if lot < 0.85 else ("*x", "*m", "*l") if lot < 0.95 else TAGGED)

    def flow(self, depth: int) -> str:
        if depth == 0 or self.random.random() < 0.4:
            return self.scalar() + " "
        if self.random.random() < 0.5:
            return f"[{', '.join(self.flow(depth - 1) for _ in range(self.random.randrange(4)))}]"
        pairs = [f"{key}: {self.flow(depth - 1)}" for key in self.keys()]
        if self.random.random() < 0.2:
            pairs.insert(self.random.randrange(len(pairs) + 1), self.merge())
        return f"{{{', '.join(pairs)}}}"

    def merge(self) -> str:
        return "<<: " + self.random.choice(("*m", "[*m, {a: 9}]", "{b: 7, zz: 1}", "[]", "*x", "1", "[1]"))

    def block(self, depth: int, indent: int) -> str:
        pad = " " * indent
        if self.random.random() < 0.35:
            return "".join(f"{pad}- {self.flow(2)}\n" for _ in range(self.random.randrange(1, 4)))
        lines = []
        for key in self.keys():
            lot = self.random.random()
            if depth == 0 or lot < 0.5:
                lines.append(f"{pad}{key}: {self.flow(1)}{self.random.choice(('', '', '# c'))}\n")
            elif lot < 0.6:
                head = self.random.choice("|>") + self.random.choice(("", "-", "+"))
                lines.append(f"{pad}{key}: {head}\n{pad}  text\n{pad}   more\n{pad}\n")
            else:
                name = self.random.choice(("", "", " &x", " &m", " &n", " !x"))
                lines.append(
                    f"{pad}{key}:{name}\n{self.block(depth - 1, indent + self.random.choice((1, 2, 4)))}"
                )
        if self.random.random() < 0.2:
            lines.insert(self.random.randrange(len(lines) + 1), f"{pad}{self.merge()}\n")
        return "".join(lines)

    def document(self) -> str:
        return "first: [&x 1, &m {a: 1, q: 2}, &l [1]]\nthen:\n" + self.block(3, self.random.choice((1, 2)))

    def spoiled(self) -> str:
        text = self.document()
        at = self.random.randrange(len(text))
        return text[:at] + self.random.choice("\n :-{}[]&*!|>'\"\t?") + text[at + self.random.randrange(2) :]


def ours(text: str) -> Any:
    """The first document, an error as text."""
    try:
        found = [tree for chunk in split(text.encode()) for tree in read(chunk)]
    except ReadError as error:
        return f"refused: {error}"
    return found[0].value if found and isinstance(found[0], Tree) else None


@pytest.mark.slow
def test_equal_to_upstream(tmp_path: Path) -> None:
    go = shutil.which("go")
    if go is None:
        pytest.skip("no Go toolchain to build upstream's reader with")
    program = tmp_path / "yaml"
    subprocess.run([go, "build", "-o", program, "."], cwd=SOURCE, check=True, timeout=1200)
    chance = Chance(SEED)
    texts = [f"a: {word}\n" for word in (*PLAIN, *QUOTED, *TAGGED)] + [
        chance.document() for _ in range(DOCUMENTS)
    ]
    sound = len(texts)
    texts += [chance.spoiled() for _ in range(DOCUMENTS // 10)]
    lines = "".join(base64.b64encode(text.encode()).decode() + "\n" for text in texts)
    done = subprocess.run([program], input=lines, capture_output=True, text=True, check=True, timeout=300)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(texts)
    same = refused = 0
    for number, (text, upstream) in enumerate(zip(texts, answers, strict=True)):
        found = ours(text)
        told = json.dumps({"text": text, "ours": found, "upstream": upstream}, indent=1, ensure_ascii=False)
        if "error" in upstream:
            refused += 1
        elif number < sound or not str(found).startswith("refused: "):
            assert found == upstream["value"], told
            same += 1
    assert same > DOCUMENTS / 4
    assert refused > DOCUMENTS / 20
