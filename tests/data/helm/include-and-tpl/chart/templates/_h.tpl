{{- define "labels" -}}
app: {{ .Chart.Name }}
rel: {{ .Release.Name }}
{{- end -}}