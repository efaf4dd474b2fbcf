// SPDX-License-Identifier: GPL-3.0-or-later

// Writes engine/render/kustomize/merge_tables.inc: what kustomize's built-in OpenAPI document (v1.21.2) says about
// lists that merge by key, and which kinds live outside of namespaces. Types with equal contents are written once.
//
//	go run . > ../../../engine/render/kustomize/merge_tables.inc
package main

import (
	"fmt"
	"sort"
	"strings"

	"k8s.io/kube-openapi/pkg/validation/spec"
	"sigs.k8s.io/kustomize/kyaml/openapi"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

type field struct {
	name, keys     string
	merges, isList bool
	isMap          bool
	target         int
}

var (
	definitions spec.Definitions
	leading     = map[string]bool{}
	numbers     = map[string]int{}
	types       [][]field
	byContent   = map[string]int{}
)

// The definition that a property leads to, through lists and maps.
func target(s spec.Schema) string {
	for {
		switch {
		case s.Items != nil && s.Items.Schema != nil:
			s = *s.Items.Schema
		case s.AdditionalProperties != nil && s.AdditionalProperties.Schema != nil:
			s = *s.AdditionalProperties.Schema
		default:
			return strings.TrimPrefix(s.Ref.String(), "#/definitions/")
		}
	}
}

func merges(s spec.Schema) bool {
	if !s.Type.Contains("array") {
		return false
	}
	strategy, _ := s.Extensions["x-kubernetes-patch-strategy"].(string)
	for _, part := range strings.Split(strategy, ",") {
		if part == "merge" {
			return true
		}
	}
	return false
}

func keys(s spec.Schema) string {
	if list, ok := s.Extensions["x-kubernetes-list-map-keys"].([]interface{}); ok {
		var texts []string
		for _, key := range list {
			texts = append(texts, key.(string))
		}
		return strings.Join(texts, ",")
	}
	key, _ := s.Extensions["x-kubernetes-patch-merge-key"].(string)
	return key
}

func number(name string) int {
	if n, ok := numbers[name]; ok {
		return n
	}
	numbers[name] = 0
	var fields []field
	properties := definitions[name].Properties
	var names []string
	for f := range properties {
		names = append(names, f)
	}
	sort.Strings(names)
	for _, f := range names {
		p := properties[f]
		if !merges(p) && !leading[target(p)] {
			continue
		}
		made := field{name: f, merges: merges(p), isList: p.Type.Contains("array"), isMap: p.AdditionalProperties != nil}
		if made.merges {
			made.keys = keys(p)
		}
		if leading[target(p)] {
			made.target = number(target(p))
		}
		fields = append(fields, made)
	}
	content := fmt.Sprint(fields)
	n, ok := byContent[content]
	if !ok {
		n = len(types)
		types = append(types, fields)
		byContent[content] = n
	}
	numbers[name] = n
	return n
}

func main() {
	openapi.SchemaForResourceType(yaml.TypeMeta{APIVersion: "v1", Kind: "Pod"})
	definitions = openapi.Schema().Definitions
	for changed := true; changed; {
		changed = false
		for name, d := range definitions {
			if leading[name] {
				continue
			}
			for _, p := range d.Properties {
				if merges(p) || leading[target(p)] {
					leading[name] = true
					changed = true
					break
				}
			}
		}
	}
	types = append(types, nil)
	byContent["[]"] = 0
	kinds := map[string]int{}
	scopes := map[string]bool{}
	var names []string
	for name := range definitions {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		list, ok := definitions[name].Extensions["x-kubernetes-group-version-kind"].([]interface{})
		if !ok {
			continue
		}
		for _, entry := range list {
			m := entry.(map[string]interface{})
			version := m["version"].(string)
			if group, _ := m["group"].(string); group != "" {
				version = group + "/" + version
			}
			kind := m["kind"].(string)
			if scoped, found := openapi.IsNamespaceScoped(yaml.TypeMeta{APIVersion: version, Kind: kind}); found && !scoped {
				scopes[version+" "+kind] = true
			}
			if leading[name] {
				kinds[version+" "+kind] = number(name)
			}
		}
	}
	// Not in the document, but known to kustomize.
	scopes["policy/v1beta1 PodSecurityPolicy"] = true
	scopes["v1 NodeProxyOptions"] = true
	fmt.Println("// SPDX-License-Identifier: GPL-3.0-or-later")
	fmt.Println("// Written by tests/oracles/kustomize-schema; not edited by hand.")
	fmt.Println("constexpr MergeField kMergeFields[] = {")
	var starts []int
	count := 0
	for _, fields := range types {
		starts = append(starts, count)
		for _, f := range fields {
			shape := "Plain"
			if f.isList {
				shape = "List"
			}
			if f.isMap {
				shape = "Map"
			}
			fmt.Printf("{%q, %q, %d, Shape::%s, %v},\n", f.name, f.keys, f.target, shape, f.merges)
			count++
		}
	}
	fmt.Println("};\nconstexpr std::uint16_t kMergeTypes[] = {")
	for _, s := range starts {
		fmt.Printf("%d,", s)
	}
	fmt.Printf("%d\n};\nconstexpr MergeKind kMergeKinds[] = {\n", count)
	var sorted []string
	for k := range kinds {
		sorted = append(sorted, k)
	}
	sort.Strings(sorted)
	for _, k := range sorted {
		parts := strings.Split(k, " ")
		fmt.Printf("{%q, %q, %d},\n", parts[0], parts[1], kinds[k])
	}
	fmt.Println("};\nconstexpr ClusterKind kClusterKinds[] = {")
	sorted = nil
	for k := range scopes {
		sorted = append(sorted, k)
	}
	sort.Strings(sorted)
	for _, k := range sorted {
		parts := strings.Split(k, " ")
		fmt.Printf("{%q, %q},\n", parts[0], parts[1])
	}
	fmt.Println("};")
}
