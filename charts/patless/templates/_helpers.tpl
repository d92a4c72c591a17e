{{- define "patless.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* The name of every object: the release's, with the chart's unless it has that in it already. */}}
{{- define "patless.fullname" -}}
{{- $name := include "patless.name" . }}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) }}
{{- .Values.fullnameOverride | default $full | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "patless.selectorLabels" -}}
app.kubernetes.io/name: {{ include "patless.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Of the pod that `helm test` runs: others than those that the Service selects. */}}
{{- define "patless.testLabels" -}}
app.kubernetes.io/name: {{ include "patless.name" . }}-test
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "patless.labels" -}}
{{ include "patless.selectorLabels" . }}
{{ include "patless.commonLabels" . }}
{{- end }}

{{- define "patless.commonLabels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "patless.metadata" -}}
name: {{ include "patless.fullname" . }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "patless.labels" . | nindent 2 }}
{{- end }}

{{- define "patless.isManaged" -}}
{{- if eq .Values.certificates.method "managed" }}true{{ end }}
{{- end }}

{{/* Whether a replica is to look after what the identities name. */}}
{{- define "patless.backfills" -}}
{{- if and .Values.backfill.enabled .Values.policy.identities }}true{{ end }}
{{- end }}

{{/* Whether one of the replicas has to lead. */}}
{{- define "patless.leads" -}}
{{- if or (include "patless.backfills" .) .Values.audit.scan }}true{{ end }}
{{- end }}

{{/* The namespaces of the identities, as a YAML list. */}}
{{- define "patless.identityNamespaces" -}}
{{- $namespaces := list }}
{{- range .Values.policy.identities }}{{ $namespaces = append $namespaces .namespace }}{{ end }}
{{- toYaml ($namespaces | uniq | sortAlpha) }}
{{- end }}

{{/* How many seconds a duration has: include "patless.seconds" "1h30m". */}}
{{- define "patless.seconds" -}}
{{- toDate "2006 MST" "1970 UTC" | dateModify . | unixEpoch }}
{{- end }}

{{- define "patless.tlsSecret" -}}
{{- if eq .Values.certificates.method "provided" }}
{{- .Values.certificates.provided.secretName }}
{{- else }}
{{- include "patless.fullname" . }}-tls
{{- end }}
{{- end }}

{{- define "patless.image" -}}
{{- with .Values.image }}
{{- if .digest }}
{{- printf "%s@%s" .repository .digest }}
{{- else }}
{{- printf "%s:%s" .repository (.tag | default $.Chart.AppVersion) }}
{{- end }}
{{- end }}
{{- end }}

{{/* The fewest replicas that there are when all is well. */}}
{{- define "patless.leastReplicas" -}}
{{- ternary .Values.autoscaling.minReplicas .Values.replicas .Values.autoscaling.enabled }}
{{- end }}

{{/* What the restricted Pod Security Standard asks of a pod, and of a container. */}}
{{- define "patless.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "patless.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Whether the cluster is of a version: include "patless.since" (list . "1.28"), "true" or nothing. */}}
{{- define "patless.since" -}}
{{- if semverCompare (printf ">=%s.0-0" (last .)) (first .).Capabilities.KubeVersion.Version }}true{{ end }}
{{- end }}

{{/* Whom the API server is to trust, and where it finds the server: list . "/mutate" */}}
{{- define "patless.clientConfig" -}}
{{- $root := first . -}}
service:
  name: {{ include "patless.fullname" $root }}
  namespace: {{ $root.Release.Namespace }}
  path: {{ last . }}
  port: 443
{{- if eq $root.Values.certificates.method "provided" }}
caBundle: {{ $root.Values.certificates.provided.caBundle | b64enc }}
{{- end }}
{{- end }}

{{- define "patless.webhookMetadata" -}}
name: {{ include "patless.fullname" . }}
labels:
  {{- include "patless.labels" . | nindent 2 }}
  {{- if eq .Values.webhooks.aksAdmissionsEnforcer "disable" }}
  admissions.enforcer/disabled: "true"
  {{- end }}
{{- $annotations := dict }}
{{- if eq .Values.certificates.method "certManager" }}
{{- $_ := set $annotations "cert-manager.io/inject-ca-from" (printf "%s/%s" .Release.Namespace (include "patless.tlsSecret" .)) }}
{{- end }}
{{- if eq .Values.webhooks.aksAdmissionsEnforcer "disable" }}
{{- $_ := set $annotations "admissions.enforcer/disabled" "true" }}
{{- end }}
{{- with $annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The namespaces that no webhook is called for. */}}
{{- define "patless.excludedNamespaces" -}}
- key: kubernetes.io/metadata.name
  operator: NotIn
  values: [{{ .Release.Namespace | quote }}]
{{- with .Values.webhooks.ignoreLabel }}
- key: {{ . }}
  operator: NotIn
  values: ["true"]
{{- end }}
{{- if eq .Values.webhooks.aksAdmissionsEnforcer "comply" }}
# What AKS' admissions enforcer would add.
- key: control-plane
  operator: NotIn
  values: ["true"]
- key: kubernetes.azure.com/managedby
  operator: NotIn
  values: [aks]
{{- end }}
{{- end }}

{{/* What labels Prometheus gives the series of this release, by the chart's ServiceMonitor. */}}
{{- define "patless.series" -}}
namespace="{{ .Release.Namespace }}",job="{{ include "patless.fullname" . }}"
{{- end }}
