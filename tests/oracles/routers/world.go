// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"encoding/json"
	"sort"

	smifake "github.com/servicemeshinterface/smi-sdk-go/pkg/gen/client/split/clientset/versioned/fake"
	appsv1 "k8s.io/api/apps/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"

	smiv1alpha1 "github.com/servicemeshinterface/smi-sdk-go/pkg/apis/split/v1alpha1"
	smiv1alpha2 "github.com/servicemeshinterface/smi-sdk-go/pkg/apis/split/v1alpha2"
	smiv1alpha3 "github.com/servicemeshinterface/smi-sdk-go/pkg/apis/split/v1alpha3"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting/alb"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting/ambassador"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting/apisix"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting/appmesh"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting/istio"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting/nginx"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting/smi"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting/traefik"
	apisixutil "github.com/argoproj/argo-rollouts/utils/apisix"
	"github.com/argoproj/argo-rollouts/utils/defaults"
	ingressutil "github.com/argoproj/argo-rollouts/utils/ingress"
	"github.com/argoproj/argo-rollouts/utils/record"
)

var rolloutKind = schema.GroupVersionKind{Group: "argoproj.io", Version: "v1alpha1", Kind: "Rollout"}

// Kinds that the dynamic client knows.
var resources = map[schema.GroupVersionResource]string{
	{Group: "networking.istio.io", Version: "v1alpha3", Resource: "virtualservices"}:  "VirtualService",
	{Group: "networking.istio.io", Version: "v1alpha3", Resource: "destinationrules"}: "DestinationRule",
	{Group: "getambassador.io", Version: "v2", Resource: "mappings"}:                  "Mapping",
	{Group: "traefik.containo.us", Version: "v1alpha1", Resource: "traefikservices"}:  "TraefikService",
	{Group: "apisix.apache.org", Version: "v2", Resource: "apisixroutes"}:             "ApisixRoute",
	{Group: "appmesh.k8s.aws", Version: "v1beta2", Resource: "virtualservices"}:       "VirtualService",
	{Group: "appmesh.k8s.aws", Version: "v1beta2", Resource: "virtualrouters"}:        "VirtualRouter",
	{Group: "appmesh.k8s.aws", Version: "v1beta2", Resource: "virtualnodes"}:          "VirtualNode",
}

// A router with the cluster that it works on.
type world struct {
	router    trafficrouting.TrafficRoutingReconciler
	dynamic   *dynamicfake.FakeDynamicClient
	ingresses *fake.Clientset
	factory   informers.SharedInformerFactory
	splits    *smifake.Clientset
}

func newWorld(rollout *v1alpha1.Rollout, held *scenario) *world {
	result := &world{}
	var dynamicObjects, ingresses, splits []runtime.Object
	for _, part := range held.Objects {
		text, _ := json.Marshal(part)
		switch {
		case part["kind"] == "Ingress":
			ingress := &networkingv1.Ingress{}
			must(json.Unmarshal(text, ingress))
			ingresses = append(ingresses, ingress)
		case part["kind"] == "TrafficSplit":
			splits = append(splits, splitOf(text, part["apiVersion"].(string)))
		default:
			custom := &unstructured.Unstructured{}
			must(custom.UnmarshalJSON(text))
			dynamicObjects = append(dynamicObjects, custom)
		}
	}
	lists := map[schema.GroupVersionResource]string{}
	for resource, kind := range resources {
		lists[resource] = kind + "List"
	}
	result.dynamic = dynamicfake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), lists, dynamicObjects...)
	result.ingresses = fake.NewSimpleClientset(ingresses...)
	result.factory = informers.NewSharedInformerFactory(result.ingresses, 0)
	result.splits = smifake.NewSimpleClientset(splits...)
	result.router = result.newRouter(rollout, held)
	result.refresh()
	return result
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func splitOf(text []byte, apiVersion string) runtime.Object {
	var split runtime.Object
	switch apiVersion {
	case "split.smi-spec.io/v1alpha1":
		split = &smiv1alpha1.TrafficSplit{}
	case "split.smi-spec.io/v1alpha2":
		split = &smiv1alpha2.TrafficSplit{}
	default:
		split = &smiv1alpha3.TrafficSplit{}
	}
	must(json.Unmarshal(text, split))
	return split
}

func (w *world) newRouter(rollout *v1alpha1.Rollout, held *scenario) trafficrouting.TrafficRoutingReconciler {
	recorder := record.NewFakeEventRecorder()
	wrapper, err := ingressutil.NewIngressWrapper(ingressutil.IngressModeNetworking, w.ingresses, w.factory)
	must(err)
	switch held.Router {
	case "istio":
		return istio.NewReconciler(rollout, w.dynamic, recorder, nil, nil, replicaSetsOf(held))
	case "nginx":
		return nginx.NewReconciler(nginx.ReconcilerConfig{Rollout: rollout, Client: w.ingresses, Recorder: recorder, ControllerKind: rolloutKind, IngressWrapper: wrapper})
	case "alb":
		router, err := alb.NewReconciler(alb.ReconcilerConfig{Rollout: rollout, Client: w.ingresses, Recorder: recorder, ControllerKind: rolloutKind, IngressWrapper: wrapper, Status: &v1alpha1.RolloutStatus{}})
		must(err)
		return router
	case "smi":
		defaults.SetSMIAPIVersion(smiVersion(held))
		router, err := smi.NewReconciler(smi.ReconcilerConfig{Rollout: rollout, Client: w.splits, Recorder: recorder, ControllerKind: rolloutKind})
		must(err)
		return router
	case "ambassador":
		return ambassador.NewReconciler(rollout, ambassador.NewDynamicClient(w.dynamic, rollout.Namespace), recorder)
	case "traefik":
		return traefik.NewReconciler(&traefik.ReconcilerConfig{Rollout: rollout, Client: traefik.NewDynamicClient(w.dynamic, rollout.Namespace), Recorder: recorder})
	case "apisix":
		return apisix.NewReconciler(&apisix.ReconcilerConfig{Rollout: rollout, Client: apisixutil.NewDynamicClient(w.dynamic, rollout.Namespace), Recorder: recorder})
	default:
		return appmesh.NewReconciler(appmesh.ReconcilerConfig{Rollout: rollout, Client: w.dynamic, Recorder: recorder})
	}
}

// The version that the Rollout's annotation asks for: the controller has a flag for it.
func smiVersion(held *scenario) string {
	metadata := held.Rollout["metadata"].(object)
	return metadata["annotations"].(object)["smi"].(string)
}

func replicaSetsOf(held *scenario) []*appsv1.ReplicaSet {
	var result []*appsv1.ReplicaSet
	for _, part := range held.ReplicaSets {
		replicas := part.Replicas
		set := &appsv1.ReplicaSet{}
		set.Name = part.Name
		set.Labels = map[string]string{v1alpha1.DefaultRolloutUniqueLabelKey: part.Hash}
		set.Spec.Replicas = &replicas
		set.Status.AvailableReplicas = part.Available
		result = append(result, set)
	}
	return result
}

// What the informer would see.
func (w *world) refresh() {
	store := w.factory.Networking().V1().Ingresses().Informer().GetIndexer()
	list, err := w.ingresses.NetworkingV1().Ingresses("").List(context.TODO(), metav1.ListOptions{})
	must(err)
	for i := range list.Items {
		must(store.Update(&list.Items[i]))
	}
}

func (w *world) make(next call) error {
	defer w.refresh()
	switch next.Call {
	case "setWeight":
		return w.router.SetWeight(next.Weight, next.Additional...)
	case "updateHash":
		return w.router.UpdateHash(next.Canary, next.Stable, next.Additional...)
	case "removeManagedRoutes":
		return w.router.RemoveManagedRoutes()
	}
	text, _ := json.Marshal(next.Step)
	if next.Call == "setHeaderRoute" {
		step := &v1alpha1.SetHeaderRoute{}
		must(json.Unmarshal(text, step))
		return w.router.SetHeaderRoute(step)
	}
	step := &v1alpha1.SetMirrorRoute{}
	must(json.Unmarshal(text, step))
	return w.router.SetMirrorRoute(step)
}

func (w *world) result() []object {
	result := []object{}
	for resource, kind := range resources {
		list, err := w.dynamic.Resource(resource).List(context.TODO(), metav1.ListOptions{})
		must(err)
		for _, item := range list.Items {
			held := plain(item.Object)
			held["kind"] = kind
			result = append(result, essential(held))
		}
	}
	ingresses, err := w.ingresses.NetworkingV1().Ingresses("").List(context.TODO(), metav1.ListOptions{})
	must(err)
	for _, item := range ingresses.Items {
		held := plain(item)
		held["kind"] = "Ingress"
		result = append(result, essential(held))
	}
	result = append(result, w.splitResult()...)
	sort.Slice(result, func(i, j int) bool { return keyOf(result[i]) < keyOf(result[j]) })
	return result
}

func keyOf(held object) string {
	text, _ := json.Marshal([]any{held["kind"], held["namespace"], held["name"]})
	return string(text)
}

func (w *world) splitResult() []object {
	result := []object{}
	add := func(item any) {
		held := plain(item)
		held["kind"] = "TrafficSplit"
		result = append(result, essential(held))
	}
	switch defaults.GetSMIAPIVersion() {
	case "v1alpha1":
		list, err := w.splits.SplitV1alpha1().TrafficSplits("").List(context.TODO(), metav1.ListOptions{})
		must(err)
		for _, item := range list.Items {
			add(item)
		}
	case "v1alpha2":
		list, err := w.splits.SplitV1alpha2().TrafficSplits("").List(context.TODO(), metav1.ListOptions{})
		must(err)
		for _, item := range list.Items {
			add(item)
		}
	default:
		list, err := w.splits.SplitV1alpha3().TrafficSplits("").List(context.TODO(), metav1.ListOptions{})
		must(err)
		for _, item := range list.Items {
			add(item)
		}
	}
	return result
}
