"""The flags of kube-apiserver, with the releases that know them and their defaults.

Source: kubernetes/kubernetes pkg/kubeapiserver/options, cmd/kube-apiserver/app/options and
pkg/controlplane/apiserver/options, kubernetes/apiserver pkg/server/options,
read at Kubernetes 1.20, 1.24, 1.28, 1.31, 1.34 and 1.37, and component-base for logs and metrics. Where
a flag came or went between two of these, the wider span is written, so that none is called unknown
where it may be known. The defaults of the audit log changed with kubernetes/kubernetes#136478 (1.36).
"""

TABLE = """
add-dir-header bool -25
address text -23
admission-control list
admission-control-config-file text
advertise-address text
aggregator-reject-forwarding-redirect bool 21-
allow-metric-labels map 21-
allow-metric-labels-manifest text 29-
allow-privileged bool =false
alsologtostderr bool -25
anonymous-auth bool =true
api-audiences list
apiserver-count number
audit-log-batch-buffer-size number
audit-log-batch-max-size number
audit-log-batch-max-wait duration
audit-log-batch-throttle-burst number
audit-log-batch-throttle-enable bool
audit-log-batch-throttle-qps number
audit-log-compress bool
audit-log-format text
audit-log-maxage number =0 36=366
audit-log-maxbackup number =0 36=100
audit-log-maxsize number =0 36=100
audit-log-mode text
audit-log-path text
audit-log-truncate-enabled bool
audit-log-truncate-max-batch-size number
audit-log-truncate-max-event-size number
audit-log-version text
audit-policy-file text
audit-webhook-batch-buffer-size number
audit-webhook-batch-initial-backoff duration
audit-webhook-batch-max-size number
audit-webhook-batch-max-wait duration
audit-webhook-batch-throttle-burst number
audit-webhook-batch-throttle-enable bool
audit-webhook-batch-throttle-qps number
audit-webhook-config-file text
audit-webhook-initial-backoff duration
audit-webhook-mode text
audit-webhook-truncate-enabled bool
audit-webhook-truncate-max-batch-size number
audit-webhook-truncate-max-event-size number
audit-webhook-version text
authentication-config text 29-
authentication-token-webhook-cache-ttl duration
authentication-token-webhook-config-file text
authentication-token-webhook-version text
authorization-config text 29-
authorization-mode list =AlwaysAllow
authorization-policy-file text
authorization-webhook-cache-authorized-ttl duration
authorization-webhook-cache-unauthorized-ttl duration
authorization-webhook-config-file text
authorization-webhook-version text
azure-container-registry-config text -30
basic-auth-file text -18
bind-address text =0.0.0.0
cert-dir text
client-ca-file text
cloud-config text -33
cloud-provider text -33
cloud-provider-gce-l7lb-src-cidrs text
cloud-provider-gce-lb-src-cidrs text
contention-profiling bool =false
coordinated-leadership-lease-duration duration 32-
coordinated-leadership-renew-deadline duration 32-
coordinated-leadership-retry-period duration 32-
cors-allowed-origins list
debug-socket-path text 25-
default-not-ready-toleration-seconds number
default-unreachable-toleration-seconds number
default-watch-cache-size number
delete-collection-workers number
deserialization-cache-size number -23
disable-admission-plugins list
disable-http2-serving bool 29-
disabled-metrics list 21-
egress-selector-config-file text
emulated-version list 32-
emulation-forward-compatible bool 32-
enable-admission-plugins list
enable-aggregator-routing bool
enable-bootstrap-token-auth bool =false
enable-garbage-collector bool
enable-logs-handler bool
enable-priority-and-fairness bool =true
enable-swagger-ui bool -23
encryption-provider-config text
encryption-provider-config-automatic-reload bool 25-
endpoint-reconciler-type text
etcd-cafile text
etcd-certfile text
etcd-compaction-interval duration
etcd-count-metric-poll-period duration
etcd-db-metric-poll-interval duration
etcd-healthcheck-timeout duration
etcd-keyfile text
etcd-prefix text
etcd-readycheck-timeout duration 25-
etcd-servers list
etcd-servers-overrides list
event-ttl duration
experimental-encryption-provider-config text -23
experimental-logging-sanitization bool -23
external-hostname text
feature-gates map
goaway-chance number
help bool
http2-max-streams-per-connection number
identity-lease-duration-seconds number -27
identity-lease-renew-interval-seconds number -27
insecure-bind-address text -23 =127.0.0.1
insecure-port number -23 =0
kubelet-certificate-authority text
kubelet-client-certificate text
kubelet-client-key text
kubelet-https bool -23 =true
kubelet-port number
kubelet-preferred-address-types list
kubelet-read-only-port number
kubelet-timeout duration
kubernetes-service-node-port number
lease-reuse-duration-seconds number
livez-grace-period duration
log-backtrace-at text -25
log-dir text -25
log-file text -25
log-file-max-size number -25
log-flush-frequency duration
log-json-info-buffer-size text 21-
log-json-split-stream bool 21-
log-text-info-buffer-size text 29-
log-text-split-stream bool 29-
logging-format text
logtostderr bool -25
master-service-namespace text -27
max-connection-bytes-per-sec number
max-mutating-requests-inflight number
max-requests-inflight number
min-compatibility-version list 35-
min-request-timeout number
oidc-ca-file text
oidc-client-id text
oidc-groups-claim text
oidc-groups-prefix text
oidc-issuer-url text
oidc-required-claim map
oidc-signing-algs list
oidc-username-claim text
oidc-username-prefix text
one-output bool -25
peer-advertise-ip text 25-
peer-advertise-port text 25-
peer-ca-file text 25-
permit-address-sharing bool 21-
permit-port-sharing bool
port number -23
profiling bool =true
proxy-client-cert-file text
proxy-client-key-file text
request-timeout duration =1m0s
requestheader-allowed-names list
requestheader-client-ca-file text
requestheader-extra-headers-prefix list
requestheader-group-headers list
requestheader-uid-headers list 32-
requestheader-username-headers list
runtime-config map
runtime-config-emulation-forward-compatible bool 32-
secure-port number =6443
service-account-api-audiences list -27
service-account-extend-token-expiration bool =true
service-account-issuer array
service-account-jwks-uri text
service-account-key-file array
service-account-lookup bool =true
service-account-max-token-expiration duration =0s
service-account-signing-endpoint text 32-
service-account-signing-key-file text
service-cluster-ip-range text
service-node-port-range text
show-hidden-metrics-for-version text
shutdown-delay-duration duration
shutdown-send-retry-after bool 21-
shutdown-watch-termination-grace-period duration 25-
skip-headers bool -25
skip-log-headers bool -25
ssh-keyfile text -23
ssh-user text -23
stderrthreshold text -25
storage-backend text
storage-initialization-timeout duration 29-
storage-media-type text
strict-transport-security-directives list 21-
target-ram-mb number -23
tls-cert-file text
tls-cipher-suites list
tls-curve-preferences list 35-
tls-min-version text
tls-private-key-file text
tls-sni-cert-key array
token-auth-file text
tracing-config-file text 21-
v text
version bool
vmodule text
watch-cache bool
watch-cache-sizes list
"""
"""One flag a line: its name, its type, the first and last minor release where not all, and its default;
`36=100` is another default since 1.36."""
