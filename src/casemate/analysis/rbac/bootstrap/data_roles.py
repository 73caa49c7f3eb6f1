"""The roles: in which releases they have which rules.

Written by docs/bootstrap_roles.py from Kubernetes 1.16.15 to 1.37.2.
"""

ROLES = """
ClusterRole /admin <admin
  default 16-37:
ClusterRole /cluster-admin
  default 16-37: 0 1
ClusterRole /edit <edit >admin
  default 16-37:
ClusterRole /system:aggregate-to-admin >admin
  default 16-37: 2 3
ClusterRole /system:aggregate-to-edit >edit
  default 16-21: 4 5 6 7 8 9 10 11 12 13
  default 22-23: 4 5 6 14 8 9 10 11 12 13
  default 24-33: 4 5 6 15 14 16 8 9 10 11 12 13 17
  default 34-34: 4 5 6 15 14 16 8 9 10 11 12 13 17 18
  default 35-37: 4 5 6 15 19 16 20 8 9 10 11 12 13 17 18
  gated 33-33: 18
  gated 36-36: 21
  gated 37-37: 21 22 23
ClusterRole /system:aggregate-to-view >view
  default 16-21: 24 25 26 27 28 29 30 31 32
  default 22-33: 24 25 26 33 27 28 29 30 31 32
  default 34-34: 24 25 26 33 27 28 29 30 31 32 34
  default 35-37: 24 35 26 36 33 27 28 29 30 31 32 34
  gated 33-33: 34
  gated 36-36: 37
  gated 37-37: 37 38 39
ClusterRole /system:auth-delegator
  default 16-37: 40 41
ClusterRole /system:basic-user
  default 16-26: 42
  default 27-37: 42 43
  gated 26-26: 43
ClusterRole /system:certificates.k8s.io:certificatesigningrequests:nodeclient
  default 16-37: 44
ClusterRole /system:certificates.k8s.io:certificatesigningrequests:selfnodeclient
  default 16-37: 45
ClusterRole /system:certificates.k8s.io:kube-apiserver-client-approver
  default 18-37: 46
ClusterRole /system:certificates.k8s.io:kube-apiserver-client-kubelet-approver
  default 18-37: 47
ClusterRole /system:certificates.k8s.io:kubelet-serving-approver
  default 18-37: 48
ClusterRole /system:certificates.k8s.io:legacy-unknown-approver
  default 18-37: 49
ClusterRole /system:cluster-trust-bundle-discovery
  default 37-37: 50
  gated 27-36: 50
ClusterRole /system:controller:attachdetach-controller
  default 16-16: 51 52 53 54 55 56 57
  default 17-37: 51 52 53 54 55 56 57 58
  gated 16-16: 58
ClusterRole /system:controller:certificate-controller
  default 16-17: 59 60 41 55
  default 18-37: 59 60 47 61 41 55
ClusterRole /system:controller:clusterrole-aggregation-controller
  default 16-37: 62
ClusterRole /system:controller:cronjob-controller
  default 16-31: 63 64 65 66 67 55
  default 32-37: 63 64 65 66 68 55
ClusterRole /system:controller:daemon-set-controller
  default 16-37: 69 70 71 72 73 74 75 55
ClusterRole /system:controller:deployment-controller
  default 16-37: 76 77 78 79 80 55
ClusterRole /system:controller:device-taint-eviction-controller
  default 36-36: 81 82 83 84 85 55
  default 37-37: 81 82 83 84 85 55 86 87
  gated 33-34: 81 82 83 84 85 87 55
  gated 35-35: 81 82 83 84 85 55 86 87
  gated 36-36: 86 87
ClusterRole /system:controller:disruption-controller
  default 16-25: 88 89 90 91 92 93 94 55
  default 26-30: 88 89 90 91 92 93 94 55 82
  default 31-37: 88 89 90 91 92 93 82 94 55
ClusterRole /system:controller:endpoint-controller
  default 16-31: 95 96 97 55
  default 32-37: 95 98 97 55
ClusterRole /system:controller:endpointslice-controller
  default 18-31: 99 100 101 55
  default 32-37: 99 100 102 55
  gated 16-16: 99 101 55
  gated 17-17: 99 100 101 55
ClusterRole /system:controller:endpointslicemirroring-controller
  default 19-31: 103 100 104 101 55
  default 32-37: 103 100 104 102 55
ClusterRole /system:controller:ephemeral-volume-controller
  default 21-37: 105 106 107 55
  gated 19-20: 105 107 55
ClusterRole /system:controller:expand-controller
  default 16-31: 108 109 110 111 112 113 55
  default 32-35: 108 109 110 55 114
  default 36-37: 108 109 110 55
ClusterRole /system:controller:generic-garbage-collector
  default 16-37: 115 55
ClusterRole /system:controller:horizontal-pod-autoscaler
  default 16-23: 116 117 118 119 120 121 122 55
  default 24-26: 116 117 118 119 120 121 122 123 55
  default 27-31: 116 117 118 119 121 122 123 55
  default 32-37: 116 117 118 54 124 125 126 55
ClusterRole /system:controller:job-controller
  default 16-21: 127 128 129 73 55
  default 22-37: 130 128 129 73 55
  gated 36-36: 131
  gated 37-37: 132
ClusterRole /system:controller:kube-apiserver-serving-clustertrustbundle-publisher
  default 37-37: 133 134 55
  gated 32-36: 133 134 55
ClusterRole /system:controller:legacy-service-account-token-cleaner
  default 29-37: 135 136
  gated 28-28: 135 137
ClusterRole /system:controller:namespace-controller
  default 16-31: 138 139 140
  default 32-37: 138 139 141
ClusterRole /system:controller:node-controller
  default 16-24: 142 53 143 67 55
  default 25-25: 142 53 143 67 144 55
  default 26-29: 142 53 82 67 144 55 145
  default 30-30: 142 53 82 67 55 145
  default 31-31: 142 53 82 146 55
  default 32-36: 147 53 82 81 55
  default 37-37: 147 53 82 81 148 55
  gated 25-25: 149
ClusterRole /system:controller:persistent-volume-binder
  default 16-31: 150 151 152 153 154 111 155 156 113 157 158 55
  default 32-35: 150 151 152 153 154 111 72 55 158 114
  default 36-37: 150 151 152 153 154 111 72 55 158
ClusterRole /system:controller:pod-garbage-collector
  default 16-16: 68 159
  default 17-25: 68 157
  default 26-31: 68 157 149
  default 32-37: 68 52 149
  gated 25-25: 149
ClusterRole /system:controller:podcertificaterequestcleaner
  default 37-37: 160
  gated 34-36: 160
ClusterRole /system:controller:podgroup-protection-controller
  gated 36-37: 161 105
ClusterRole /system:controller:pv-protection-controller
  default 16-37: 162 55
ClusterRole /system:controller:pvc-protection-controller
  default 16-35: 152 105 55
  default 36-37: 152 153 105 55
ClusterRole /system:controller:replicaset-controller
  default 16-37: 163 164 165 73 55
ClusterRole /system:controller:replication-controller
  default 16-37: 166 167 168 73 55
ClusterRole /system:controller:resource-claim-controller
  default 34-35: 105 106 169 170 82 55
  default 36-37: 105 106 169 170 82 55 171
  gated 26-27: 105 106 172 173 55
  gated 28-29: 105 106 169 174 173 82 55
  gated 30-31: 105 106 169 174 170 82 55
  gated 32-33: 105 106 169 170 82 55
  gated 36-37: 175 176
ClusterRole /system:controller:resourcepoolstatusrequest-controller
  gated 36-36: 177 178 84 83 55
  gated 37-37: 177 178 84 83 87 55
ClusterRole /system:controller:resourcequota-controller
  default 16-37: 179 180 55
ClusterRole /system:controller:root-ca-cert-publisher
  default 20-37: 181 55
  gated 16-19: 181 55
ClusterRole /system:controller:route-controller
  default 16-37: 72 182 55
ClusterRole /system:controller:selinux-warning-controller
  default 33-37: 55 183 110 105 57
  gated 32-32: 55 183 110 105 57
ClusterRole /system:controller:service-account-controller
  default 16-37: 184 55
ClusterRole /system:controller:service-cidrs-controller
  default 33-37: 185 186 187 188 55
  gated 29-32: 185 186 187 188 55
ClusterRole /system:controller:service-controller
  default 16-37: 189 190 72 55
ClusterRole /system:controller:statefulset-controller
  default 16-26: 54 92 191 192 193 75 194 55
  default 27-27: 54 92 191 192 193 75 194 55 195
  default 28-34: 54 92 191 192 193 75 107 55 195 106
  default 35-37: 54 92 191 192 193 75 107 195 106 55
  gated 23-26: 196
ClusterRole /system:controller:storage-version-garbage-collector
  gated 21-37: 148 197 198
ClusterRole /system:controller:storage-version-migrator-controller
  default 37-37: 199 200 201 202
  gated 30-30: 199 202
  gated 31-31: 203 202
  gated 32-34: 204 202
  gated 35-35: 203 202
  gated 36-36: 203 200 201 202
ClusterRole /system:controller:ttl-after-finished-controller
  default 21-37: 205 55
  gated 16-20: 205 55
ClusterRole /system:controller:ttl-controller
  default 16-37: 206 55
ClusterRole /system:controller:validatingadmissionpolicy-status-controller
  default 30-37: 207 208 55
  gated 28-29: 207 208 55
ClusterRole /system:controller:volumeattributesclass-protection-controller
  default 34-37: 110 183 209 55
  gated 32-33: 110 183 209 55
ClusterRole /system:csi-external-attacher
  default 16-16: 108 52 210 211
ClusterRole /system:csi-external-provisioner
  default 16-16: 212 213 214 211 52 58
ClusterRole /system:discovery
  default 16-37: 215
ClusterRole /system:heapster
  default 16-37: 216 217
ClusterRole /system:kube-aggregator
  default 16-37: 103
ClusterRole /system:kube-controller-manager
  default 16-16: 55 218 137 219 220 40 41 179 16
  default 17-27: 55 221 222 223 224 225 137 226 227 40 41 179 16
  default 28-37: 55 221 222 225 137 226 227 40 41 179 16
ClusterRole /system:kube-dns
  default 16-37: 228
ClusterRole /system:kube-scheduler
  default 16-16: 55 223 229 52 81 230 82 231 89 92 91 232 40 41 58
  default 17-20: 55 221 233 223 234 52 81 230 82 231 89 92 91 232 40 41 58
  default 21-27: 55 221 233 223 234 52 81 230 82 231 89 92 91 232 40 41 58 26 57 235
  default 28-30: 55 221 233 52 81 230 82 231 89 92 91 232 40 41 58 26 57 235
  default 31-31: 55 221 236 237 52 81 230 82 231 89 92 91 232 40 41 58 26 57 235
  default 32-33: 55 221 236 237 52 81 230 82 231 89 92 91 232 40 41 58 238 26 57 235
  default 34-35: 55 221 236 237 52 81 230 82 231 89 92 91 232 40 41 58 238 26 57 235 85 239 240 106 84
  default 36-36: 55 221 236 237 52 81 230 82 231 89 92 91 232 40 41 58 238 26 57 235 85 239 240 106 84 241
      171
  default 37-37: 55 221 236 237 52 81 230 82 231 89 92 91 232 40 41 58 238 26 57 235 85 239 240 106 84 241
      87 171
  gated 19-20: 57 235
  gated 26-26: 242 240 243 244
  gated 27-29: 242 240 245 246
  gated 30-30: 247 239 240 245 246 248 249
  gated 31-31: 85 239 240 245 246 248 84
  gated 32-32: 85 239 240 248 84
  gated 33-33: 85 239 240 248 84 87
  gated 34-34: 241 87
  gated 35-35: 241 87 250
  gated 36-36: 87 175 176
  gated 37-37: 175 176 251 252
ClusterRole /system:kubelet-api-admin
  default 16-26: 52 253 254
  default 27-32: 52 253 255
  default 33-37: 52 253 255 256
  gated 32-32: 256
ClusterRole /system:monitoring
  default 20-25: 257
  default 26-33: 258
  default 34-35: 258 259
  default 36-37: 260 259
  gated 32-35: 261 262
ClusterRole /system:node
  default 16-16: 40 263 189 264 53 265 266 105 267 82 15 268 269 270 271 272 273 16 57 274 275 276
  default 17-19: 40 263 189 264 53 265 266 105 267 82 15 268 269 270 271 275 272 273 16 57 274 276
  default 20-33: 40 263 189 264 53 265 266 105 267 82 15 268 269 270 271 275 272 16 273 57 274 276
  default 34-34: 40 263 189 264 53 265 266 105 267 82 15 268 269 270 271 275 272 16 273 57 274 276 277 278
      279
  default 35-36: 40 263 189 264 53 265 55 105 267 82 15 268 269 270 271 275 272 16 273 57 274 276 277 278
      279
  default 37-37: 40 263 189 264 53 265 55 105 267 82 15 268 269 270 271 275 272 16 273 57 274 276 277 278 50
      279 280
  gated 26-26: 277
  gated 27-30: 277 50
  gated 31-32: 277 278 50
  gated 33-33: 277 278 50 279
  gated 34-36: 50 280
  gated 37-37: 281
ClusterRole /system:node-bootstrapper
  default 16-37: 271
ClusterRole /system:node-problem-detector
  default 16-37: 282 182 55
ClusterRole /system:node-proxier
  default 16-16: 228 282 55
  default 17-17: 228 52 55
  default 18-32: 228 52 55 283
  default 33-37: 228 52 55 284 283
  gated 16-17: 283
  gated 30-32: 284
ClusterRole /system:persistent-volume-provisioner
  default 16-37: 212 152 111 158 55
ClusterRole /system:public-info-viewer
  default 16-37: 285
ClusterRole /system:service-account-issuer-discovery
  default 20-27: 286
  default 28-37: 287
  gated 18-19: 286
ClusterRole /system:volume-scheduler
  default 16-37: 108 111 213
ClusterRole /view <view >edit
  default 16-37:
Role kube-public/system:controller:bootstrap-signer
  default 16-37: 288 289 55
Role kube-system/extension-apiserver-authentication-reader
  default 16-37: 290
Role kube-system/system::leader-locking-kube-controller-manager
  default 16-30: 291 292
  default 31-34: 291 292 293 294
  default 35-37: 293 294
Role kube-system/system::leader-locking-kube-scheduler
  default 16-30: 291 295
  default 31-34: 291 295 293 294
  default 35-37: 293 294
Role kube-system/system:controller:bootstrap-signer
  default 16-37: 296
Role kube-system/system:controller:cloud-provider
  default 16-37: 297
Role kube-system/system:controller:token-cleaner
  default 16-37: 298 55
"""
