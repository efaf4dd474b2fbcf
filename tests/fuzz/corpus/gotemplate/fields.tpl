{{ .absent }}
{{ .m.absent.x }}
{{ (.m.absent).x }}
{{ $a := .m.absent }}{{ $a.x }}
{{ .absent | print }}
{{ print .absent }}
{{ printf "%v %s %d" .absent .absent .absent }}
{{ countAll .absent }}
{{ .absent | countAll }}
[{{ (words .m).absent }}]
{{ if .absent }}x{{ else }}y{{ end }}
{{ if .absent.x }}x{{ else }}y{{ end }}
{{ html .absent }} {{ js .absent }} {{ urlquery .absent }}
{{ .nil }} {{ .m.z }}
{{ index .m "absent" }}
{{ .absent }}
{{ (.m.absent).x }}
{{ $a := .m.absent }}{{ $a.x }}
{{ .absent | print }}
{{ print .absent }}
{{ printf "%v %s %d" .absent .absent .absent }}
{{ .absent | countAll }}
[{{ (words .m).absent }}]
{{ if .absent }}x{{ else }}y{{ end }}
{{ html .absent }} {{ js .absent }} {{ urlquery .absent }}
{{ .nil }} {{ .m.z }}
{{ index .m "absent" }}
{{ .nil }} {{ .m.z }}
{{ index .m "absent" }}
{{ .m.b.c }}
{{ (dict "a" 1).a }}
{{ (values .m).Keys }}
{{ (values .m).Join "-" 2 }}
{{ 2 | (values .m).Join "-" }}
{{ (values .m).b.c }}
{{ (values .m).q }}
{{ $v := values .m }}{{ $v.Keys }} {{ $v.b.c }}
{{ print (values .m).Keys }}
{{ (day 3).String }}
{{ $.m.b.c }}{{ $ | len }}
{{ with .name }}{{ . }}{{ end }}
{{ (nothing).x }}
{{ .x }}
{{ .x.y }}{{ . }}
{{ index . 1 }}{{ range . }}{{ . }}{{ end }}
{{ . }}{{ len . }}