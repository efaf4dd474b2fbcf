// SPDX-License-Identifier: GPL-3.0-or-later

// Executes template cases with Go's text/template.
//
//	go run . -record FILE…   writes the outputs into files of cases (a JSON list)
//	go run . < cases         one case a line, one answer a line: what the differential test compares
//
// A case has name, template (or templates: further texts by name, read first), data, missingkey, left, right. Its answer
// is output or error.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/template"
)

type Text struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

type Case struct {
	Name       string `json:"name"`
	Templates  []Text `json:"templates,omitempty"`
	Template   string `json:"template"`
	Data       any    `json:"data,omitempty"`
	MissingKey string `json:"missingkey,omitempty"`
	Left       string `json:"left,omitempty"`
	Right      string `json:"right,omitempty"`
	Output     string `json:"output,omitempty"`
	Error      string `json:"error,omitempty"`
}

type values map[string]any

func (v values) Keys() int                          { return len(v) }
func (v values) Join(sep string, n int) string      { return strings.Repeat(fmt.Sprint(len(v))+sep, n) }
func (v values) Broken() (string, error)            { return "", errors.New("broken method") }
func (v values) Many(first string, more ...any) int { return len(first) + len(more) }

type day int

func (d day) String() string { return fmt.Sprintf("day %d", int(d)) }

// Functions of other shapes than the built-in ones.
func functions(set **template.Template) template.FuncMap {
	return template.FuncMap{
		"list":    func(items ...any) []any { return items },
		"strings": func(items ...string) []string { return items },
		"dict": func(items ...any) map[string]any {
			m := map[string]any{}
			for i := 0; i+1 < len(items); i += 2 {
				m[fmt.Sprint(items[i])] = items[i+1]
			}
			return m
		},
		"set":    func(m map[string]any, key string, value any) map[string]any { m[key] = value; return m },
		"values": func(m map[string]any) values { return m },
		"words": func(m map[string]any) map[string]string {
			r := map[string]string{}
			for k := range m {
				r[k] = k + k
			}
			return r
		},
		"upper":    strings.ToUpper,
		"repeat":   func(n int, s string) string { return strings.Repeat(s, n) },
		"half":     func(f float64) float64 { return f / 2 },
		"negate":   func(b bool) bool { return !b },
		"unsigned": func(u uint64) uint64 { return u },
		"small":    func(n int32) int32 { return n },
		"long":     func(n int64) int64 { return n },
		"bytes":    func(s string) []byte { return []byte(s) },
		"nothing":  func() any { return nil },
		"nilList":  func() []any { return nil },
		"nilMap":   func() map[string]any { return nil },
		"countAll": func(items []any) int { return len(items) },
		"fault":    func(text string) any { return errors.New(text) },
		"fail":     func(text string) (string, error) { return "", errors.New(text) },
		"day":      func(n int) day { return day(n) },
		"single":   func(f float64) float32 { return float32(f) },
		"include": func(name string, data any) (string, error) {
			var out strings.Builder
			err := (*set).ExecuteTemplate(&out, name, data)
			return out.String(), err
		},
	}
}

func run(c *Case) {
	c.Output, c.Error = "", ""
	var set *template.Template
	set = template.New("root").Delims(c.Left, c.Right).Funcs(functions(&set))
	if c.MissingKey != "" {
		set.Option("missingkey=" + c.MissingKey)
	}
	for _, text := range append(c.Templates, Text{"main", c.Template}) {
		if _, err := set.New(text.Name).Parse(text.Text); err != nil {
			c.Error = err.Error()
			return
		}
	}
	var out bytes.Buffer
	if err := set.ExecuteTemplate(&out, "main", c.Data); err != nil {
		c.Error = err.Error()
		return
	}
	c.Output = out.String()
}

func record(path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var cases []Case
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&cases); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	var out bytes.Buffer
	out.WriteString("[\n")
	for i := range cases {
		run(&cases[i])
		var line bytes.Buffer
		encoder := json.NewEncoder(&line)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(cases[i]); err != nil {
			return err
		}
		text := strings.TrimSuffix(line.String(), "\n")
		if i+1 < len(cases) {
			text += ","
		}
		out.WriteString(text + "\n")
	}
	out.WriteString("]\n")
	return os.WriteFile(path, out.Bytes(), 0o644)
}

func answer() error {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<26)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	for in.Scan() {
		var c Case
		if err := json.Unmarshal(in.Bytes(), &c); err != nil {
			return err
		}
		run(&c)
		if err := encoder.Encode(map[string]string{"output": c.Output, "error": c.Error}); err != nil {
			return err
		}
	}
	return in.Err()
}

func main() {
	var err error
	if len(os.Args) > 1 && os.Args[1] == "-record" {
		for _, path := range os.Args[2:] {
			err = errors.Join(err, record(path))
		}
	} else {
		err = answer()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
