// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"encoding/json"
	"reflect"
	"strings"

	openapi "github.com/google/gnostic-models/openapiv2"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/kube-openapi/pkg/util/proto"
)

// modelName is the OpenAPI name of a Go type: "io.k8s.api.apps.v1.Deployment".
func modelName(t reflect.Type) string {
	return "io.k8s." + strings.ReplaceAll(strings.TrimPrefix(t.PkgPath(), "k8s.io/"), "/", ".") + "." + t.Name()
}

// builtInParser knows the names of all built-in kinds, as the OpenAPI document of a cluster tells them.
func builtInParser() *managedfields.GvkParser {
	definitions := map[string]any{}
	for gvk, t := range scheme.Scheme.AllKnownTypes() {
		if strings.HasPrefix(t.PkgPath(), "k8s.io/api/") && gvk.Version != "__internal" {
			definitions[modelName(t)] = map[string]any{"type": "object", "x-kubernetes-group-version-kind": []any{
				map[string]any{"group": gvk.Group, "version": gvk.Version, "kind": gvk.Kind}}}
		}
	}
	text, err := json.Marshal(map[string]any{"swagger": "2.0", "info": map[string]any{"title": "k", "version": "1"},
		"paths": map[string]any{}, "definitions": definitions})
	if err != nil {
		panic(err)
	}
	document, err := openapi.ParseDocument(text)
	if err != nil {
		panic(err)
	}
	models, err := proto.NewOpenAPIData(document)
	if err != nil {
		panic(err)
	}
	parser, err := managedfields.NewGVKParser(models, false)
	if err != nil {
		panic(err)
	}
	return parser
}
