// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"fmt"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
)

// What the destinations of a generated VirtualService lead to.
type targets struct {
	canary, stable string
	hasRule        bool
}

func host(name string) string {
	return name + oneOf("", "", "."+space, "."+space+".svc.cluster.local")
}

func destination(name, subset string, share int) object {
	to := object{"host": host(name)}
	if subset != "" {
		to["subset"] = subset
	}
	if oneIn(2) {
		to["port"] = object{"number": 80 + pick(2)}
	}
	result := object{"destination": to}
	if share != 0 || oneIn(2) {
		result["weight"] = share
	}
	return result
}

func destinations(to targets) []any {
	canarySubset, stableSubset := "", ""
	if to.hasRule {
		canarySubset, stableSubset = "canary", "stable"
	}
	share := pick(5) * 25
	result := []any{destination(to.stable, stableSubset, 100-share), destination(to.canary, canarySubset, share)}
	if oneIn(2) {
		result[0], result[1] = result[1], result[0]
	}
	if oneIn(15) {
		result = result[1:]
	}
	if to.hasRule && oneIn(3) {
		result = append(result, destination("else", "extra", pick(20)))
	} else if oneIn(5) {
		// The real router takes away the wrong one of two, or if anything comes after it.
		result = append(result, destination("stranger", "", pick(20)))
	}
	return result
}

func httpRoutes(to targets) []any {
	names := [][]string{{""}, {"primary"}, {"primary", "secondary"}, {"primary", ""}, {"", "primary", "secondary"}}[pick(5)]
	routes := []any{}
	for _, name := range names {
		route := object{"route": destinations(to)}
		if name != "" {
			route["name"] = name
		}
		if oneIn(3) {
			route["match"] = []any{object{"uri": object{"prefix": "/"}}}
		}
		if oneIn(3) {
			route["timeout"] = "5s"
		}
		routes = append(routes, route)
	}
	return routes
}

func streamRoutes(to targets, isTls bool) []any {
	routes := []any{}
	for i := 0; i <= pick(2); i++ {
		match := object{"port": 3000 + i}
		if isTls {
			match["sniHosts"] = []any{"a.example", fmt.Sprintf("b%d.example", i)}
		}
		route := object{"route": destinations(to)}
		if !oneIn(5) {
			route["match"] = []any{match}
		}
		routes = append(routes, route)
	}
	return routes
}

func virtualService(name string, to targets) object {
	spec := object{"hosts": []any{"shop.example"}}
	if !oneIn(4) {
		spec["http"] = httpRoutes(to)
	}
	if oneIn(4) {
		spec["tls"] = streamRoutes(to, true)
	}
	if oneIn(4) {
		spec["tcp"] = streamRoutes(to, false)
	}
	return custom("networking.istio.io/v1alpha3", "VirtualService", name, spec)
}

func virtualServiceReference(name string) object {
	reference := object{"name": name + oneOf("", "", "."+space)}
	if oneIn(2) {
		reference["routes"] = [][]any{{"primary"}, {"primary", "secondary"}, {"secondary"}}[pick(3)]
	}
	if oneIn(3) {
		reference["tlsRoutes"] = []any{object{"port": 3000 + pick(2), "sniHosts": []any{"b0.example", "a.example"}}}
	}
	if oneIn(3) {
		reference["tcpRoutes"] = []any{object{"port": 3000 + pick(2)}}
	}
	return reference
}

func destinationRule() object {
	subset := func(name string) object {
		result := object{"name": name, "labels": object{"app": "demo"}}
		if oneIn(3) {
			result["labels"].(object)["rollouts-pod-template-hash"] = oneOf("h1", "h2", "h3")
		}
		if oneIn(3) {
			result["trafficPolicy"] = object{"tls": object{"mode": "DISABLE"}}
		}
		return result
	}
	subsets := []any{subset("stable"), subset("canary")}
	if oneIn(3) {
		subsets = append(subsets, subset("extra"))
	}
	held := custom("networking.istio.io/v1alpha3", "DestinationRule", "rule", object{"host": oneOf("root", "root."+space), "subsets": subsets})
	if oneIn(2) {
		held["metadata"].(object)["annotations"] = object{"note": "kept"}
	}
	return held
}

func mirrorStep() object {
	step := object{"name": "m"}
	if oneIn(4) {
		return step
	}
	match := object{}
	if oneIn(2) {
		match["method"] = object{"exact": "GET"}
	}
	if oneIn(2) {
		match["path"] = object{oneOf("prefix", "regex"): "/a"}
	}
	if oneIn(2) {
		match["headers"] = object{"agent": object{"exact": "chrome"}, "x": object{"prefix": "y"}}
	}
	step["match"] = []any{match}
	if oneIn(2) {
		step["percentage"] = 1 + pick(100)
	}
	return step
}

func generateIstio(held *scenario) {
	to := targets{canary: "c", stable: "s", hasRule: oneIn(2)}
	settings := object{}
	routing := object{"istio": settings}
	held.Rollout = rolloutWith(routing)
	canary := canaryOf(held.Rollout)
	switch pick(4) {
	case 0:
		delete(canary, "canaryService")
		delete(canary, "stableService")
		if to.hasRule {
			to.canary, to.stable = "root", "root"
		} else {
			canary["pingPong"] = object{"pingService": "c", "pongService": "s"}
			held.Rollout["status"] = object{"canary": object{"stablePingPong": oneOf("ping", "pong")}}
		}
	}
	names := []string{"main"}
	if oneIn(4) {
		names = append(names, "other")
		settings["virtualServices"] = []any{virtualServiceReference("main"), virtualServiceReference("other")}
	} else {
		settings["virtualService"] = virtualServiceReference("main")
	}
	for _, name := range names {
		if !oneIn(20) {
			held.Objects = append(held.Objects, virtualService(name, to))
		}
	}
	if to.hasRule {
		rule := object{"name": "rule", "canarySubsetName": "canary", "stableSubsetName": "stable"}
		if oneIn(2) {
			rule["additionalSubsetNames"] = []any{"extra"}
		}
		settings["destinationRule"] = rule
		if !oneIn(15) {
			held.Objects = append(held.Objects, destinationRule())
		}
	}
	if oneIn(2) {
		routing["managedRoutes"] = []any{object{"name": "h"}, object{"name": "m"}}
	}
	held.ReplicaSets = []replicaSet{{"demo-h1", "h1", 4, int32(4 - pick(8)/7)}, {"demo-h2", "h2", int32(pick(3)), int32(pick(3))}}
	generateIstioCalls(held, routing["managedRoutes"] != nil)
}

func generateIstioCalls(held *scenario, isManaged bool) {
	var experiment []v1alpha1.WeightDestination
	for i := 1 + pick(5); i > 0; i-- {
		kind := pick(6)
		if !isManaged && kind > 2 {
			kind = 0
		}
		switch kind {
		case 0, 1:
			experiment = additional(1)
			held.Calls = append(held.Calls, call{Call: "setWeight", Weight: weight(), Additional: experiment})
		case 2:
			held.Calls = append(held.Calls, call{Call: "updateHash", Canary: oneOf("h1", "h2", ""), Stable: "h1", Additional: experiment})
		case 3:
			held.Calls = append(held.Calls, call{Call: "setHeaderRoute", Step: headerStep("h", "exact", "prefix", "regex")})
		case 4:
			held.Calls = append(held.Calls, call{Call: "setMirrorRoute", Step: mirrorStep()})
		default:
			held.Calls = append(held.Calls, call{Call: "removeManagedRoutes"})
		}
	}
}
