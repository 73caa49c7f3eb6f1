"""The flags of kube-controller-manager, with the releases that know them and their defaults.

Source: kubernetes/kubernetes cmd/kube-controller-manager/app/options and kubernetes/apiserver
pkg/server/options,
read at Kubernetes 1.20, 1.24, 1.28, 1.31, 1.34 and 1.37, and component-base for logs and metrics. Where
a flag came or went between two of these, the wider span is written, so that none is called unknown
where it may be known.
"""

TABLE = """
add-dir-header bool -25
address text -23
allocate-node-cidrs bool
allow-metric-labels map 21-
allow-metric-labels-manifest text 29-
allow-untagged-cloud bool
alsologtostderr bool -25
attach-detach-reconcile-sync-period duration
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
cidr-allocator-type text
client-ca-file text
cloud-config text
cloud-provider text
cluster-cidr text
cluster-name text
cluster-signing-cert-file text
cluster-signing-duration duration
cluster-signing-key-file text
cluster-signing-kube-apiserver-client-cert-file text
cluster-signing-kube-apiserver-client-key-file text
cluster-signing-kubelet-client-cert-file text
cluster-signing-kubelet-client-key-file text
cluster-signing-kubelet-serving-cert-file text
cluster-signing-kubelet-serving-key-file text
cluster-signing-legacy-unknown-cert-file text
cluster-signing-legacy-unknown-key-file text
concurrent-cron-job-syncs number 25-
concurrent-daemonset-syncs number 32-
concurrent-deployment-syncs number
concurrent-device-taint-eviction-syncs number 35-
concurrent-disruption-syncs number 35-
concurrent-endpoint-syncs number
concurrent-ephemeralvolume-syncs number 21-
concurrent-gc-syncs number
concurrent-horizontal-pod-autoscaler-syncs number 25-
concurrent-job-syncs number 25-
concurrent-namespace-syncs number
concurrent-node-lifecycle-syncs number 35-
concurrent-node-status-updates number 35-
concurrent-node-syncs number 25-
concurrent-replicaset-syncs number
concurrent-resource-quota-syncs number
concurrent-resourceclaim-syncs number 35-
concurrent-service-endpoint-syncs number
concurrent-service-syncs number
concurrent-serviceaccount-token-syncs number
concurrent-statefulset-syncs number
concurrent-ttl-after-finished-syncs number
concurrent-validating-admission-policy-status-syncs number 25-
configure-cloud-routes bool
contention-profiling bool
controller-start-interval duration
controllers list
deleting-pods-burst number -27
deleting-pods-qps number -27
deployment-controller-sync-period duration -23
disable-attach-detach-reconcile-sync bool
disable-force-detach-on-timeout bool 29-
disable-http2-serving bool 29-
disabled-metrics list 21-
emulated-version list 32-
enable-dynamic-provisioning bool
enable-garbage-collector bool
enable-hostpath-provisioner bool
enable-leader-migration bool 21-
enable-taint-manager bool -27
endpoint-updates-batch-period duration
endpointslice-updates-batch-period duration
experimental-cluster-signing-duration duration -27
experimental-logging-sanitization bool -23
external-cloud-volume-plugin text
feature-gates map
flex-volume-plugin-dir text
help bool
horizontal-pod-autoscaler-cpu-initialization-period duration
horizontal-pod-autoscaler-downscale-delay duration -30
horizontal-pod-autoscaler-downscale-stabilization duration
horizontal-pod-autoscaler-initial-readiness-delay duration
horizontal-pod-autoscaler-sync-period duration
horizontal-pod-autoscaler-tolerance number
horizontal-pod-autoscaler-upscale-delay duration -30
horizontal-pod-autoscaler-use-rest-clients bool -23
http2-max-streams-per-connection number
kube-api-burst number
kube-api-content-type text
kube-api-qps number
kubeconfig text
large-cluster-size-threshold number
leader-elect bool
leader-elect-lease-duration duration
leader-elect-renew-deadline duration
leader-elect-resource-lock text
leader-elect-resource-name text
leader-elect-resource-namespace text
leader-elect-retry-period duration
leader-migration-config text 21-
legacy-service-account-token-clean-up-period duration 25-
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
max-endpoints-per-slice number
min-compatibility-version list 35-
min-resync-period duration
mirroring-concurrent-service-endpoint-syncs number
mirroring-endpointslice-updates-batch-period duration
mirroring-max-endpoints-per-subset number
namespace-sync-period duration
node-cidr-mask-size number
node-cidr-mask-size-ipv4 number
node-cidr-mask-size-ipv6 number
node-eviction-rate number
node-monitor-grace-period duration
node-monitor-period duration
node-startup-grace-period duration
node-status-update-frequency duration
node-sync-period duration
one-output bool -25
permit-address-sharing bool 21-
permit-port-sharing bool
pod-eviction-timeout duration -27
port number -23 =0
profiling bool =true
pv-recycler-increment-timeout-nfs number
pv-recycler-minimum-timeout-hostpath number
pv-recycler-minimum-timeout-nfs number
pv-recycler-pod-template-filepath-hostpath text
pv-recycler-pod-template-filepath-nfs text
pv-recycler-timeout-increment-hostpath number
pvclaimbinder-sync-period duration
register-retry-count number -27
requestheader-allowed-names list
requestheader-client-ca-file text
requestheader-extra-headers-prefix list
requestheader-group-headers list
requestheader-uid-headers list 32-
requestheader-username-headers list
resource-quota-sync-period duration
root-ca-file text
route-reconciliation-period duration
secondary-node-eviction-rate number
secure-port number =10257
service-account-private-key-file text
service-cluster-ip-range text
show-hidden-metrics-for-version text
skip-headers bool -25
skip-log-headers bool -25
stderrthreshold text -25
terminated-pod-gc-threshold number =12500
tls-cert-file text
tls-cipher-suites list
tls-curve-preferences list 35-
tls-min-version text
tls-private-key-file text
tls-sni-cert-key array
unhealthy-zone-threshold number
use-service-account-credentials bool =false
v text
version bool
vmodule text
volume-host-allow-local-loopback bool -30
volume-host-cidr-denylist list -30
webhook-bind-address text 25-
webhook-cert-dir text 25-
webhook-disable-http2-serving bool 35-
webhook-secure-port number 25-
webhook-tls-cert-file text 25-
webhook-tls-cipher-suites list 35-
webhook-tls-curve-preferences list 35-
webhook-tls-min-version text 35-
webhook-tls-private-key-file text 25-
webhook-tls-sni-cert-key text 35-
webhooks list 25-
"""
"""One flag a line: its name, its type, the first and last minor release where not all, and its default."""
