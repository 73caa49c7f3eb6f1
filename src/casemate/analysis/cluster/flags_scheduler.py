"""The flags of kube-scheduler, with the releases that know them and their defaults.

Source: kubernetes/kubernetes cmd/kube-scheduler/app/options and kubernetes/apiserver pkg/server/options,
read at Kubernetes 1.20, 1.24, 1.28, 1.31, 1.34 and 1.37, and component-base for logs and metrics. Where
a flag came or went between two of these, the wider span is written, so that none is called unknown
where it may be known.
"""

TABLE = """
add-dir-header bool -25
address text -23
algorithm-provider text -23
allow-metric-labels map 21-
allow-metric-labels-manifest text 29-
alsologtostderr bool -25
authentication-kubeconfig text
authentication-skip-lookup bool
authentication-token-webhook-cache-ttl duration
authentication-tolerate-lookup-failure bool
authorization-always-allow-paths list
authorization-kubeconfig text
authorization-webhook-cache-authorized-ttl duration
authorization-webhook-cache-unauthorized-ttl duration
bind-address text =0.0.0.0
cert-dir text
client-ca-file text
config text
contention-profiling bool
disable-http2-serving bool 29-
disabled-metrics list 21-
emulated-version list 32-
experimental-logging-sanitization bool -23
feature-gates map
hard-pod-affinity-symmetric-weight number -23
help bool
http2-max-streams-per-connection number
kube-api-burst number
kube-api-content-type text
kube-api-qps number
kubeconfig text
leader-elect bool
leader-elect-lease-duration duration
leader-elect-renew-deadline duration
leader-elect-resource-lock text
leader-elect-resource-name text
leader-elect-resource-namespace text
leader-elect-retry-period duration
lock-object-name text -27
lock-object-namespace text -27
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
master text
min-compatibility-version list 35-
one-output bool -25
permit-address-sharing bool 21-
permit-port-sharing bool
pod-max-in-unschedulable-pods-duration duration 21-
policy-config-file text -23
policy-configmap text -23
policy-configmap-namespace text -23
port number -23
profiling bool =true
requestheader-allowed-names list
requestheader-client-ca-file text
requestheader-extra-headers-prefix list
requestheader-group-headers list
requestheader-uid-headers list 32-
requestheader-username-headers list
scheduler-name text -23
secure-port number =10259
show-hidden-metrics-for-version text
skip-headers bool -25
skip-log-headers bool -25
stderrthreshold text -25
tls-cert-file text
tls-cipher-suites list
tls-curve-preferences list 35-
tls-min-version text
tls-private-key-file text
tls-sni-cert-key array
use-legacy-policy-config bool -23
v text
version bool
vmodule text
write-config-to text
"""
"""One flag a line: its name, its type, the first and last minor release where not all, and its default."""
