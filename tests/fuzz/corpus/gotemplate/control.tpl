{{ if .name }}y{{ end }}
{{ if .no }}y{{ else }}n{{ end }}
{{ if .no }}1{{ else if .nil }}2{{ else if .name }}3{{ else }}4{{ end }}
{{ range list 0 1 0.0 "" "0" "false" true false nothing .em .el .list 0i 1i (nilMap) (day 0) }}{{ if . }}t{{ else }}f{{ end }}{{ end }}
{{ if $x := .no }}{{ else }}{{ $x }}{{ end }}
{{ with .m.b }}{{ .c }}{{ end }}
{{ with .nil }}x{{ else }}{{ .name }}{{ end }}
{{ with .nil }}1{{ else with .m.b }}{{ .c }}{{ else }}3{{ end }}
{{ with $x := .name }}{{ $x }}{{ . }}{{ end }}
{{ range .list }}<{{ . }}>{{ end }}
{{ range $i, $e := .list }}{{ $i }}{{ $e }} {{ end }}
{{ range $e := .list }}{{ $e }}{{ . }}{{ end }}
{{ range $k, $v := .m }}{{ $k }}:{{ $v }};{{ end }}
{{ range $v := .m }}{{ $v }};{{ end }}
{{ range .el }}x{{ else }}none {{ .name }}{{ end }}
{{ range .nil }}x{{ else }}none{{ end }}
{{ range 3 }}{{ . }}{{ end }}{{ range $i := 2 }}{{ $i }}{{ end }}{{ range -1 }}{{ else }}none{{ end }}{{ range 0 }}x{{ end }}
{{ range unsigned 2 }}{{ printf "%T" . }}{{ end }}{{ range (small 1) }}{{ printf "%T" . }}{{ end }}
{{ range $k, $v := words .m }}{{ $k }}{{ $v }} {{ end }}
{{ range strings "x" "y" }}{{ printf "%T" . }}{{ end }}
{{ range bytes "ab" }}{{ . }},{{ printf "%T" . }} {{ end }}
{{ range .list }}{{ . }}{{ if eq . "b" }}{{ break }}{{ end }}{{ end }}
{{ range .list }}{{ if eq . "b" }}{{ continue }}{{ end }}{{ . }}{{ end }}
{{ range .list }}{{ . }}{{ range 5 }}{{ if eq . 2 }}{{ break }}{{ end }}{{ . }}{{ end }};{{ end }}
{{ range .list }}{{ with . }}{{ break }}{{ end }}x{{ end }}ok
{{ $x := 1 }}{{ range .list }}{{ $x = . }}{{ end }}{{ $x }}
{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}
{{ $ = 5 }}{{ $ }}
{{ $k := 0 }}{{ $v := 0 }}{{ range $k, $v = .m }}{{ end }}{{ $k }}{{ $v }}
{{ $v := 0 }}{{ range $v = .list }}{{ end }}{{ $v }}
{{ with .m }}{{ $.name }}{{ end }}
{{ ($x := 1) }}{{ $x }}
{{ $m := dict "a" 1 "b" 2 }}{{ range $k, $v := $m }}{{ $_ := set $m (print $k $k) 3 }}{{ $k }}{{ $v }} {{ end }}{{ $m }}