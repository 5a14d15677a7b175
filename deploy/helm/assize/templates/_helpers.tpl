{{- define "assize.worker" -}}
{{ .Release.Name }}-worker
{{- end }}

{{- define "assize.labels" -}}
app.kubernetes.io/name: assize-worker
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- /* Labels that do not change while a release lives are in selectors; these are not. */}}
{{- define "assize.metadata" -}}
{{ include "assize.labels" . }}
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

{{- define "assize.httpPort" -}}
{{ index .Values.worker.settings "http.listen" | splitList ":" | last }}
{{- end }}
