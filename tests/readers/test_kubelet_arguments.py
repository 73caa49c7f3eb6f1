"""Units and environment files of the kubelet: words, their places, and files that are none."""

from casemate.model.estate import Unreadable
from casemate.model.kubelet_unit import KubeletText
from casemate.model.place import Position
from casemate.readers.files import is_manifest
from casemate.readers.kubelet_arguments import read
from casemate.readers.manifests import read_text
from casemate.readers.positions import Locator


def text(name: str, content: str) -> KubeletText:
    (found,) = read(name, content.encode())
    assert isinstance(found, KubeletText)
    return found


def values(found: KubeletText, name: str) -> list[str]:
    return [given.value for given in found.variables[name]]


def test_which_files_are_read() -> None:
    for path in (
        "n/etc/systemd/system/kubelet.service",
        "kubelet.service.d/20-more.conf",
        "roles/kubelet/files/10-kubeadm.conf",
        "var/lib/kubelet/kubeadm-flags.env",
        "etc/default/kubelet",
        "etc/sysconfig/kubelet",
        "etc/kubernetes/kubelet.conf.d/50-own.conf",
        "etc/kubernetes/kubelet/config.json.d/40-nodeadm.conf",
    ):
        assert is_manifest(path), path
    for path in (
        "usr/bin/kubelet",
        "etc/kubernetes/kubelet.conf",
        "etc/default/grub",
        "etc/nginx/nginx.conf",
    ):
        assert not is_manifest(path), path


def test_a_unit() -> None:
    found = text(
        "kubelet.service.d/10-kubeadm.conf",
        "[Unit]\nExecStart=/bin/false\n[Service]\n# Environment=A=1\n"
        'Environment="A=--x=1 --y" B=--z\nEnvironment=broken\nEnvironmentFile=/old\nEnvironmentFile=\n'
        "EnvironmentFile=-/etc/default/kubelet\nExecStart=/bin/true\nExecStart=\n"
        "ExecStart=/usr/bin/kubelet \\\n  $A '--node-labels=a b' \\\n  --v\\=2\nRestart=always\nnonsense\n",
    )
    assert values(found, "A") == ["--x=1", "--y"]
    assert values(found, "B") == ["--z"]
    assert found.environment_files == ("-/etc/default/kubelet",)
    assert found.resets
    assert [[one.value for one in words] for words in found.commands] == [
        ["/usr/bin/kubelet", "$A", "--node-labels=a b", "--v=2"]
    ]
    place = Locator().place
    document = found.origin.document
    assert place(document, ("Environment", "A", 1)) == Position(5, 22)
    assert place(document, ("ExecStart", 2)) == Position(13, 7)
    assert place(document, ("ExecStart", 9)) == Position(12, 11, (9,))
    assert place(document, ("nothing",)) == Position(1, 1, ("nothing",))


def test_an_environment_file() -> None:
    found = text(
        "etc/default/kubelet",
        "# comment\nexport KUBELET_EXTRA_ARGS= '--a=1 --b'  \nNOT AN ASSIGNMENT\nEMPTY=\nONE=--c\n",
    )
    assert found.is_environment
    assert values(found, "KUBELET_EXTRA_ARGS") == ["--a=1", "--b"]
    assert values(found, "EMPTY") == []
    assert values(found, "ONE") == ["--c"]


def test_what_is_no_text() -> None:
    (found,) = read_text("usr/lib/systemd/system/kubelet.service", b"\x7fELF\0\0")
    assert isinstance(found, Unreadable)
    (found,) = read("kubelet.service", b"#" * 2_000_000)
    assert isinstance(found, Unreadable)


def test_an_empty_or_binary_looking_text_is_a_unit_without_commands() -> None:
    (found,) = read_text("kubelet.service", b"\xff\xfe [Service]")
    assert isinstance(found, KubeletText)
    assert not found.commands
