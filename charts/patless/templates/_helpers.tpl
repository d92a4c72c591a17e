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

{{- define "patless.labels" -}}
{{ include "patless.selectorLabels" . }}
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
  values: [{{ .Release.Namespace }}]
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
