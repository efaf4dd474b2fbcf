// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/yaml_objects.h"
#include "tree/networking.h"

#include <gtest/gtest.h>

namespace tiphys::tree {
namespace {

using test::objectOf;

std::vector<std::string> targets(const Networking &networking)
{
    std::vector<std::string> result;
    for (const NodeReference &target : networking.targets)
        result.push_back(target.key().path());
    return result;
}

Networking networking(std::string_view yaml)
{
    const std::optional<Networking> result = networkingOf(objectOf(yaml));
    EXPECT_TRUE(result) << yaml;
    return result.value_or(Networking{});
}

struct UrlCase
{
    std::string name;
    std::string object;
    std::vector<std::string> urls;
};

class ExternalUrls : public testing::TestWithParam<UrlCase>
{
};

TEST_P(ExternalUrls, AreGivenOrGenerated)
{
    EXPECT_EQ(networking(GetParam().object).externalUrls, GetParam().urls);
}

std::string ingress(std::string_view spec, std::string_view annotations = "{}", std::string_view addresses = "[]")
{
    return "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop, annotations: "
           + std::string(annotations) + "}, spec: " + std::string(spec)
           + ", status: {loadBalancer: {ingress: " + std::string(addresses) + "}}}";
}

const std::string kRule =
    "{rules: [{host: shop.example.org, http: {paths: [{path: /, backend: {service: {name: web}}}]}}]}";

INSTANTIATE_TEST_SUITE_P(
    Tree, ExternalUrls,
    testing::Values(
        UrlCase{"Ingress", ingress(kRule), {"http://shop.example.org/"}},
        UrlCase{"Star", ingress("{rules: [{host: h, http: {paths: [{path: /a*}]}}]}"), {"http://h/a"}},
        UrlCase{"AnySecretMakesHttps",
                ingress("{tls: [{hosts: [other], secretName: s}], rules: [{host: h, http: {paths: [{path: /}]}}]}"),
                {"https://h/"}},
        UrlCase{"HostsAloneDoNot",
                ingress("{tls: [{hosts: [h]}], rules: [{host: h, http: {paths: [{path: /}]}}]}"),
                {"http://h/"}},
        UrlCase{"HostOfTheLoadBalancer",
                ingress("{rules: [{http: {paths: [{path: /x}]}}]}", "{}", "[{ip: 10.0.0.1}]"),
                {"http://10.0.0.1/x"}},
        UrlCase{"NoHost", ingress("{rules: [{http: {paths: [{path: /x}]}}]}"), {}},
        UrlCase{"LinksComeFirst",
                ingress(kRule, "{link.argocd.argoproj.io/x: 'Docs|https://docs.example.org'}"),
                {"Docs|https://docs.example.org", "http://shop.example.org/"}},
        UrlCase{
            "DefaultLinksIgnored",
            ingress(kRule, "{argocd.argoproj.io/ignore-default-links: 'true', link.argocd.argoproj.io/x: 'https://x'}"),
            {"https://x"}},
        UrlCase{"LinkOfAnyKind",
                "{apiVersion: v1, kind: ConfigMap, metadata: {annotations: {link.argocd.argoproj.io/x: 'https://x'}}}",
                {"https://x"}},
        UrlCase{
            "DangerousLinkIsDropped",
            "{apiVersion: v1, kind: Pod, metadata: {annotations: {link.argocd.argoproj.io/x: 'javascript:alert(1)', "
            "link.argocd.argoproj.io/y: 'a|data:x', link.argocd.argoproj.io/z: 'no url'}}}",
            {}},
        UrlCase{
            "Gateway",
            "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, spec: {listeners: [{hostname: a.example.org, "
            "port: 443, protocol: HTTPS}, {port: 8080, protocol: HTTP}, {hostname: '*', port: 80, protocol: HTTP}]}, "
            "status: {addresses: [{type: IPAddress, value: 10.0.0.1}]}}",
            {"http://10.0.0.1", "http://10.0.0.1:8080", "https://a.example.org"}}),
    [](const auto &row) { return row.param.name; });

struct TargetCase
{
    std::string name;
    std::string object;
    std::vector<std::string> targets;
};

class Targets : public testing::TestWithParam<TargetCase>
{
};

TEST_P(Targets, AreWhereTrafficGoes)
{
    EXPECT_EQ(targets(networking(GetParam().object)), GetParam().targets);
}

INSTANTIATE_TEST_SUITE_P(
    Tree, Targets,
    testing::Values(
        TargetCase{"Ingress", ingress(kRule), {"/Service/shop/web"}},
        TargetCase{"DefaultBackendIsNotRead", ingress("{defaultBackend: {service: {name: web}}}"), {}},
        TargetCase{
            "OldIngress",
            "{apiVersion: networking.k8s.io/v1beta1, kind: Ingress, metadata: {namespace: shop}, spec: {backend: "
            "{serviceName: a}, rules: [{http: {paths: [{backend: {serviceName: b}}]}}]}}",
            {"/Service/shop/a", "/Service/shop/b"}},
        TargetCase{
            "VirtualService",
            "{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {namespace: shop}, spec: {http: "
            "[{route: [{destination: {host: web}}, {destination: {host: db.data.svc.cluster.local}}]}]}}",
            {"/Service/data/db", "/Service/shop/web"}},
        TargetCase{"HttpRoute",
                   "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {namespace: shop}, spec: "
                   "{parentRefs: [{name: gw, namespace: infra}], rules: [{backendRefs: [{name: web}]}]}}",
                   {"/Service/shop/web", "gateway.networking.k8s.io/Gateway/infra/gw"}},
        TargetCase{
            "ServiceEntry",
            "{apiVersion: networking.istio.io/v1, kind: ServiceEntry, spec: {workloadSelector: {labels: {a: b}}}}",
            {"/Pod//"}}),
    [](const auto &row) { return row.param.name; });

TEST(Networking, OfAServiceHasLabelsAndAddresses)
{
    const Networking balanced =
        networking("{apiVersion: v1, kind: Service, spec: {type: LoadBalancer, selector: {app: web}}, "
                   "status: {loadBalancer: {ingress: [{hostname: h, ip: 1.1.1.1}, {ip: 2.2.2.2}]}}}");
    EXPECT_EQ(balanced.targetLabels, (crd::TextMap{{"app", "web"}}));
    EXPECT_EQ(balanced.ingress, (std::vector<IngressAddress>{{"h", ""}, {"", "2.2.2.2"}}));
    EXPECT_TRUE(networking("{apiVersion: v1, kind: Service, spec: {type: ClusterIP}, status: {loadBalancer: {ingress: "
                           "[{ip: 2.2.2.2}]}}}")
                    .ingress.empty());
}

TEST(Networking, OfAPodIsItsLabels)
{
    EXPECT_EQ(networking("{apiVersion: v1, kind: Pod, metadata: {labels: {app: web}}}").labels,
              (crd::TextMap{{"app", "web"}}));
}

TEST(Networking, OfOthersIsNone)
{
    EXPECT_EQ(networkingOf(objectOf("{apiVersion: v1, kind: ConfigMap}")), std::nullopt);
    EXPECT_EQ(networkingOf(objectOf("{apiVersion: networking.istio.io/v1, kind: ServiceEntry, spec: {}}")),
              std::nullopt);
}

} // namespace
} // namespace tiphys::tree
