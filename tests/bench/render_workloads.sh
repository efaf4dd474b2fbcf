# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by the benchmarks of rendering: makes kustomizations and charts of known size.

# deployment NAME: a Deployment as people have it
deployment_text() {
    cat <<YAML
apiVersion: apps/v1
kind: Deployment
metadata:
  name: $1
  labels: {app: $1}
spec:
  replicas: 2
  selector: {matchLabels: {app: $1}}
  template:
    metadata: {labels: {app: $1}}
    spec:
      containers:
      - name: main
        image: registry.example.com/shop/$1:v1
        args: ["--port=8080", "--log-level=info"]
        env:
        - {name: REGION, value: eu-central-1}
        - {name: MODE, value: live}
        ports: [{name: http, containerPort: 8080}]
        resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 256Mi}}
YAML
}

# kustomize_base FOLDER: Deployment, Service, ConfigMap
kustomize_base() {
    mkdir -p "$1"
    deployment_text web >"$1/deployment.yaml"
    printf 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: {app: web}\n  ports: [{name: http, port: 80, targetPort: http}]\n' >"$1/service.yaml"
    printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {level: info}\n' >"$1/config.yaml"
    printf 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [deployment.yaml, service.yaml, config.yaml]\n' >"$1/kustomization.yaml"
}

# kustomize_overlay FOLDER BASE PREFIX PATCH: prefix, label, image, and a strategic patch if PATCH is "patch"
kustomize_overlay() {
    mkdir -p "$1"
    {
        printf 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [%s]\nnamePrefix: %s\nnamespace: live\n' "$2" "$3"
        printf 'labels:\n- pairs: {env: live}\n  includeSelectors: true\nimages:\n- {name: registry.example.com/shop/web, newTag: v2}\n'
        [ "$4" != patch ] || printf 'patches:\n- path: patch.yaml\n'
    } >"$1/kustomization.yaml"
    [ "$4" != patch ] || cat >"$1/patch.yaml" <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 5
  template:
    spec:
      containers:
      - name: main
        env: [{name: MODE, value: careful}]
        resources: {limits: {memory: 512Mi}}
YAML
}

# kustomize_many FOLDER COUNT: one build of COUNT overlays of one base
kustomize_many() {
    local i
    kustomize_base "$1/base"
    mkdir -p "$1/all"
    {
        printf 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n'
        for ((i = 0; i < $2; i++)); do
            kustomize_overlay "$1/overlay-$i" ../base "p$i-" patch
            echo "- ../overlay-$i"
        done
    } >"$1/all/kustomization.yaml"
}

# kustomize_large FOLDER COUNT: COUNT Deployments in one file, a prefix and a label
kustomize_large() {
    local i
    mkdir -p "$1"
    for ((i = 0; i < $2; i++)); do
        echo ---
        printf 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app-%s, labels: {app: app-%s}}\nspec:\n  replicas: 2\n  selector: {matchLabels: {app: app-%s}}\n  template:\n    metadata: {labels: {app: app-%s}}\n    spec:\n      containers:\n      - name: main\n        image: registry.example.com/shop/web:v1\n        env: [{name: REGION, value: eu}]\n        ports: [{name: http, containerPort: 8080}]\n' "$i" "$i" "$i" "$i"
    done >"$1/all.yaml"
    printf 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [all.yaml]\nnamePrefix: live-\nlabels:\n- pairs: {env: live}\n  includeSelectors: true\n' >"$1/kustomization.yaml"
}

# chart FOLDER NAME TEMPLATES: a chart with helpers and so many templates, as `helm create` and its heirs make them
chart() {
    local i
    mkdir -p "$1/templates"
    printf 'apiVersion: v2\nname: %s\nversion: 1.2.3\nappVersion: "4.5"\n' "$2" >"$1/Chart.yaml"
    cat >"$1/values.yaml" <<'YAML'
replicaCount: 2
image: {repository: registry.example.com/shop/web, tag: "", pullPolicy: IfNotPresent}
nameOverride: ""
serviceAccount: {create: true, annotations: {}}
podAnnotations: {prometheus.io/scrape: "true"}
service: {type: ClusterIP, port: 80}
ingress: {enabled: true, className: nginx, hosts: [{host: shop.example.com, paths: [{path: /, pathType: Prefix}]}]}
resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 256Mi}}
env: {REGION: eu-central-1, MODE: live, LEVEL: info}
nodeSelector: {}
tolerations: []
affinity: {}
YAML
    cat >"$1/templates/_helpers.tpl" <<YAML
{{- define "$2.name" -}}{{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}{{- end }}
{{- define "$2.fullname" -}}
{{- if contains (include "$2.name" .) .Release.Name }}{{ .Release.Name | trunc 63 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name (include "$2.name" .) | trunc 63 | trimSuffix "-" }}{{ end }}
{{- end }}
{{- define "$2.selector" -}}
app.kubernetes.io/name: {{ include "$2.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
{{- define "$2.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "$2.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
YAML
    for ((i = 0; i < $3; i++)); do
        case $((i % 4)) in
            0) chart_deployment "$2" "$i" ;;
            1) chart_service "$2" "$i" ;;
            2) chart_config "$2" "$i" ;;
            3) chart_ingress "$2" "$i" ;;
        esac >"$1/templates/part-$i.yaml"
    done
}
chart_deployment() {
    cat <<YAML
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "$1.fullname" . }}-$2
  labels:
    {{- include "$1.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicaCount }}
  selector:
    matchLabels:
      {{- include "$1.selector" . | nindent 6 }}
  template:
    metadata:
      {{- with .Values.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      labels:
        {{- include "$1.selector" . | nindent 8 }}
    spec:
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          env:
            {{- range \$name, \$value := .Values.env }}
            - name: {{ \$name }}
              value: {{ \$value | quote }}
            {{- end }}
          ports: [{name: http, containerPort: 8080}]
          livenessProbe: {httpGet: {path: /, port: http}}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
      {{- with .Values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
YAML
}
chart_service() {
    cat <<YAML
apiVersion: v1
kind: Service
metadata:
  name: {{ include "$1.fullname" . }}-$2
  labels:
    {{- include "$1.labels" . | nindent 4 }}
spec:
  type: {{ .Values.service.type }}
  ports:
    - {port: {{ .Values.service.port }}, targetPort: http, protocol: TCP, name: http}
  selector:
    {{- include "$1.selector" . | nindent 4 }}
YAML
}
chart_config() {
    cat <<YAML
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "$1.fullname" . }}-$2
  labels:
    {{- include "$1.labels" . | nindent 4 }}
data:
  checksum: {{ toYaml .Values.env | sha256sum }}
  settings.json: {{ .Values.env | toJson | quote }}
  {{- if semverCompare ">=1.20-0" .Capabilities.KubeVersion.Version }}
  modern: "true"
  {{- end }}
YAML
}
chart_ingress() {
    cat <<YAML
{{- if .Values.ingress.enabled -}}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ include "$1.fullname" . }}-$2
  labels:
    {{- include "$1.labels" . | nindent 4 }}
spec:
  ingressClassName: {{ .Values.ingress.className }}
  rules:
    {{- range .Values.ingress.hosts }}
    - host: {{ .host | quote }}
      http:
        paths:
          {{- range .paths }}
          - path: {{ .path }}
            pathType: {{ .pathType }}
            backend: {service: {name: {{ include "$1.fullname" \$ }}, port: {number: {{ \$.Values.service.port }}}}}
          {{- end }}
    {{- end }}
{{- end }}
YAML
}

# chart_crds FOLDER MEGABYTES: a chart whose crds/ holds so much
chart_crds() {
    chart "$1" operator 4
    mkdir -p "$1/crds"
    awk -v folder="$1/crds" -v bytes="$(($2 * 1000000 / 10))" 'BEGIN {
        for (file = 0; file < 10; file++) {
            path = folder "/crd-" file ".yaml"
            printf "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: kind%ds.bench.example.com}\nspec:\n" \
                "  group: bench.example.com\n  scope: Namespaced\n  names: {plural: kind%ds, singular: kind%d, kind: Kind%d}\n  versions:\n" \
                "  - name: v1\n    served: true\n    storage: true\n    schema:\n      openAPIV3Schema:\n        type: object\n        properties:\n" \
                "          spec:\n            type: object\n            properties:\n", file, file, file, file >path
            for (size = 500; size < bytes; size += 330)
                printf "              field%06d:\n                description: |-\n                  What this field is for, in words as long as those\n" \
                    "                  of a usual definition, which tend to be long.\n                type: object\n                properties:\n" \
                    "                  name: {type: string, description: a name}\n                  count: {type: integer, format: int32}\n", size >path
            close(path)
        }
    }'
}

# chart_umbrella FOLDER COUNT: COUNT subcharts whose templates render texts of the values
chart_umbrella() {
    local i
    mkdir -p "$1/charts" "$1/templates"
    {
        printf 'apiVersion: v2\nname: umbrella\nversion: 1.0.0\ndependencies:\n'
        for ((i = 0; i < $2; i++)); do
            printf -- '- {name: part-%s, version: 1.2.3}\n' "$i"
        done
    } >"$1/Chart.yaml"
    printf 'global: {domain: example.com}\n' >"$1/values.yaml"
    for ((i = 0; i < $2; i++)); do
        chart "$1/charts/part-$i" "part-$i" 4
        printf 'extra:\n- "apiVersion: v1\\nkind: Secret\\nmetadata: {name: {{ .Release.Name }}-%s-extra}\\nstringData: {host: {{ .Values.global.domain }}}"\n' "$i" >>"$1/charts/part-$i/values.yaml"
        printf '{{- range .Values.extra }}\n---\n{{ tpl . $ }}\n{{- end }}\n' >"$1/charts/part-$i/templates/extra.yaml"
    done
}

# chart_umbrella_library FOLDER COUNT: COUNT subcharts as the common ones are: each carries a library, and each of its twelve objects has
# labels and annotations from texts of the values
chart_umbrella_library() {
    local i part kind
    chart_umbrella "$1" "$2"
    for ((i = 0; i < $2; i++)); do
        part=$1/charts/part-$i
        rm "$part/templates/extra.yaml"
        for kind in "$part"/templates/part-?.yaml; do
            # shellcheck disable=SC2016
            sed -i '0,/labels" . | nindent 4 }}/s//&\n    {{- include "common.tplvalues.render" (dict "value" .Values.commonLabels "context" $) | nindent 4 }}\n  annotations:\n    {{- include "common.tplvalues.render" (dict "value" .Values.commonAnnotations "context" $) | nindent 4 }}/' "$kind"
            sed 's/^  name: .*/&-b/' "$kind" >"${kind%.yaml}b.yaml"
            sed 's/^  name: .*/&-c/' "$kind" >"${kind%.yaml}c.yaml"
        done
        chart_library "$part"
    done
}

# chart_umbrella_usual FOLDER COUNT: COUNT usual charts of twenty templates, each with a library, whose objects have ten texts of the
# values each
chart_umbrella_usual() {
    local i part kind
    chart_umbrella "$1" "$2"
    for ((i = 0; i < $2; i++)); do
        part=$1/charts/part-$i
        rm -r "$part"
        chart "$part" "part-$i" 20
        printf 'notes:\n' >>"$part/values.yaml"
        printf -- '- {note-%s: "{{ .Release.Name }}-{{ .Values.global.domain }}"}\n' 0 1 2 3 4 5 6 7 >>"$part/values.yaml"
        for kind in "$part"/templates/part-*.yaml; do
            # shellcheck disable=SC2016
            sed -i '0,/labels" . | nindent 4 }}/s//&\n    {{- include "common.tplvalues.render" (dict "value" .Values.commonLabels "context" $) | nindent 4 }}\n  annotations:\n    {{- include "common.tplvalues.render" (dict "value" .Values.commonAnnotations "context" $) | nindent 4 }}\n    {{- range .Values.notes }}\n    {{- include "common.tplvalues.render" (dict "value" . "context" $) | nindent 4 }}\n    {{- end }}/' "$kind"
        done
        chart_library "$part"
    done
}

# chart_library CHART: gives it labels and annotations that are texts, and a library of forty small templates and the one that renders
# a value
chart_library() {
    local file name library=$1/charts/common/templates
    printf 'commonLabels: {team: shop, domain: "{{ .Values.global.domain }}"}\ncommonAnnotations: {release: "{{ .Release.Name }}"}\n' >>"$1/values.yaml"
    mkdir -p "$library"
    printf 'apiVersion: v2\nname: common\ntype: library\nversion: 2.0.0\n' >"$1/charts/common/Chart.yaml"
    for file in 0 1 2 3 4 5 6 7 8 9; do
        for name in a b c d; do
            printf '{{- define "common.part%s.%s" -}}{{ .Release.Name }}-%s{{- end }}\n' "$file" "$name" "$name"
        done >"$library/_part$file.tpl"
    done
    cat >"$library/_tplvalues.tpl" <<'YAML'
{{- define "common.tplvalues.render" -}}
{{- $value := typeIs "string" .value | ternary .value (.value | toYaml) }}
{{- if contains "{{" (toJson .value) }}{{ tpl $value .context }}{{ else }}{{ $value }}{{ end }}
{{- end -}}
YAML
}
