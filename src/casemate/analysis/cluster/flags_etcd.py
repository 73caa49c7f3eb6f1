"""The flags of etcd 3.4 to 3.6 and their defaults.

Source: etcd-io/etcd server/etcdmain/help.go of 3.6 and etcdmain/help.go of 3.4. etcd uses Go's own
flags: one dash is as good as two, and booleans take no value of their own.
"""

TABLE = """
advertise-client-urls list
auth-token text
auth-token-ttl text
auto-compaction-mode text
auto-compaction-retention text
auto-tls bool =false
backend-batch-interval text
backend-batch-limit text
backend-bbolt-freelist-type text
bcrypt-cost text
bootstrap-defrag-threshold-megabytes text
cert-file text
cipher-suites list
client-cert-allowed-hostname text
client-cert-auth bool =false
client-cert-file text
client-crl-file text
client-key-file text
compact-hash-check-time text
compaction-batch-limit text
compaction-sleep-interval text
config-file text
corrupt-check-time text
cors list
data-dir text
debug bool
discovery text
discovery-cacert text
discovery-cert text
discovery-dial-timeout text
discovery-endpoints text
discovery-fallback text
discovery-insecure-skip-tls-verify bool
discovery-insecure-transport bool
discovery-keepalive-time text
discovery-keepalive-timeout text
discovery-key text
discovery-password text
discovery-proxy text
discovery-request-timeout text
discovery-srv text
discovery-srv-name text
discovery-token text
discovery-user text
distributed-tracing-address text
distributed-tracing-instance-id text
distributed-tracing-sampling-rate text
distributed-tracing-service-name text
downgrade-check-time text
election-timeout text
enable-distributed-tracing bool
enable-grpc-gateway bool
enable-log-rotation bool
enable-pprof bool =false
enable-v2 bool
experimental-backend-bbolt-freelist-type text
experimental-bootstrap-defrag-threshold-megabytes text
experimental-compact-hash-check-enabled bool
experimental-compact-hash-check-time text
experimental-compaction-batch-limit text
experimental-compaction-sleep-interval text
experimental-corrupt-check-time text
experimental-distributed-tracing-address text
experimental-distributed-tracing-instance-id text
experimental-distributed-tracing-sampling-rate text
experimental-distributed-tracing-service-name text
experimental-downgrade-check-time text
experimental-enable-distributed-tracing bool
experimental-enable-lease-checkpoint bool
experimental-enable-lease-checkpoint-persist bool
experimental-enable-v2v3 text
experimental-initial-corrupt-check bool
experimental-max-learners text
experimental-memory-mlock bool
experimental-peer-skip-client-san-verification bool
experimental-snapshot-catchup-entries text
experimental-stop-grpc-service-on-defrag bool
experimental-txn-mode-write-with-shared-buffer bool
experimental-wait-cluster-ready-timeout text
experimental-warning-apply-duration text
experimental-warning-unary-request-duration text
experimental-watch-progress-notify-interval text
feature-gates text
force-new-cluster bool
grpc-keepalive-interval text
grpc-keepalive-min-time text
grpc-keepalive-timeout text
heartbeat-interval text
host-whitelist list
initial-advertise-peer-urls list
initial-cluster text
initial-cluster-state text
initial-cluster-token text
initial-election-tick-advance bool
key-file text
lease-checkpoint text
listen-client-http-urls list
listen-client-urls list =http://localhost:2379
listen-metrics-urls list
listen-peer-urls list =http://localhost:2380
log-format text
log-level text
log-output text
log-outputs text
log-package-levels text
log-rotation-config-json text
logger text
max-concurrent-streams text
max-learners text
max-request-bytes text
max-snapshots text
max-txn-ops text
max-wals text
memory-mlock bool
metrics text
name text
peer-auto-tls bool =false
peer-cert-allowed-cn text
peer-cert-allowed-hostname list
peer-cert-file text
peer-client-cert-auth bool =false
peer-client-cert-file text
peer-client-key-file text
peer-crl-file text
peer-key-file text
peer-skip-client-san-verification bool
peer-trusted-ca-file text
pre-vote bool
proxy text
proxy-dial-timeout text
proxy-failure-wait text
proxy-read-timeout text
proxy-refresh-interval text
proxy-write-timeout text
quota-backend-bytes text
raft-read-timeout text
raft-write-timeout text
self-signed-cert-validity text
snapshot-catchup-entries text
snapshot-count text
socket-reuse-address bool
socket-reuse-port bool
strict-reconfig-check bool
tls-max-version text
tls-min-version text =TLS1.2
trusted-ca-file text
unsafe-no-fsync bool
v2-deprecation text
version bool
wait-cluster-ready-timeout text
wal-dir text
warning-apply-duration text
warning-unary-request-duration text
watch-progress-notify-interval text
"""
"""One flag a line: its name, its type and its default."""
