{{/* What a schema cannot say: values that each are right, and wrong together. */}}
{{- define "patless.checks" -}}
{{- $v := .Values }}

{{- with $v.certificates }}
{{- if eq .method "provided" }}
{{- if not .provided.secretName }}
{{- fail "certificates.method is provided, so certificates.provided.secretName must name the Secret that holds tls.crt and tls.key." }}
{{- end }}
{{- if not .provided.caBundle }}
{{- fail "certificates.method is provided, so certificates.provided.caBundle must hold the authority that signed the certificate, or the API server would trust no replica: --set-file certificates.provided.caBundle=ca.crt" }}
{{- end }}
{{- if contains "PRIVATE KEY" .provided.caBundle }}
{{- fail "certificates.provided.caBundle holds a private key: it would be readable by everybody who may read the webhook configurations. Give the certificates only." }}
{{- end }}
{{- else if or .provided.secretName .provided.caBundle }}
{{- fail (printf "certificates.provided says something, but certificates.method is %s: set certificates.method to provided, or leave certificates.provided empty." .method) }}
{{- end }}
{{- if and .certManager.issuerRef (ne .method "certManager") }}
{{- fail (printf "certificates.certManager.issuerRef says something, but certificates.method is %s: set certificates.method to certManager, or leave it empty." .method) }}
{{- end }}
{{- if and .certManager.issuerRef (not .certManager.issuerRef.name) }}
{{- fail "certificates.certManager.issuerRef needs a name." }}
{{- end }}
{{- if eq .method "managed" }}
{{- range $name := list "authorityLifetime" "leafLifetime" }}
{{- if not (include "patless.seconds" (get $v.certificates.managed $name) | int64) }}
{{- fail (printf "certificates.managed.%s is %s: no certificate would ever hold." $name (get $v.certificates.managed $name)) }}
{{- end }}
{{- end }}
{{- if ge (include "patless.seconds" .managed.leafLifetime | int64) (include "patless.seconds" .managed.authorityLifetime | int64) }}
{{- fail (printf "certificates.managed.leafLifetime is %s, and the authority that signs lasts %s: give the authority more." .managed.leafLifetime .managed.authorityLifetime) }}
{{- end }}
{{- end }}
{{- end }}

{{- $least := include "patless.leastReplicas" . | int }}
{{- with $v.podDisruptionBudget }}
{{- if and .enabled (ge (int .minAvailable) $least) }}
{{- fail (printf "podDisruptionBudget.minAvailable is %d, and there may be no more than %d of patless: no node that it runs on could ever be drained. Have more replicas, or set podDisruptionBudget.enabled to false." (int .minAvailable) $least) }}
{{- end }}
{{- end }}
{{- with $v.autoscaling }}
{{- if and .enabled (gt (int .minReplicas) (int .maxReplicas)) }}
{{- fail (printf "autoscaling.minReplicas is %d, more than autoscaling.maxReplicas, %d." (int .minReplicas) (int .maxReplicas)) }}
{{- end }}
{{- end }}

{{- $needed := add $v.server.drainSeconds 5 }}
{{- if lt (int $v.terminationGracePeriodSeconds) (int $needed) }}
{{- fail (printf "terminationGracePeriodSeconds is %d: kubelet would kill the server before it has drained. server.drainSeconds of %d needs at least %d." (int $v.terminationGracePeriodSeconds) (int $v.server.drainSeconds) $needed) }}
{{- end }}
{{- range list (list "webhookPort" "opsPort") (list "webhookPort" "statusPort") (list "opsPort" "statusPort") }}
{{- if eq (get $v.server (first .) | int) (get $v.server (last .) | int) }}
{{- fail (printf "server.%s and server.%s are both %d." (first .) (last .) (get $v.server (last .) | int)) }}
{{- end }}
{{- end }}

{{- with $v.server.clientAuthentication }}
{{- if and .names (not .configMapName) }}
{{- fail "server.clientAuthentication.names is set, and without server.clientAuthentication.configMapName no client shows a certificate." }}
{{- end }}
{{- end }}

{{- if eq $v.image.tag "latest" }}
{{- fail "image.tag is latest, which is another image every time: name a version, or set image.digest." }}
{{- end }}
{{- if and $v.image.tag $v.image.digest }}
{{- fail "image.tag and image.digest are both set: say one." }}
{{- end }}

{{- with $v.certificates }}
{{- if and $v.prometheusRule.enabled (eq .method "certManager") }}
{{- if le (include "patless.seconds" .certManager.renewBefore | int64) (mul $v.prometheusRule.certificateDays 86400) }}
{{- fail (printf "prometheusRule.certificateDays is %d, but a certificate is only renewed %s before it ends: the alert would sound at every renewal. Set fewer days." (int $v.prometheusRule.certificateDays) .certManager.renewBefore) }}
{{- end }}
{{- end }}
{{- end }}

{{- $seen := dict }}
{{- range $index, $identity := $v.policy.identities }}
{{- $account := printf "%s/%s" .namespace .serviceAccount }}
{{- if hasKey $seen $account }}
{{- fail (printf "policy.identities[%d] is for the same ServiceAccount as policy.identities[%v]: %s." $index (get $seen $account) $account) }}
{{- end }}
{{- $_ := set $seen $account $index }}
{{- if eq .namespace $.Release.Namespace }}
{{- fail (printf "policy.identities[%d] is in the namespace %s, where patless itself is installed, and no webhook is called for that: install patless into a namespace of its own." $index .namespace) }}
{{- end }}
{{- end }}
{{- if and $v.backfill.restart (not $v.backfill.enabled) }}
{{- fail "backfill.restart is true, but backfill.enabled is false, so nobody would restart anything: set both, or neither." }}
{{- end }}
{{- if and (include "patless.backfills" .) (lookup "v1" "Namespace" "" "kube-system") }}   {{- /* only if a cluster is asked */}}
{{- range include "patless.identityNamespaces" . | fromYamlArray }}
{{- if not (lookup "v1" "Namespace" "" .) }}
{{- fail (printf "policy.identities names the namespace %s, which does not exist, and the backfill needs a Role in it: create it first (kubectl create namespace %s), or set backfill.enabled to false." . .) }}
{{- end }}
{{- end }}
{{- end }}
{{- if and $v.admissionPolicies.enabled (not (include "patless.since" (list . "1.30"))) }}
{{- fail (printf "admissionPolicies.enabled is true, and Kubernetes %s has no ValidatingAdmissionPolicy: it takes 1.30 or later." .Capabilities.KubeVersion.Version) }}
{{- end }}
{{- range $name, $rule := $v.policy.rules }}
{{- if and .enforceFrom (ne .mode "deny") }}
{{- fail (printf "policy.rules.%s.enforceFrom is for the mode deny; with the mode %s it would do nothing." $name .mode) }}
{{- end }}
{{- end }}
{{- end }}
