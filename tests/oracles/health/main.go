// SPDX-License-Identifier: GPL-3.0-or-later

// health answers what the built-in health checks say about objects.
//
// Requests on standard input: one JSON object a line. Answers on standard output, a line each: null for a kind without
// check, else {"status": …, "message": …}, with "failed": true where the check failed.
package main

import (
	"bufio"
	"encoding/json"
	"os"

	"github.com/argoproj/gitops-engine/pkg/health"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type answer struct {
	Status  string `json:"status"`
	Message string `json:"message"`
	Failed  bool   `json:"failed,omitempty"`
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for in.Scan() {
		object := &unstructured.Unstructured{}
		if err := object.UnmarshalJSON(in.Bytes()); err != nil {
			panic(err)
		}
		status, err := health.GetResourceHealth(object, nil)
		if status == nil {
			_ = encoder.Encode(nil)
			continue
		}
		_ = encoder.Encode(answer{string(status.Status), status.Message, err != nil})
	}
}
