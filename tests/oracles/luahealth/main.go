// SPDX-License-Identifier: GPL-3.0-or-later

// luahealth answers what the health scripts below a folder say about objects.
//
// Argument: the folder (resource_customizations of a checkout). Requests on standard input: one JSON object a line.
// Answers on standard output, a line each: null for a kind without script, else {"status": …, "message": …}, with
// "failed": true where the script failed. With -bench after the folder: one answer, how many of the objects have a script and how
// many nanoseconds of wall time each took, decoding not counted.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"
	luajson "layeh.com/gopher-json"
)

type answer struct {
	Status  string `json:"status"`
	Message string `json:"message"`
	Failed  bool   `json:"failed,omitempty"`
}

var valid = []string{"Unknown", "Progressing", "Suspended", "Healthy", "Degraded", "Missing"}

// toLua makes numbers of all kinds Lua numbers; nulls vanish.
func toLua(l *lua.LState, value any) lua.LValue {
	switch v := value.(type) {
	case bool:
		return lua.LBool(v)
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return lua.LNumber(i)
		}
		f, _ := v.Float64()
		return lua.LNumber(f)
	case string:
		return lua.LString(v)
	case []any:
		list := l.CreateTable(len(v), 0)
		for _, item := range v {
			list.Append(toLua(l, item))
		}
		return list
	case map[string]any:
		table := l.CreateTable(0, len(v))
		for key, item := range v {
			table.RawSetH(lua.LString(key), toLua(l, item))
		}
		return table
	}
	return lua.LNil
}

type scripts struct {
	root      string
	wildcards []string
	cache     map[string]string
}

func load(root string) *scripts {
	s := &scripts{root: root, cache: map[string]string{}}
	paths, _ := filepath.Glob(filepath.Join(root, "*", "*", "health.lua"))
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			panic(err)
		}
		name, _ := filepath.Rel(root, filepath.Dir(path))
		s.cache[name] = string(text)
		if strings.Contains(name, "_") {
			s.wildcards = append(s.wildcards, name)
		}
	}
	slices.Sort(s.wildcards)
	return s
}

func (s *scripts) find(group, kind string) string {
	name := group + "/" + kind
	if group == "" {
		name = kind
	}
	if text, ok := s.cache[name]; ok {
		return text
	}
	for _, wildcard := range s.wildcards {
		if ok, _ := filepath.Match(strings.ReplaceAll(wildcard, "_", "*"), name); ok {
			return s.cache[wildcard]
		}
	}
	return ""
}

// of is the script for an object, empty without.
func (s *scripts) of(object map[string]any) string {
	version, _ := object["apiVersion"].(string)
	kind, _ := object["kind"].(string)
	group := ""
	if slash := strings.Index(version, "/"); slash >= 0 {
		group = version[:slash]
	}
	return s.find(group, kind)
}

func run(script string, object map[string]any) (*answer, error) {
	l := lua.NewState()
	defer l.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	l.SetContext(ctx)
	l.SetGlobal("obj", toLua(l, object))
	if err := l.DoString(script); err != nil {
		var raised *lua.ApiError
		if errors.As(err, &raised) {
			raised.StackTrace = ""
		}
		return nil, err
	}
	result := l.Get(-1)
	if result.Type() == lua.LTNil {
		return &answer{}, nil
	}
	if result.Type() != lua.LTTable {
		return nil, fmt.Errorf("expect table output from Lua script, not %s", result.Type())
	}
	text, err := luajson.Encode(result)
	if err != nil {
		return nil, err
	}
	health := &answer{}
	if err := json.Unmarshal(text, health); err != nil {
		var typed *json.UnmarshalTypeError
		if errors.As(err, &typed) {
			return &answer{}, nil
		}
		return nil, err
	}
	if !slices.Contains(valid, health.Status) {
		return &answer{Status: "Unknown", Message: "Lua returned an invalid health status"}, nil
	}
	return health, nil
}

// bench judges each object that has a script once.
func bench(known *scripts, objects []map[string]any) {
	judged := 0
	start := time.Now()
	for _, object := range objects {
		if script := known.of(object); script != "" {
			_, _ = run(script, object)
			judged++
		}
	}
	fmt.Printf("%d %d\n", judged, time.Since(start).Nanoseconds()/int64(max(judged, 1)))
}

func main() {
	known := load(os.Args[1])
	timed := len(os.Args) > 2 && os.Args[2] == "-bench"
	var objects []map[string]any
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for in.Scan() {
		decoder := json.NewDecoder(strings.NewReader(in.Text()))
		decoder.UseNumber()
		object := map[string]any{}
		if err := decoder.Decode(&object); err != nil {
			panic(err)
		}
		if timed {
			objects = append(objects, object)
			continue
		}
		script := known.of(object)
		if script == "" {
			_ = encoder.Encode(nil)
			continue
		}
		health, err := run(script, object)
		if err != nil {
			health = &answer{"Unknown", err.Error(), true}
		}
		_ = encoder.Encode(health)
	}
	if timed {
		bench(known, objects)
	}
}
