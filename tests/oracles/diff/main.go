// SPDX-License-Identifier: GPL-3.0-or-later

// Answers comparison questions with the real libraries: one JSON request a line in, one JSON answer a line out.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/argoproj/gitops-engine/pkg/diff"
	gescheme "github.com/argoproj/gitops-engine/pkg/utils/kube/scheme"
	"github.com/itchyny/gojq"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/jsonmergepatch"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"k8s.io/client-go/kubernetes/scheme"
)

type request struct {
	Op       string          `json:"op"`
	Target   json.RawMessage `json:"target"`
	Live     json.RawMessage `json:"live"`
	Original json.RawMessage `json:"original"`
	Smd      bool            `json:"smd"`
	Manager  string          `json:"manager"`
	Program  string          `json:"program"`
	// IgnoreAggregatedRoles is the compare option of the same name.
	IgnoreAggregatedRoles bool `json:"ignoreAggregatedRoles"`
}

type answer struct {
	Error          string          `json:"error,omitempty"`
	Modified       bool            `json:"modified"`
	NormalizedLive json.RawMessage `json:"normalizedLive,omitempty"`
	PredictedLive  json.RawMessage `json:"predictedLive,omitempty"`
	Value          json.RawMessage `json:"value,omitempty"`
}

func objectOf(raw json.RawMessage) *unstructured.Unstructured {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	object := &unstructured.Unstructured{}
	if err := json.Unmarshal(raw, object); err != nil {
		panic(err)
	}
	return object
}

func gvkOf(raw json.RawMessage) schema.GroupVersionKind {
	return objectOf(raw).GroupVersionKind()
}

func newTyped(raw json.RawMessage) (runtime.Object, error) {
	return scheme.Scheme.New(gvkOf(raw))
}

func patchOf(r request) ([]byte, error) {
	typed, err := newTyped(r.Target)
	if err != nil {
		return jsonmergepatch.CreateThreeWayJSONMergePatch(r.Original, r.Target, r.Live)
	}
	meta, err := strategicpatch.NewPatchMetaFromStruct(typed)
	if err != nil {
		return nil, err
	}
	return strategicpatch.CreateThreeWayMergePatch(r.Original, r.Target, r.Live, meta, true)
}

func defaultsOf(r request) ([]byte, error) {
	typed, err := newTyped(r.Live)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(r.Live, typed); err != nil {
		return nil, err
	}
	gescheme.Scheme.Default(typed)
	return json.Marshal(typed)
}

func deletedByJq(r request) ([]byte, error) {
	query, err := gojq.Parse("del(" + r.Program + ")")
	if err != nil {
		return nil, err
	}
	var value any
	if err := json.Unmarshal(r.Live, &value); err != nil {
		return nil, err
	}
	iterator := query.Run(value)
	first, ok := iterator.Next()
	if !ok {
		return nil, errors.New("no value")
	}
	if err, isError := first.(error); isError {
		return nil, err
	}
	return json.Marshal(first)
}

func answerTo(r request, builtIn *managedfields.GvkParser) (a answer) {
	defer func() {
		if fault := recover(); fault != nil {
			a = answer{Error: fmt.Sprint(fault)}
		}
	}()
	var err error
	switch r.Op {
	case "diff":
		// Without a parser of a cluster, custom resources are merged by what their values show.
		var parser *managedfields.GvkParser
		if _, known := newTyped(r.Target); known == nil {
			parser = builtIn
		}
		result, failed := diff.Diff(objectOf(r.Target), objectOf(r.Live), diff.WithStructuredMergeDiff(r.Smd),
			diff.WithManager(r.Manager), diff.WithGVKParser(parser), diff.IgnoreAggregatedRoles(r.IgnoreAggregatedRoles))
		if failed != nil {
			return answer{Error: failed.Error()}
		}
		return answer{Modified: result.Modified, NormalizedLive: result.NormalizedLive, PredictedLive: result.PredictedLive}
	case "patch":
		a.Value, err = patchOf(r)
	case "apply":
		var typed runtime.Object
		if typed, err = newTyped(r.Live); err == nil {
			a.Value, err = strategicpatch.StrategicMergePatch(r.Live, r.Target, typed)
		}
	case "defaults":
		a.Value, err = defaultsOf(r)
	case "jq":
		a.Value, err = deletedByJq(r)
	default:
		err = errors.New("unknown op " + r.Op)
	}
	if err != nil {
		return answer{Error: err.Error()}
	}
	return a
}

func main() {
	lines := bufio.NewReader(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	builtIn := builtInParser()
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 1 {
			var r request
			if failed := json.Unmarshal(line, &r); failed != nil {
				_ = encoder.Encode(answer{Error: failed.Error()})
			} else {
				_ = encoder.Encode(answerTo(r, builtIn))
			}
			_ = out.Flush()
		}
		if err != nil {
			return
		}
	}
}
