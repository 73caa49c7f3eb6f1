"""Ports and names that belong to the administration of a cluster, its databases and its consoles.

Source: each product's own documentation of its default ports. A number that is also common among
ordinary programs (8080, 9090, 3000) is left out: there the name must say what it is.
"""

import msgspec

from casemate.model.exposure import Service, ServicePort
from casemate.model.severity import Severity


class Management(msgspec.Struct, frozen=True):
    """What is behind a port, and how bad it is when strangers reach it."""

    what: str
    severity: Severity


def _all(severity: Severity, **ports: str) -> dict[int, Management]:
    return {
        int(number): Management(what.replace("_", " "), severity)
        for what, numbers in ports.items()
        for number in numbers.split()
    }


PORTS: dict[int, Management] = {
    **_all(
        Severity.CRITICAL,
        the_kubelet="10250 10255",
        etcd="2379 2380",
        the_Docker_engine="2375",
    ),
    **_all(
        Severity.HIGH,
        the_Docker_engine_with_TLS="2376",
        MySQL="3306 33060",
        PostgreSQL="5432",
        Redis="6379",
        MongoDB="27017 27018",
        Elasticsearch="9200 9300",
        Memcached="11211",
        SQL_Server="1433",
        an_Oracle_database="1521",
        Cassandra="9042 7000 7199",
        CouchDB="5984",
        ZooKeeper="2181",
        the_RabbitMQ_console="15672",
        the_ActiveMQ_console="8161",
        Consul="8500",
        Vault="8200",
        Kibana="5601",
        Java_remote_management="1099",
        the_Hadoop_NameNode="50070 9870",
        the_Spark_master="7077",
        VNC="5900 5901",
        RDP="3389",
        Telnet="23",
        a_network_file_system="2049 111",
    ),
    **_all(Severity.MEDIUM, SSH="22", the_API_server="6443", the_RabbitMQ_broker="5672"),
}
_OPEN_DOORS = {
    "kubernetes-dashboard": "the Kubernetes dashboard",
    "jenkins": "Jenkins",
    "argocd-server": "Argo CD",
    "prometheus": "Prometheus",
    "alertmanager": "Alertmanager",
    "kibana": "Kibana",
    "phpmyadmin": "phpMyAdmin",
    "pgadmin": "pgAdmin",
    "adminer": "Adminer",
    "mongo-express": "Mongo Express",
    "redis-commander": "Redis Commander",
    "portainer": "Portainer",
    "consul-ui": "Consul",
    "vault-ui": "Vault",
    "spark-master": "the Spark master",
    "spark-ui-proxy": "the Spark console",
    "zeppelin": "Zeppelin",
    "selenium-hub": "the Selenium grid",
    "jaeger-query": "Jaeger",
    "weave-scope-app": "Weave Scope",
    "jupyter": "Jupyter",
    "airflow-webserver": "Airflow",
    "rabbitmq-management": "the RabbitMQ console",
}
_WITH_LOGIN = {
    "grafana": "Grafana",
    "minio-console": "the MinIO console",
    "keycloak-admin": "Keycloak's console",
}
NAMES: dict[str, Management] = {
    **{name: Management(what, Severity.HIGH) for name, what in _OPEN_DOORS.items()},
    **{name: Management(what, Severity.MEDIUM) for name, what in _WITH_LOGIN.items()},
}
"""Names of Services, whole or as their end after a dash."""
_PORT_NAMES = {"pprof": "Go's profiler", "jmx": "Java remote management", "debug": "a debugger"}
NOT_TCP = ("UDP", "SCTP")


def behind(service: Service, port: ServicePort) -> Management | None:
    """What a Service publishes at a port, where that is something to administer."""
    if port.protocol not in NOT_TCP:
        for number in (port.target_port, port.port):
            if isinstance(number, int) and number in PORTS:
                return PORTS[number]
    words = (port.name or "").lower().split("-")
    known = next((_PORT_NAMES[word] for word in words if word in _PORT_NAMES), None)
    return Management(known, Severity.HIGH) if known else by_name(service.ref.name)


def by_name(name: str | None) -> Management | None:
    """What a Service of that name is known for."""
    if not name:
        return None
    return next((found for key, found in NAMES.items() if name == key or name.endswith(f"-{key}")), None)
