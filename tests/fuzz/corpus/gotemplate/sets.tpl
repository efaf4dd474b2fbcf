{{ template "x" .name }}
{{ template "x" }}
{{ template "y" . }}
{{ template "x" . | print }}
{{ template "x" .name | upper }}
{{ template "x" $v := 1 }}{{ $v }}
{{ define "d" }}[{{ . }}]{{ end }}{{ template "d" 1 }}
{{ define "d" }} {{ end }}{{ define "d" }}2{{ end }}{{ template "d" }}
{{ define "d" }}1{{ end }}{{ define "d" }} {{ end }}{{ template "d" }}
{{ define "x" }}new{{ end }}{{ template "x" 1 }}
{{ define "x" }} {{/* nothing */}}
{{ end }}{{ template "x" 1 }}
[{{ template "empty" . }}]
{{ define `d` }}1{{ end }}{{ template `d` }}
{{ block "b" .name }}<{{ . }}>{{ end }}{{ template "b" 2 }}
{{ block "x" .name }}new{{ . }}{{ end }}
{{ range .list }}{{ block "b" . }}<{{ . }}>{{ end }}{{ end }}
{{ define "d" }}{{ $ }}{{ end }}{{ template "d" .name }}
{{ include "x" .name | upper }}
{{ define "q" }}1{{ end }}
  
{{ define "r" }}{{ . }}{{ if lt . 3 }}{{ template "r" 3 }}{{ end }}{{ end }}{{ template "r" 1 }}
{{ define "a b\t" }}{{ .x.y.z }}{{ end }}{{ template "a b\t" .m }}
{{ $x := 1 }}{{ include "x" 2 }}{{ $x }}
{{ define "s" }}{{ $_ := set . "k" 2 }}{{ end }}{{ $m := dict "k" 1 }}{{ include "s" $m }}{{ $m.k }}