// SPDX-License-Identifier: GPL-3.0-or-later

// Writes the answers of the real library for generated constraints: constraint, version and Y (allowed), N (not) or
// E (one of both cannot be read), separated by tabs. The first argument is the number of lines; the same every time.
package main

import (
	"bufio"
	"fmt"
	"math/rand"
	"os"
	"strconv"

	"github.com/Masterminds/semver/v3"
)

var (
	random     = rand.New(rand.NewSource(1))
	operators  = []string{"", "", "=", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^", "> ", ">= ", "^ "}
	wildcards  = []string{"0", "1", "2", "3", "10", "x", "X", "*", "01"}
	plain      = []string{"0", "1", "2", "3", "10", "11"}
	suffixes   = []string{"", "", "", "-0", "-rc.1", "-alpha", "-1.2", "-a-b", "+meta", "-rc.1+m", "-01"}
	separators = []string{" ", ", ", ",", " || ", "||", " - ", "  ", " , ", "-", "|"}
)

func pick(texts []string) string { return texts[random.Intn(len(texts))] }

func version(numbers []string) string {
	text := ""
	if random.Intn(4) == 0 {
		text = "v"
	}
	for i, count := 0, 1+random.Intn(3); i < count; i++ {
		if i > 0 {
			text += "."
		}
		text += pick(numbers)
	}
	return text + pick(suffixes)
}

func constraint() string {
	text := pick(operators) + version(wildcards)
	for k := random.Intn(4); k > 0; k-- {
		text += pick(separators) + pick(operators) + version(wildcards)
	}
	if random.Intn(10) == 0 {
		text = " " + text + " "
	}
	return text
}

func answer(constraintText, versionText string) string {
	constraint, err := semver.NewConstraint(constraintText)
	if err != nil {
		return "E"
	}
	version, err := semver.NewVersion(versionText)
	if err != nil {
		return "E"
	}
	if constraint.Check(version) {
		return "Y"
	}
	return "N"
}

func main() {
	count, err := strconv.Atoi(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for i := 0; i < count; i++ {
		constraintText, versionText := constraint(), version(plain)
		fmt.Fprintf(out, "%s\t%s\t%s\n", constraintText, versionText, answer(constraintText, versionText))
	}
}
