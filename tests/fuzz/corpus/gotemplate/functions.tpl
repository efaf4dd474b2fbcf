{{ and 1 0 2 }} {{ and 1 2 }} {{ and .list .name }} {{ and .nil }}
{{ or 0 "" .name }} {{ or .nil .no }} {{ or 1 (fail "not reached") }}
{{ and 0 (fail "not reached") }}
{{ .name | or 0 }} {{ 0 | and 1 }} {{ .nil | or }}
{{ not 0 }}{{ not .list }}{{ not nil }}
{{ len .name }} {{ len .list }} {{ len .m }} {{ len .uni }} {{ len (bytes "abc") }}
{{ len (nilList) }}{{ len (nilMap) }}
{{ index .list 0 }}{{ index .list 2 }}
{{ index .m "a" }} {{ index .m "b" "c" }}
{{ index .name 0 }}
{{ index .name }}
{{ index (words .m) "a" }}[{{ index (words .m) "q" }}]
{{ index (bytes "ab") 1 }}
{{ index (nilMap) "a" }}
{{ index .list (unsigned 1) }}
{{ slice .s 1 3 }} {{ slice .s 2 }} {{ slice .s }}
{{ slice .list 1 }} {{ slice (strings "a" "b") 0 1 }} {{ slice (bytes "abc") 1 2 }}
{{ slice (strings "a" "b" "c") 0 1 2 }}
{{ print 1 2 "a" "b" 3 }} {{ print }} {{ print .nil 1 }} {{ print .list .m }}
{{ println 1 "a" }}{{ println }}
{{ html .html }} {{ html 1 "<" }} {{ html }}
{{ js .html }} {{ js .uni }} {{ js "'=\n\t\\é😀\u200b" }}
{{ urlquery "a b&c=d/é~-_." }} {{ urlquery 1 2 }}
{{ countAll nil }}
{{ print nil }}
{{ negate true }}
{{ half .n }}
{{ long 5 }}
{{ set (values .em) "a" 1 }}
{{ "a" | upper | printf "%s-%s" "x" }}
{{ print (print 1 (print 2 3)) (len (list 1 2)) }}
{{ print nothing nilList nilMap }}
{{ fault "text" }} {{ print (fault "a") 1 }} {{ printf "%v %s %q" (fault "b") (fault "c") (fault "d") }}
{{ day 3 }} {{ print (list (day 1)) }} {{ printf "%d %v %s %q %x" (day 2) (day 2) (day 2) (day 2) (day 2) }}
{{ $m := dict }}{{ $n := $m }}{{ $_ := set $m "a" 1 }}{{ $n.a }}
{{ .mixed }} {{ .m }} {{ dict "x" nil "y" (list nil) }} {{ strings "a" "" }} {{ bytes "hi" }} {{ nilList }} {{ nilMap }}