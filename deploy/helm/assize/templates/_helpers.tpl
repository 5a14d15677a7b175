{{- define "assize.worker" -}}
{{ .Release.Name }}-worker
{{- end }}

{{- define "assize.serve" -}}
{{ .Release.Name }}-serve
{{- end }}

{{- define "assize.labels" -}}
app.kubernetes.io/name: assize-worker
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- /* Labels that do not change while a release lives are in selectors; these are not. */}}
{{- define "assize.metadata" -}}
{{ include "assize.labels" . }}
{{ include "assize.chart" . }}
{{- end }}

{{- define "assize.serveLabels" -}}
app.kubernetes.io/name: assize-serve
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "assize.serveMetadata" -}}
{{ include "assize.serveLabels" . }}
{{ include "assize.chart" . }}
{{- end }}

{{- define "assize.chart" -}}
app.kubernetes.io/part-of: assize
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- /* A JSON value is a TOML value, as far as settings go, and a dotted key a key. */}}
{{- define "assize.toml" -}}
{{- range $key, $value := . }}
{{ $key }} = {{ toJson $value }}
{{- end }}
{{- end }}

{{- /* The settings of workers: what the values say in other places goes over `worker.settings`. */}}
{{- define "assize.workerSettings" -}}
{{- $settings := merge (dict "broker.queue" .Values.queues.work "broker.bulk_queue" .Values.queues.bulk) .Values.worker.settings }}
{{- if .Values.walls.runtime }}
{{- $settings = set $settings "sandbox.docker.runtime" .Values.walls.runtime }}
{{- end }}
{{- include "assize.toml" $settings }}
{{- end }}

{{- define "assize.proxySettings" -}}
{{- $settings := deepCopy .Values.dockerProxy.settings }}
{{- if .Values.walls.runtime }}
{{- $settings = set $settings "runtime" .Values.walls.runtime }}
{{- end }}
{{- include "assize.toml" $settings }}
{{- end }}

{{- define "assize.serveSettings" -}}
{{- include "assize.toml" (merge (dict "broker.queue" .Values.queues.work "broker.bulk_queue" .Values.queues.bulk) .Values.serve.settings) }}
{{- end }}

{{- /* The port of an address. */}}
{{- define "assize.port" -}}
{{ splitList ":" . | last }}
{{- end }}

{{- define "assize.httpPort" -}}
{{ include "assize.port" (index .Values.worker.settings "http.listen") }}
{{- end }}

{{- /* What no container of the chart may do. */}}
{{- define "assize.locked" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- /* What workers and the HTTP service reach: names, RabbitMQ and PostgreSQL. */}}
{{- define "assize.egress" -}}
- to:
    - namespaceSelector: {}
      podSelector:
        matchLabels: {{- toYaml .Values.network.dns | nindent 10 }}
  ports:
    - { protocol: UDP, port: 53 }
    - { protocol: TCP, port: 53 }
- to:
    - namespaceSelector: {}
      podSelector:
        matchLabels: {{- toYaml .Values.network.rabbitmq | nindent 10 }}
  ports:
    - { protocol: TCP, port: 5671 }
    - { protocol: TCP, port: 5672 }
- to:
    - namespaceSelector: {}
      podSelector:
        matchLabels: {{- toYaml .Values.network.postgresql | nindent 10 }}
  ports:
    - { protocol: TCP, port: 5432 }
{{- with .Values.network.egress }}
{{ toYaml . }}
{{- end }}
{{- end }}
