// SPDX-License-Identifier: GPL-3.0-or-later

// Writes what the traffic routers of the real controller make of generated objects: a line of JSON for each case, with
// the Rollout, the objects before, the calls, and the objects after. Arguments: a router ("istio", …), the number of
// cases, and optionally a seed; the same every time.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"os"
	"strconv"

	"github.com/sirupsen/logrus"
	"k8s.io/klog/v2"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
)

type object = map[string]any

// One call of a router.
type call struct {
	Call       string                       `json:"call"`
	Weight     int32                        `json:"weight,omitempty"`
	Canary     string                       `json:"canary,omitempty"`
	Stable     string                       `json:"stable,omitempty"`
	Additional []v1alpha1.WeightDestination `json:"additional,omitempty"`
	Step       object                       `json:"step,omitempty"`
}

type replicaSet struct {
	Name      string `json:"name"`
	Hash      string `json:"hash"`
	Replicas  int32  `json:"replicas"`
	Available int32  `json:"available"`
}

type scenario struct {
	Router      string       `json:"router"`
	Rollout     object       `json:"rollout"`
	Objects     []object     `json:"objects"`
	ReplicaSets []replicaSet `json:"replicaSets,omitempty"`
	Calls       []call       `json:"calls"`
	// Of the call that failed, "" if none did; the calls after it are not made.
	Error  string   `json:"error"`
	Result []object `json:"result"`
}

// Members in which the results are compared.
func essential(held object) object {
	metadata, _ := held["metadata"].(object)
	result := object{"kind": held["kind"], "name": metadata["name"], "namespace": metadata["namespace"]}
	for _, key := range []string{"labels", "annotations", "ownerReferences"} {
		switch part := metadata[key].(type) {
		case object:
			if len(part) > 0 {
				result[key] = part
			}
		case []any:
			if len(part) > 0 {
				result[key] = part
			}
		}
	}
	result["spec"] = held["spec"]
	return result
}

func plain(value any) object {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	var result object
	if err := json.Unmarshal(text, &result); err != nil {
		panic(err)
	}
	return result
}

// False if the real router panicked.
func run(held *scenario) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	var rollout v1alpha1.Rollout
	text, _ := json.Marshal(held.Rollout)
	if err := json.Unmarshal(text, &rollout); err != nil {
		panic(err)
	}
	world := newWorld(&rollout, held)
	for _, next := range held.Calls {
		if err := world.make(next); err != nil {
			held.Error = err.Error()
			break
		}
	}
	held.Result = world.result()
	return true
}

func main() {
	logrus.SetOutput(io.Discard)
	klog.SetOutput(io.Discard)
	klog.LogToStderr(false)
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: oracle-routers ROUTER CASES [SEED]")
		os.Exit(2)
	}
	count, _ := strconv.Atoi(os.Args[2])
	seed := int64(1)
	if len(os.Args) > 3 {
		seed, _ = strconv.ParseInt(os.Args[3], 10, 64)
	}
	random = rand.New(rand.NewSource(seed))
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	for written := 0; written < count; {
		held := generate(os.Args[1])
		if !run(&held) {
			continue
		}
		if err := encoder.Encode(held); err != nil {
			panic(err)
		}
		written++
	}
}
