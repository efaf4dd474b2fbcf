// SPDX-License-Identifier: GPL-3.0-or-later

// helmengine CHART...: milliseconds of processor time that Helm's own engine takes to render a chart that is loaded
// already, once values are composed for each rendering: the texts, and the texts with their documents sorted.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
)

const leastMilliseconds = 300

func processorMilliseconds() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	of := func(t syscall.Timeval) float64 { return float64(t.Sec)*1000 + float64(t.Usec)/1000 }
	return of(usage.Utime) + of(usage.Stime)
}

// best gives the shortest of three measurements of work.
func best(work func() error) (float64, error) {
	shortest := 0.0
	for range 3 {
		start, runs, spent := processorMilliseconds(), 0, 0.0
		for spent < leastMilliseconds {
			if err := work(); err != nil {
				return 0, err
			}
			runs++
			spent = processorMilliseconds() - start
		}
		if each := spent / float64(runs); shortest == 0 || each < shortest {
			shortest = each
		}
	}
	return shortest, nil
}

func measure(folder string) error {
	chart, err := loader.LoadDir(folder)
	if err != nil {
		return err
	}
	render := func() (map[string]string, error) {
		values, err := util.ToRenderValues(chart, map[string]any{},
			common.ReleaseOptions{Name: "bench", Namespace: "default", Revision: 1, IsInstall: true}, nil)
		if err != nil {
			return nil, err
		}
		return engine.Render(chart, values)
	}
	texts, err := best(func() error {
		_, err := render()
		return err
	})
	if err != nil {
		return err
	}
	sorted, err := best(func() error {
		files, err := render()
		if err != nil {
			return err
		}
		for name := range files {
			if filepath.Ext(name) == ".tpl" {
				delete(files, name)
			}
		}
		_, _, err = releaseutil.SortManifests(files, nil, releaseutil.InstallOrder)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Printf("| %s | %.3f ms | %.3f ms |\n", filepath.Base(folder), texts, sorted)
	return nil
}

func main() {
	fmt.Println("| Helm's engine inside one process, processor time | texts | documents sorted |\n|---|---|---|")
	for _, folder := range os.Args[1:] {
		if err := measure(folder); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", folder, err)
			os.Exit(1)
		}
	}
}
