// SPDX-License-Identifier: GPL-3.0-or-later

// lua answers what scripts for health and resource actions say, as Argo CD's own interpreter.
//
// Requests on standard input, one JSON object a line:
//
//	{"mode": "health"|"discovery"|"action"|"value"|"load", "script": "…", "openLibs": false, "obj": {…}, "params": {…}}
//
// Answers on standard output, a line each: {"result": …} or {"error": "…"}. "health" gives {"status", "message"},
// "discovery" the table as returned, "action" [{"operation", "resource"}] before empty maps are found again, "value"
// what the script returned, "load" compiles only. "now" in an answer is the time in seconds that the script may have seen.
//
// With the argument -bench N each request is repeated N times and answered with {"nanoseconds": per run}, processor time.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	lua "github.com/yuin/gopher-lua"
	luajson "layeh.com/gopher-json"
)

type request struct {
	Mode     string            `json:"mode"`
	Script   string            `json:"script"`
	OpenLibs bool              `json:"openLibs"`
	Obj      any               `json:"obj"`
	Params   map[string]string `json:"params"`
}

type answer struct {
	Result json.RawMessage `json:"result,omitempty"`
	Error  string          `json:"error,omitempty"`
	Now    int64           `json:"now"`
}

var validStatus = map[string]bool{"Unknown": true, "Progressing": true, "Suspended": true, "Healthy": true,
	"Degraded": true, "Missing": true}

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

// openSafeOs leaves time and date of the operating system's library. They land in the table library too.
func openSafeOs(l *lua.LState) {
	l.CallByParam(lua.P{Fn: l.NewFunction(lua.OpenOs), NRet: 0, Protect: true}, lua.LString(lua.OsLibName))
	whole := l.GetGlobal(lua.OsLibName).(*lua.LTable)
	tableLib, _ := l.GetGlobal(lua.TabLibName).(*lua.LTable)
	for _, name := range []string{"time", "date"} {
		tableLib.RawSetString(name, whole.RawGetString(name))
	}
	time, date := whole.RawGetString("time"), whole.RawGetString("date")
	l.PreloadModule(lua.OsLibName, func(l *lua.LState) int {
		module := l.NewTable()
		module.RawSetString("time", time)
		module.RawSetString("date", date)
		l.Push(module)
		return 1
	})
}

func newState(openLibs bool) *lua.LState {
	l := lua.NewState(lua.Options{SkipOpenLibs: !openLibs})
	for _, library := range []struct {
		name string
		open lua.LGFunction
	}{{lua.LoadLibName, lua.OpenPackage}, {lua.BaseLibName, lua.OpenBase}, {lua.TabLibName, lua.OpenTable}} {
		if err := l.CallByParam(lua.P{Fn: l.NewFunction(library.open), NRet: 0, Protect: true},
			lua.LString(library.name)); err != nil {
			panic(err)
		}
	}
	wasOpen := l.GetGlobal(lua.OsLibName)
	openSafeOs(l)
	l.SetGlobal(lua.OsLibName, wasOpen)
	if loaded, ok := l.GetField(l.GetGlobal("package"), "loaded").(*lua.LTable); ok && !openLibs {
		loaded.RawSetString(lua.OsLibName, lua.LNil)
	}
	return l
}

func run(asked request) (json.RawMessage, error) {
	l := newState(asked.OpenLibs)
	defer l.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	l.SetContext(ctx)
	params := l.NewTable()
	for name, value := range asked.Params {
		params.RawSetString(name, lua.LString(value))
	}
	l.SetGlobal("actionParams", params)
	l.SetGlobal("obj", toLua(l, asked.Obj))
	fn, err := l.LoadString(asked.Script)
	if asked.Mode == "load" {
		return nil, err
	}
	if err == nil {
		l.Push(fn)
		err = l.PCall(0, lua.MultRet, nil)
	}
	var failed *lua.ApiError
	if errors.As(err, &failed) && failed.Type == lua.ApiErrorRun {
		failed.StackTrace = ""
	}
	if err != nil {
		return nil, err
	}
	value := l.Get(-1)
	if asked.Mode == "health" && value.Type() == lua.LTNil {
		return json.RawMessage(`{"status":"","message":""}`), nil
	}
	if asked.Mode != "value" && value.Type() != lua.LTTable {
		return nil, fmt.Errorf("expect table output from Lua script, not %s", value.Type())
	}
	text, err := luajson.Encode(value)
	if err != nil || asked.Mode == "value" || asked.Mode == "discovery" {
		return text, err
	}
	if asked.Mode == "action" {
		if strings.HasPrefix(string(text), "[") {
			return text, nil
		}
		return json.RawMessage(`[{"operation":"patch","resource":` + string(text) + `}]`), nil
	}
	health := struct {
		Status  string `json:"status"`
		Message string `json:"message"`
	}{}
	if err := json.Unmarshal(text, &health); err != nil {
		var typeError *json.UnmarshalTypeError
		if !errors.As(err, &typeError) {
			return nil, err
		}
		health.Status, health.Message = "", ""
	} else if !validStatus[health.Status] {
		health.Status, health.Message = "Unknown", "Lua returned an invalid health status"
	}
	encoded, err := json.Marshal(health)
	return encoded, err
}

// processorTime is what this process has used so far.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func main() {
	repeat := 0
	if len(os.Args) == 3 && os.Args[1] == "-bench" {
		repeat, _ = strconv.Atoi(os.Args[2])
	}
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	decoder := json.NewDecoder(in)
	decoder.UseNumber()
	for {
		var asked request
		if err := decoder.Decode(&asked); err != nil {
			return
		}
		if repeat > 0 {
			start := processorTime()
			for range repeat {
				if _, err := run(asked); err != nil {
					panic(err)
				}
			}
			out.Encode(map[string]int64{"nanoseconds": (processorTime() - start).Nanoseconds() / int64(repeat)})
			continue
		}
		given := answer{Now: time.Now().Unix()}
		result, err := run(asked)
		given.Result = result
		if err != nil {
			given.Error = err.Error()
		}
		out.Encode(given)
	}
}
