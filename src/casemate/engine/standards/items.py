"""What a standard is: its items in its own order, each with the way it can be answered.

Controls name the items that they answer (`standards=("CIS-Kubernetes-1.12:5.2.2",)`); the data here
never name controls of the house, apart from standards that only point at another (`like`).
"""

import msgspec

FILES = "files"
"""Our controls answer it from what was read."""
LEVEL = "level"
"""A level of the Pod Security Standards, which is evaluated itself."""
HOST = "host"
"""Modes, owners and processes of files on a host."""
CLOUD = "cloud"
"""Settings of the cluster or account at the cloud."""
RUNTIME = "runtime"
"""What happens while it runs."""
MANUAL = "manual"
"""A person must judge."""
PROVIDER = "provider"
"""The standard itself gives it to the provider."""
WAYS = (FILES, LEVEL, HOST, CLOUD, RUNTIME, MANUAL, PROVIDER)


class Item(msgspec.Struct, frozen=True):
    """One item. `area` is one of the responsibility matrix; `needs` says what has to be read or judged.

    `like` are other names, in full, that controls may give it: `CIS-Kubernetes-1.12:5.2.2`.
    """

    id: str
    title: str
    way: str
    area: str
    needs: str
    like: tuple[str, ...] = ()


class Standard(msgspec.Struct, frozen=True):
    """A standard in one version. `prefix` is how controls name it; empty where they never do.

    `platform` is the one that it is about, where it is about one.
    """

    name: str
    version: str
    title: str
    prefix: str
    items: tuple[Item, ...]
    platform: str | None = None

    def names(self, item: Item) -> tuple[str, ...]:
        """All names by which controls point at an item."""
        own = (f"{self.prefix}:{item.id}",) if self.prefix else ()
        return own + item.like


def many(way: str, area: str, needs: str, *pairs: tuple[str, str]) -> tuple[Item, ...]:
    """Items that differ in id and title only."""
    return tuple(Item(name, title, way, area, needs) for name, title in pairs)


def as_in(prefix: str, way: str, area: str, needs: str, *triples: tuple[str, str, str]) -> tuple[Item, ...]:
    """Items that ask what items of another standard ask; ids there stand last, parted by spaces."""
    return tuple(
        Item(name, title, way, area, needs, tuple(f"{prefix}:{other}" for other in others.split()))
        for name, title, others in triples
    )
