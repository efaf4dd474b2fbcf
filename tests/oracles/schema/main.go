// SPDX-License-Identifier: GPL-3.0-or-later

// Writes engine/schema/tables.inc: the built-in kinds of Kubernetes as compact C++ rows.
//
// Field names, Go kinds and patch strategies come from the struct tags of k8s.io/api, list and map relations and
// defaults of list keys from the schema of client-go's apply configurations, scopes from the +genclient markers.
// usage: go run . > ../../../engine/schema/tables.inc
package main

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"sort"
	"strconv"
	"strings"

	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/yaml"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func moduleDir(path string) string {
	return strings.TrimSpace(string(must(exec.Command("go", "list", "-m", "-f", "{{.Dir}}", path).Output())))
}

// The part of a structured-merge schema that is needed here.
type smdRef struct {
	NamedType           string   `json:"namedType"`
	Scalar              string   `json:"scalar"`
	List                *smdList `json:"list"`
	Map                 *smdMap  `json:"map"`
	ElementRelationship string   `json:"elementRelationship"`
}
type smdList struct {
	ElementType         smdRef   `json:"elementType"`
	ElementRelationship string   `json:"elementRelationship"`
	Keys                []string `json:"keys"`
}
type smdField struct {
	Name    string `json:"name"`
	Type    smdRef `json:"type"`
	Default any    `json:"default"`
}
type smdMap struct {
	Fields              []smdField `json:"fields"`
	ElementType         *smdRef    `json:"elementType"`
	ElementRelationship string     `json:"elementRelationship"`
}
type smdType struct {
	Name string `json:"name"`
	smdRef
}

func readSmd() map[string]*smdType {
	text := string(must(os.ReadFile(filepath.Join(moduleDir("k8s.io/client-go"), "applyconfigurations/internal/internal.go"))))
	start := strings.Index(text, "YAMLObject(`") + len("YAMLObject(`")
	var schema struct {
		Types []smdType `json:"types"`
	}
	if err := yaml.Unmarshal([]byte(text[start:strings.LastIndex(text, "`")]), &schema); err != nil {
		panic(err)
	}
	types := map[string]*smdType{}
	for i := range schema.Types {
		types[schema.Types[i].Name] = &schema.Types[i]
	}
	return types
}

func smdName(t reflect.Type) string {
	parts := strings.SplitN(t.PkgPath(), "/", 2)
	host := strings.Split(parts[0], ".")
	for i, j := 0, len(host)-1; i < j; i, j = i+1, j-1 {
		host[i], host[j] = host[j], host[i]
	}
	return strings.Join(host, ".") + "." + strings.ReplaceAll(parts[1], "/", ".") + "." + t.Name()
}

// Cluster-scoped kinds, "group-package/Kind".
func readClusterScoped() map[string]bool {
	scoped := map[string]bool{}
	root := moduleDir("k8s.io/api")
	files := must(filepath.Glob(filepath.Join(root, "*/*/types*.go")))
	for _, file := range files {
		tree := must(parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments))
		rel := must(filepath.Rel(root, filepath.Dir(file)))
		for _, decl := range tree.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.TYPE || len(gen.Specs) != 1 {
				continue
			}
			end := gen.Pos()
			for _, group := range tree.Comments {
				// Markers stand in the comment groups right above the type.
				if group.End() < end && strings.Contains(rawText(group), "+genclient:nonNamespaced") && between(tree, group, gen) {
					scoped[rel+"/"+gen.Specs[0].(*ast.TypeSpec).Name.Name] = true
				}
			}
			if gen.Doc != nil && strings.Contains(rawText(gen.Doc), "+genclient:nonNamespaced") {
				scoped[rel+"/"+gen.Specs[0].(*ast.TypeSpec).Name.Name] = true
			}
		}
	}
	return scoped
}

func rawText(group *ast.CommentGroup) string {
	text := ""
	for _, comment := range group.List {
		text += comment.Text + "\n"
	}
	return text
}

// True when no other declaration stands between a comment and the declaration.
func between(tree *ast.File, group *ast.CommentGroup, gen *ast.GenDecl) bool {
	for _, decl := range tree.Decls {
		if decl.Pos() > group.Pos() && decl.Pos() < gen.Pos() {
			return false
		}
	}
	return true
}

type row struct {
	kind, name, element, first, count, keys int
	relation                                string
	inSmd                                   bool
}

type tables struct {
	smd       map[string]*smdType
	names     []string
	nameIndex map[string]int
	rows      []row
	typeIndex map[string]int
	fields    [][]string // per struct row, filled late
	fieldsOf  map[int][]string
}

func (t *tables) name(text string) int {
	if i, ok := t.nameIndex[text]; ok {
		return i
	}
	t.nameIndex[text] = len(t.names)
	t.names = append(t.names, text)
	return len(t.names) - 1
}

const (
	kindBool = iota
	kindInt32
	kindInt64
	kindFloat
	kindString
	kindBytes
	kindQuantity
	kindIntOrString
	kindTime
	kindMicroTime
	kindDuration
	kindAny
	kindMap
	kindList
	kindStruct
)

func (t *tables) add(key string, r row) int {
	if i, ok := t.typeIndex[key]; ok {
		return i
	}
	t.typeIndex[key] = len(t.rows)
	t.rows = append(t.rows, r)
	return len(t.rows) - 1
}

var special = map[string]int{
	"k8s.io/apimachinery/pkg/api/resource.Quantity":    kindQuantity,
	"k8s.io/apimachinery/pkg/util/intstr.IntOrString":  kindIntOrString,
	"k8s.io/apimachinery/pkg/apis/meta/v1.Time":        kindTime,
	"k8s.io/apimachinery/pkg/apis/meta/v1.MicroTime":   kindMicroTime,
	"k8s.io/apimachinery/pkg/apis/meta/v1.Duration":    kindDuration,
	"k8s.io/apimachinery/pkg/apis/meta/v1.FieldsV1":    kindAny,
	"k8s.io/apimachinery/pkg/runtime.RawExtension":     kindAny,
}

func (t *tables) typeOf(g reflect.Type, ref *smdRef) int {
	if g.Kind() == reflect.Pointer {
		return t.typeOf(g.Elem(), ref)
	}
	if kind, ok := special[g.PkgPath()+"."+g.Name()]; ok {
		return t.add(fmt.Sprintf("k%d", kind), row{kind: kind})
	}
	scalar := func(kind int) int { return t.add(fmt.Sprintf("k%d", kind), row{kind: kind}) }
	switch g.Kind() {
	case reflect.Bool:
		return scalar(kindBool)
	case reflect.Int32:
		return scalar(kindInt32)
	case reflect.Int, reflect.Int64:
		return scalar(kindInt64)
	case reflect.Float64:
		return scalar(kindFloat)
	case reflect.String:
		return scalar(kindString)
	case reflect.Slice:
		if g.Elem().Kind() == reflect.Uint8 {
			return scalar(kindBytes)
		}
		relation, keys := "atomic", ""
		var element *smdRef
		if ref != nil && ref.List != nil {
			element = &ref.List.ElementType
			if ref.List.ElementRelationship == "associative" {
				relation, keys = "set", strings.Join(ref.List.Keys, ",")
				if keys != "" {
					relation = "map"
				}
			}
		}
		e := t.typeOf(g.Elem(), element)
		return t.add(fmt.Sprintf("l%d %s %s", e, relation, keys), row{kind: kindList, element: e, relation: relation, keys: t.name(keys)})
	case reflect.Map:
		relation := "separable"
		var element *smdRef
		if ref != nil && ref.Map != nil {
			element = ref.Map.ElementType
			if ref.Map.ElementRelationship == "atomic" {
				relation = "atomic"
			}
		}
		e := t.typeOf(g.Elem(), element)
		return t.add(fmt.Sprintf("m%d %s", e, relation), row{kind: kindMap, element: e, relation: relation})
	case reflect.Struct:
		return t.structOf(g, ref)
	}
	panic("no kind for " + g.String())
}

func (t *tables) structOf(g reflect.Type, ref *smdRef) int {
	full := smdName(g)
	schema := t.smd[full]
	relation := "separable"
	if schema != nil && schema.Map != nil && schema.Map.ElementRelationship == "atomic" {
		relation = "atomic"
	}
	if ref != nil && ref.ElementRelationship == "atomic" {
		relation = "atomic"
	}
	key := "s" + full + " " + relation
	if i, ok := t.typeIndex[key]; ok {
		return i
	}
	index := t.add(key, row{kind: kindStruct, name: t.name(full), relation: relation, inSmd: schema != nil})
	t.fieldsOf[index] = t.structFields(g, schema)
	return index
}

func (t *tables) structFields(g reflect.Type, schema *smdType) []string {
	var rows []string
	for i := 0; i < g.NumField(); i++ {
		f := g.Field(i)
		parts := strings.Split(f.Tag.Get("json"), ",")
		if parts[0] == "-" || !f.IsExported() {
			continue
		}
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if f.Anonymous && parts[0] == "" {
			rows = append(rows, t.structFields(inner, schema)...)
			continue
		}
		name := parts[0]
		if name == "" {
			name = f.Name
		}
		var ref *smdRef
		fallback := ""
		hasFallback := false
		if schema != nil && schema.Map != nil {
			for j := range schema.Map.Fields {
				if schema.Map.Fields[j].Name == name {
					ref = &schema.Map.Fields[j].Type
					hasFallback = schema.Map.Fields[j].Default != nil
					if text, ok := schema.Map.Fields[j].Default.(string); ok {
						fallback = text
					}
				}
			}
		}
		flags := 0
		options := strings.Join(parts[1:], ",")
		if strings.Contains(options, "omitempty") {
			flags |= 1
		}
		if f.Type.Kind() == reflect.Pointer {
			flags |= 2
		}
		for _, strategy := range strings.Split(f.Tag.Get("patchStrategy"), ",") {
			switch strategy {
			case "merge":
				flags |= 4
			case "replace":
				flags |= 8
			case "retainKeys":
				flags |= 16
			}
		}
		if strings.Contains(options, "omitzero") {
			flags |= 32
		}
		if ref != nil {
			flags |= 64
		}
		if hasFallback {
			flags |= 128
		}
		rows = append(rows, fmt.Sprintf("{%d,%d,%d,%d,%d}", t.name(name), t.typeOf(f.Type, ref), flags, t.name(f.Tag.Get("patchMergeKey")), t.name(fallback)))
	}
	return rows
}

func main() {
	t := &tables{smd: readSmd(), nameIndex: map[string]int{}, typeIndex: map[string]int{}, fieldsOf: map[int][]string{}}
	t.name("")
	cluster := readClusterScoped()
	type kindRow struct {
		group, version, kind string
		index                int
		namespaced           bool
	}
	var kinds []kindRow
	for gvk, g := range scheme.Scheme.AllKnownTypes() {
		if !strings.HasPrefix(g.PkgPath(), "k8s.io/api/") || gvk.Version == "__internal" {
			continue
		}
		if _, ok := reflect.PointerTo(g).MethodByName("GetObjectMeta"); !ok {
			continue
		}
		rel := strings.TrimPrefix(g.PkgPath(), "k8s.io/api/")
		kinds = append(kinds, kindRow{gvk.Group, gvk.Version, gvk.Kind, 0, !cluster[rel+"/"+gvk.Kind]})
	}
	sort.Slice(kinds, func(i, j int) bool {
		a, b := kinds[i], kinds[j]
		return a.group+"\x00"+a.kind+"\x00"+a.version < b.group+"\x00"+b.kind+"\x00"+b.version
	})
	known := scheme.Scheme.AllKnownTypes()
	for i := range kinds {
		for gvk, g := range known {
			if gvk.Group == kinds[i].group && gvk.Version == kinds[i].version && gvk.Kind == kinds[i].kind {
				kinds[i].index = t.typeOf(g, nil)
			}
		}
	}

	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	fmt.Fprint(out, "// SPDX-License-Identifier: GPL-3.0-or-later\n// Written by tests/oracles/schema; not edited by hand.\n")
	wrapped := func(title string, cells []string) {
		fmt.Fprintf(out, "%s = {\n", title)
		line := ""
		for _, cell := range cells {
			if len(line)+len(cell) > 118 {
				fmt.Fprintln(out, line)
				line = ""
			}
			line += cell + ","
		}
		fmt.Fprintf(out, "%s\n};\n", line)
	}
	var fieldCells []string
	for i := range t.rows {
		if fields, ok := t.fieldsOf[i]; ok {
			t.rows[i].first, t.rows[i].count = len(fieldCells), len(fields)
			fieldCells = append(fieldCells, fields...)
		}
	}
	var nameCells []string
	for _, name := range t.names {
		nameCells = append(nameCells, strconv.Quote(name))
	}
	wrapped("constexpr std::string_view kNames[]", nameCells)
	wrapped("constexpr FieldRow kFields[]", fieldCells)
	relations := map[string]int{"": 0, "separable": 0, "atomic": 1, "set": 2, "map": 3}
	var typeCells []string
	for _, r := range t.rows {
		smd := 0
		if r.inSmd {
			smd = 1
		}
		typeCells = append(typeCells, fmt.Sprintf("{%d,%d,%d,%d,%d,%d,%d,%d}", r.kind, relations[r.relation], smd, r.name, r.element, r.first, r.count, r.keys))
	}
	wrapped("constexpr TypeRow kTypes[]", typeCells)
	var kindCells []string
	for _, k := range kinds {
		kindCells = append(kindCells, fmt.Sprintf("{%q,%q,%q,%d,%v}", k.group, k.kind, k.version, k.index, k.namespaced))
	}
	wrapped("constexpr KindRow kKinds[]", kindCells)
}
