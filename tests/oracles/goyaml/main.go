// SPDX-License-Identifier: GPL-3.0-or-later

// goyaml answers what sigs.k8s.io/yaml makes of a text.
//
// Requests on standard input: one letter and the length of the text in decimal, a line feed, the text.
//
//	j  YAML to JSON                        s  the same, strict about duplicate keys
//	y  JSON to YAML, as Marshal prints it  n  JSON to JSON, numbers kept as Go keeps them
//
// Answers on standard output: "+" or "-" (an error), the length in decimal, a line feed, the text.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"sigs.k8s.io/yaml"
)

func answer(kind byte, text []byte) (out []byte, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("panic: %v", problem)
		}
	}()
	switch kind {
	case 'j':
		return yaml.YAMLToJSON(text)
	case 's':
		return yaml.YAMLToJSONStrict(text)
	case 'y':
		value, err := decoded(text)
		if err != nil {
			return nil, err
		}
		return yaml.Marshal(value)
	case 'n':
		value, err := decoded(text)
		if err != nil {
			return nil, err
		}
		return json.Marshal(value)
	}
	return nil, fmt.Errorf("unknown request %q", kind)
}

func decoded(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	return value, nil
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	for {
		var kind byte
		var size int
		if _, err := fmt.Fscanf(in, "%c %d\n", &kind, &size); err != nil {
			if err == io.EOF {
				return
			}
			fmt.Fprintln(os.Stderr, "goyaml: bad request:", err)
			os.Exit(2)
		}
		text := make([]byte, size)
		if _, err := io.ReadFull(in, text); err != nil {
			fmt.Fprintln(os.Stderr, "goyaml: request cut short:", err)
			os.Exit(2)
		}
		reply, err := answer(kind, text)
		sign := byte('+')
		if err != nil {
			sign, reply = '-', []byte(err.Error())
		}
		fmt.Fprintf(out, "%c%d\n", sign, len(reply))
		out.Write(reply)
		// A caller that waits for each answer gets it; one that sends many gets them in large pieces.
		if in.Buffered() == 0 {
			out.Flush()
		}
	}
}
