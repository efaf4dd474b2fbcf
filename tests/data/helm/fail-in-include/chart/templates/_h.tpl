{{ define "x" }}
{{ fail "inside" }}{{ end }}