// SPDX-License-Identifier: GPL-3.0-or-later

// Executes template cases with Sprig and the functions that Helm's engine adds, on the libraries that Helm uses.
//
//	go run . -record FILE…   writes the outputs into files of cases (a JSON list, one case a line)
//	go run . -names          the names of Sprig's functions, one a line
//	go run . < cases         one case a line, one answer a line: what the differential test compares
//
// A case has name, template and data. Its answer is output or error.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"
	"text/template"

	"github.com/BurntSushi/toml"
	"github.com/Masterminds/sprig/v3"
	"sigs.k8s.io/yaml"
	pretty "sigs.k8s.io/yaml/goyaml.v3"
)

// What helm's pkg/engine/funcs.go adds or replaces, by what each does with its library.
func helmFunctions() template.FuncMap {
	functions := sprig.TxtFuncMap()
	delete(functions, "env")
	delete(functions, "expandenv")

	toYaml := func(v any) (string, error) {
		text, err := yaml.Marshal(v)
		return strings.TrimSuffix(string(text), "\n"), err
	}
	toJson := func(v any) (string, error) {
		text, err := json.Marshal(v)
		return string(text), err
	}
	toToml := func(v any) (string, error) {
		var out bytes.Buffer
		err := toml.NewEncoder(&out).Encode(v)
		return out.String(), err
	}
	swallowing := func(write func(any) (string, error)) func(any) string {
		return func(v any) string {
			text, err := write(v)
			if err != nil {
				return ""
			}
			return text
		}
	}
	panicking := func(write func(any) (string, error)) func(any) string {
		return func(v any) string {
			text, err := write(v)
			if err != nil {
				panic(err)
			}
			return text
		}
	}
	readMap := func(read func([]byte, any) error) func(string) map[string]any {
		return func(text string) map[string]any {
			m := map[string]any{}
			if err := read([]byte(text), &m); err != nil {
				m["Error"] = err.Error()
			}
			return m
		}
	}
	readList := func(read func([]byte, any) error) func(string) []any {
		return func(text string) []any {
			l := []any{}
			if err := read([]byte(text), &l); err != nil {
				l = []any{err.Error()}
			}
			return l
		}
	}
	readYaml := func(text []byte, into any) error { return yaml.Unmarshal(text, into) }

	functions["toYaml"] = swallowing(toYaml)
	functions["mustToYaml"] = panicking(toYaml)
	functions["toJson"] = swallowing(toJson)
	functions["mustToJson"] = panicking(toJson)
	functions["mustToToml"] = panicking(toToml)
	functions["toToml"] = func(v any) string {
		text, err := toToml(v)
		if err != nil {
			return err.Error()
		}
		return text
	}
	functions["toYamlPretty"] = swallowing(func(v any) (string, error) {
		var out bytes.Buffer
		encoder := pretty.NewEncoder(&out)
		encoder.SetIndent(2)
		err := encoder.Encode(v)
		return strings.TrimSuffix(out.String(), "\n"), err
	})
	functions["fromYaml"] = readMap(readYaml)
	functions["fromYamlArray"] = readList(readYaml)
	functions["fromJson"] = readMap(json.Unmarshal)
	functions["fromJsonArray"] = readList(json.Unmarshal)
	functions["fromToml"] = readMap(toml.Unmarshal)
	functions["required"] = func(message string, v any) (any, error) {
		if v == nil || v == "" {
			return nil, errors.New(message)
		}
		return v, nil
	}
	return functions
}

type Case struct {
	Name     string `json:"name,omitempty"`
	Template string `json:"template"`
	Data     any    `json:"data,omitempty"`
	Output   string `json:"output,omitempty"`
	Error    string `json:"error,omitempty"`
}

func run(c *Case) {
	c.Output, c.Error = "", ""
	set, err := template.New("main").Funcs(helmFunctions()).Option("missingkey=zero").Parse(c.Template)
	if err != nil {
		c.Error = err.Error()
		return
	}
	var out bytes.Buffer
	if err := set.Execute(&out, c.Data); err != nil {
		c.Error = err.Error()
		return
	}
	c.Output = out.String()
}

func text(value any) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err)
	}
	return string(bytes.TrimSuffix(out.Bytes(), []byte("\n")))
}

func record(path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var cases []Case
	if err := json.Unmarshal(content, &cases); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	var out bytes.Buffer
	out.WriteString("[\n")
	for i := range cases {
		run(&cases[i])
		out.WriteString(text(cases[i]))
		if i+1 < len(cases) {
			out.WriteByte(',')
		}
		out.WriteByte('\n')
	}
	out.WriteString("]\n")
	return os.WriteFile(path, out.Bytes(), 0o644)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func names() {
	var list []string
	for name := range sprig.GenericFuncMap() {
		list = append(list, name)
	}
	sort.Strings(list)
	for _, name := range list {
		fmt.Println(name)
	}
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "-names" {
		names()
		return
	}
	if len(os.Args) > 1 && os.Args[1] == "-record" {
		for _, path := range os.Args[2:] {
			if err := record(path); err != nil {
				fail(err)
			}
		}
		return
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var c Case
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			fail(err)
		}
		run(&c)
		fmt.Println(text(Case{Output: c.Output, Error: c.Error}))
	}
}
