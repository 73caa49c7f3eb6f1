"""Ports of services that only administrators or other services should reach, by their well-known numbers."""

from casemate.analysis.images import Reference, parse
from casemate.model.compose import ComposeService, Published

_PORTS = {
    1433: "SQL Server",
    1521: "Oracle",
    2181: "ZooKeeper",
    2379: "etcd",
    3306: "MySQL",
    4369: "Erlang's port mapper",
    5432: "PostgreSQL",
    5601: "Kibana",
    5672: "RabbitMQ",
    5984: "CouchDB",
    6379: "Redis",
    7474: "Neo4j",
    7687: "Neo4j",
    8086: "InfluxDB",
    8200: "Vault",
    8500: "Consul",
    9042: "Cassandra",
    9092: "Kafka",
    9200: "Elasticsearch",
    9300: "Elasticsearch",
    11211: "Memcached",
    15672: "RabbitMQ's console",
    26257: "CockroachDB",
    27017: "MongoDB",
    50000: "Jenkins' agents",
}
_CONSOLES = {
    "adminer": "Adminer", "phpmyadmin": "phpMyAdmin", "pgadmin4": "pgAdmin", "mongo-express": "mongo-express",
    "portainer": "Portainer", "portainer-ce": "Portainer", "redis-commander": "Redis Commander",
    "dozzle": "Dozzle", "cadvisor": "cAdvisor",
}  # fmt: skip
_ENGINE = frozenset((2375, 2376))


def sensitive(service: ComposeService, port: Published) -> str | None:
    """What a port is where it should not be open to all; the engine's own API is judged apart."""
    if port.container in _ENGINE:
        return None
    image = parse(service.image or "")
    name = image.repository.rpartition("/")[2] if isinstance(image, Reference) else ""
    if name in _CONSOLES:
        return f"the console {_CONSOLES[name]}"
    return _PORTS.get(port.container or 0)
