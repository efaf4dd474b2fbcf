// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"fmt"
	"math/rand"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
)

var random *rand.Rand

const (
	space     = "shop"
	ownerName = "demo"
	ownerUid  = "uid-demo"
)

func pick(below int) int { return random.Intn(below) }

// True in one of n cases.
func oneIn(n int) bool { return random.Intn(n) == 0 }

func oneOf(texts ...string) string { return texts[random.Intn(len(texts))] }

func custom(apiVersion, kind, name string, spec object) object {
	return object{"apiVersion": apiVersion, "kind": kind, "metadata": object{"name": name, "namespace": space}, "spec": spec}
}

func owned(held object) object {
	held["metadata"].(object)["ownerReferences"] = []any{object{
		"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": ownerName, "uid": ownerUid, "controller": true, "blockOwnerDeletion": true}}
	return held
}

func weight() int32 { return int32([]int{0, 5, 10, 20, 25, 33, 50, 75, 99, 100}[pick(10)]) }

func additional(most int) []v1alpha1.WeightDestination {
	var result []v1alpha1.WeightDestination
	for i := pick(most + 1); i > 0; i-- {
		result = append(result, v1alpha1.WeightDestination{ServiceName: fmt.Sprintf("e%d", i), PodTemplateHash: fmt.Sprintf("hash%d", i), Weight: int32(pick(4) * 5)})
	}
	return result
}

func headerStep(name string, kinds ...string) object {
	step := object{"name": name}
	if oneIn(4) {
		return step
	}
	matches := []any{}
	for i := 0; i <= pick(3); i++ {
		matches = append(matches, object{"headerName": oneOf("agent", "x-team"), "headerValue": object{oneOf(kinds...): oneOf("chrome", "a.*", "blue")}})
	}
	step["match"] = matches
	return step
}

func rolloutWith(routing object) object {
	canary := object{"canaryService": "c", "stableService": "s", "trafficRouting": routing}
	return object{
		"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout",
		"metadata": object{"name": ownerName, "namespace": space, "uid": ownerUid, "annotations": object{}},
		"spec":     object{"replicas": 4, "strategy": object{"canary": canary}},
		"status":   object{},
	}
}

func canaryOf(rollout object) object {
	return rollout["spec"].(object)["strategy"].(object)["canary"].(object)
}

func weights(count int, most int) []call {
	var calls []call
	for i := 0; i < count; i++ {
		calls = append(calls, call{Call: "setWeight", Weight: weight(), Additional: additional(most)})
	}
	return calls
}

func generate(router string) scenario {
	held := scenario{Router: router}
	switch router {
	case "istio":
		generateIstio(&held)
	case "nginx":
		generateNginx(&held)
	case "alb":
		generateAlb(&held)
	case "smi":
		generateSmi(&held)
	case "ambassador":
		generateAmbassador(&held)
	case "traefik":
		generateTraefik(&held)
	case "apisix":
		generateApisix(&held)
	case "appMesh":
		generateAppMesh(&held)
	default:
		panic("no such router: " + router)
	}
	return held
}

func ingress(name string, services ...string) object {
	rules := []any{}
	for i := 0; i <= pick(2); i++ {
		paths := []any{}
		for j := 0; j <= pick(3); j++ {
			paths = append(paths, object{"path": oneOf("/", "/a", "/b"), "pathType": "Prefix",
				"backend": object{"service": object{"name": oneOf(services...), "port": object{"number": 80}}}})
		}
		rules = append(rules, object{"host": oneOf("a.example", "b.example"), "http": object{"paths": paths}})
	}
	held := custom("networking.k8s.io/v1", "Ingress", name, object{"rules": rules})
	if oneIn(2) {
		held["spec"].(object)["ingressClassName"] = "nginx"
	}
	if oneIn(3) {
		held["spec"].(object)["tls"] = []any{object{"hosts": []any{"a.example"}, "secretName": "cert"}}
	}
	annotations := object{"note": "kept"}
	if oneIn(3) {
		annotations["kubernetes.io/ingress.class"] = "nginx"
	}
	held["metadata"].(object)["annotations"] = annotations
	return held
}

func generateNginx(held *scenario) {
	settings := object{}
	names := []string{"main"}
	if oneIn(3) {
		names = append(names, "other")
		settings["stableIngresses"] = []any{"main", "other"}
	} else {
		settings["stableIngress"] = "main"
	}
	if oneIn(3) {
		settings["annotationPrefix"] = "my.ingress"
	}
	if oneIn(2) {
		settings["additionalIngressAnnotations"] = object{"canary-by-header": "X-Canary", "my.ingress/x": "1"}
	}
	if oneIn(3) {
		settings["canaryIngressAnnotations"] = object{"own.example/y": "2"}
	}
	routing := object{"nginx": settings}
	if oneIn(4) {
		routing["maxTrafficWeight"] = 1000
	}
	held.Rollout = rolloutWith(routing)
	services := []string{"s", "s", "x"}
	if len(names) > 1 {
		// The real router names none of several Ingresses when one does not fit.
		services = []string{"s"}
	}
	for _, name := range names {
		if !oneIn(12) {
			held.Objects = append(held.Objects, ingress(name, services...))
		}
		if oneIn(4) {
			existing := ingress(ownerName+"-"+name+"-canary", "c", "x")
			existing["metadata"].(object)["labels"] = object{"a": "b"}
			if !oneIn(4) {
				owned(existing)
			}
			held.Objects = append(held.Objects, existing)
		}
	}
	held.Calls = weights(1+pick(3), 0)
}

func generateAlb(held *scenario) {
	settings := object{"servicePort": 80}
	names := []string{"main"}
	if oneIn(3) {
		names = append(names, "other")
		settings["ingresses"] = []any{"main", "other"}
	} else {
		settings["ingress"] = "main"
	}
	root := "s"
	if oneIn(2) {
		root = "root"
		settings["rootService"] = root
	}
	if oneIn(4) {
		settings["annotationPrefix"] = "my.alb"
	}
	if oneIn(3) {
		settings["stickinessConfig"] = object{"enabled": !oneIn(3), "durationSeconds": []int{0, 1, 3600, 604800, 604801}[pick(5)]}
	}
	routing := object{"alb": settings}
	if oneIn(2) {
		routing["managedRoutes"] = []any{object{"name": "h2"}, object{"name": "h1"}}
	}
	held.Rollout = rolloutWith(routing)
	if oneIn(4) {
		canaryOf(held.Rollout)["pingPong"] = object{"pingService": "ping", "pongService": "pong"}
		held.Rollout["status"] = object{"canary": object{"stablePingPong": oneOf("ping", "pong")}}
	}
	for _, name := range names {
		if !oneIn(12) {
			held.Objects = append(held.Objects, ingress(name, root, root, "x"))
		}
	}
	for i := 1 + pick(4); i > 0; i-- {
		switch pick(4) {
		case 0:
			held.Calls = append(held.Calls, call{Call: "setHeaderRoute", Step: headerStep(oneOf("h1", "h2"), "exact")})
		case 1:
			held.Calls = append(held.Calls, call{Call: "removeManagedRoutes"})
		default:
			held.Calls = append(held.Calls, weights(1, 2)...)
		}
	}
}

func generateSmi(held *scenario) {
	settings := object{}
	name := ownerName
	if oneIn(2) {
		name = "split"
		settings["trafficSplitName"] = name
	}
	if oneIn(2) {
		settings["rootService"] = "root"
	}
	held.Rollout = rolloutWith(object{"smi": settings})
	version := oneOf("v1alpha1", "v1alpha2", "v1alpha3")
	held.Rollout["metadata"].(object)["annotations"].(object)["smi"] = version
	if oneIn(3) {
		backend := object{"service": "old", "weight": any(7)}
		if version == "v1alpha1" {
			backend["weight"] = "7"
		}
		existing := custom("split.smi-spec.io/"+version, "TrafficSplit", name, object{"service": "old", "backends": []any{backend}})
		if !oneIn(4) {
			owned(existing)
		}
		held.Objects = append(held.Objects, existing)
	}
	held.Calls = weights(1+pick(3), 2)
}

// Weight 0 makes the real router sleep before it deletes, so it is not asked for.
func generateAmbassador(held *scenario) {
	mappings := []any{"main"}
	if oneIn(3) {
		mappings = append(mappings, "other")
	}
	held.Rollout = rolloutWith(object{"ambassador": object{"mappings": mappings}})
	for _, name := range mappings {
		spec := object{"prefix": "/", "service": oneOf("s", "s:8080", "http://s.shop:80", "other")}
		if oneIn(8) {
			spec["weight"] = 5
		}
		held.Objects = append(held.Objects, custom("getambassador.io/v2", "Mapping", name.(string), spec))
		if oneIn(4) {
			held.Objects = append(held.Objects, custom("getambassador.io/v2", "Mapping", name.(string)+"-canary", object{"prefix": "/", "service": "c", "weight": 3}))
		}
	}
	if oneIn(8) {
		held.Objects = held.Objects[1:]
	}
	held.Calls = weights(1+pick(3), 0)
	for i := range held.Calls {
		held.Calls[i].Weight++
	}
}

func generateTraefik(held *scenario) {
	held.Rollout = rolloutWith(object{"traefik": object{"weightedTraefikServiceName": "main"}})
	services := []any{}
	for _, name := range []string{"s", "c", "x"} {
		if oneIn(8) {
			continue
		}
		service := object{"name": name, "port": 80}
		if oneIn(2) {
			service["weight"] = pick(100)
		}
		services = append(services, service)
	}
	random.Shuffle(len(services), func(i, j int) { services[i], services[j] = services[j], services[i] })
	if !oneIn(12) {
		held.Objects = append(held.Objects, custom("traefik.containo.us/v1alpha1", "TraefikService", "main", object{"weighted": object{"services": services}}))
	}
	held.Calls = weights(1+pick(3), 0)
}

func apisixRule(name string) object {
	backends := []any{}
	for _, service := range []string{"s", "c", "x"} {
		if !oneIn(12) {
			backends = append(backends, object{"serviceName": service, "servicePort": 80, "weight": pick(100)})
		}
	}
	rule := object{"name": name, "match": object{"paths": []any{"/*"}}, "backends": backends}
	if oneIn(3) {
		rule["priority"] = pick(5)
	}
	return rule
}

func generateApisix(held *scenario) {
	route := object{"name": "main"}
	switch pick(3) {
	case 0:
		route["rules"] = []any{"r1"}
	case 1:
		route["rules"] = []any{"r1", "r2"}
	}
	held.Rollout = rolloutWith(object{"apisix": object{"route": route}, "managedRoutes": []any{object{"name": "h1"}, object{"name": "h2"}}})
	if !oneIn(12) {
		rules := []any{apisixRule("main"), apisixRule("r1")}
		if !oneIn(6) {
			rules = append(rules, apisixRule("r2"))
		}
		held.Objects = append(held.Objects, custom("apisix.apache.org/v2", "ApisixRoute", "main", object{"http": rules}))
	}
	if oneIn(6) {
		existing := custom("apisix.apache.org/v2", "ApisixRoute", "h1", object{"http": []any{apisixRule("main"), apisixRule("r1"), apisixRule("r2")}})
		if oneIn(2) {
			owned(existing)
		}
		held.Objects = append(held.Objects, existing)
	}
	for i := 1 + pick(4); i > 0; i-- {
		switch pick(4) {
		case 0, 1:
			held.Calls = append(held.Calls, call{Call: "setHeaderRoute", Step: headerStep(oneOf("h1", "h2"), "exact", "regex", "prefix")})
		case 2:
			held.Calls = append(held.Calls, call{Call: "removeManagedRoutes"})
		default:
			held.Calls = append(held.Calls, weights(1, 0)...)
		}
	}
}

func generateAppMesh(held *scenario) {
	service := object{"name": "main"}
	if oneIn(2) {
		service["routes"] = []any{"r1"}
	}
	held.Rollout = rolloutWith(object{"appMesh": object{"virtualService": service,
		"virtualNodeGroup": object{"canaryVirtualNodeRef": object{"name": "nc"}, "stableVirtualNodeRef": object{"name": "ns"}}}})
	routes := []any{}
	for i := 0; i <= pick(3); i++ {
		targets := []any{}
		for _, node := range []string{"ns", "nc", "nx"} {
			if oneIn(8) {
				continue
			}
			reference := object{"name": node}
			if oneIn(4) {
				reference["namespace"] = oneOf(space, "elsewhere")
			}
			target := object{"virtualNodeRef": reference, "weight": pick(100)}
			if oneIn(20) {
				delete(target, "weight")
			}
			targets = append(targets, target)
		}
		kind := oneOf("httpRoute", "tcpRoute", "http2Route", "grpcRoute", "httpRoute", "httpRoute")
		if oneIn(20) {
			kind = "newRoute"
		}
		routes = append(routes, object{"name": fmt.Sprintf("r%d", i), kind: object{"action": object{"weightedTargets": targets}}})
	}
	reference := object{"name": "router"}
	if oneIn(3) {
		reference["namespace"] = space
	}
	provider := object{"virtualRouter": object{"virtualRouterRef": reference}}
	if oneIn(15) {
		provider = object{"virtualNode": object{}}
	}
	held.Objects = []object{
		custom("appmesh.k8s.aws/v1beta2", "VirtualService", "main", object{"provider": provider}),
		custom("appmesh.k8s.aws/v1beta2", "VirtualRouter", "router", object{"routes": routes}),
		custom("appmesh.k8s.aws/v1beta2", "VirtualNode", "ns", object{"podSelector": object{"matchLabels": object{"app": "demo"}}}),
		custom("appmesh.k8s.aws/v1beta2", "VirtualNode", "nc", object{}),
	}
	if oneIn(8) {
		gone := pick(4)
		held.Objects = append(held.Objects[:gone], held.Objects[gone+1:]...)
	}
	for i := 1 + pick(3); i > 0; i-- {
		if oneIn(2) {
			held.Calls = append(held.Calls, call{Call: "updateHash", Canary: oneOf("", "h1", "h2"), Stable: oneOf("", "h1", "h3")})
		} else {
			held.Calls = append(held.Calls, weights(1, 0)...)
		}
	}
}
