// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/sample_files.h"

namespace tiphys::demo {

namespace {

struct Workload
{
    std::string name;
    std::string image;
    int replicas = 1;
    std::string script;      ///< of the annotation tiphys.dev/pod
    std::string annotations; ///< further lines below metadata.annotations
    std::string spec;        ///< further lines of the spec
};

std::string deployment(const Workload &workload)
{
    std::string text = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: " + workload.name
                       + "\n  labels:\n    app: " + workload.name + "\n";
    if (!workload.annotations.empty())
        text += "  annotations:\n    " + workload.annotations + "\n";
    text += "spec:\n  replicas: " + std::to_string(workload.replicas) + "\n" + workload.spec
            + "  selector:\n    matchLabels:\n      app: " + workload.name
            + "\n  template:\n    metadata:\n      labels:\n        app: " + workload.name + "\n";
    if (!workload.script.empty())
        text += "      annotations:\n        tiphys.dev/pod: " + workload.script + "\n";
    return text + "    spec:\n      containers:\n      - name: " + workload.name + "\n        image: " + workload.image
           + "\n        ports:\n        - containerPort: 8080\n";
}

std::string service(const std::string &name)
{
    return "apiVersion: v1\nkind: Service\nmetadata:\n  name: " + name + "\nspec:\n  selector:\n    app: " + name
           + "\n  ports:\n  - name: http\n    port: 80\n    targetPort: 8080\n";
}

std::string configMap(const std::string &name, const std::string &lines)
{
    return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\ndata:\n" + lines;
}

std::string ingress(const std::string &name, const std::string &host)
{
    return "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: " + name
           + "\nspec:\n  ingressClassName: nginx\n  rules:\n  - host: " + host
           + "\n    http:\n      paths:\n      - path: /\n        pathType: Prefix\n        backend:\n          "
             "service:\n"
             "            name: "
           + name + "\n            port:\n              name: http\n";
}

constexpr const char *kGateway = R"(apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: gateway
spec:
  selector:
    matchLabels:
      app: gateway
  template:
    metadata:
      labels:
        app: gateway
    spec:
      containers:
      - name: gateway
        image: registry.example.com/platform/gateway:3.1.0
)";

constexpr const char *kDatabase = R"(apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: postgres
spec:
  replicas: 2
  serviceName: postgres
  selector:
    matchLabels:
      app: postgres
  template:
    metadata:
      labels:
        app: postgres
    spec:
      initContainers:
      - name: prepare
        image: registry.example.com/platform/postgres:17.2
      containers:
      - name: postgres
        image: registry.example.com/platform/postgres:17.2
  volumeClaimTemplates:
  - metadata:
      name: files
    spec:
      accessModes:
      - ReadWriteOnce
      resources:
        requests:
          storage: 10Gi
)";

constexpr const char *kMigration = R"(apiVersion: batch/v1
kind: Job
metadata:
  name: checkout-migrate
  annotations:
    argocd.argoproj.io/hook: PreSync
    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
spec:
  backoffLimit: 1
  template:
    metadata:
      annotations:
        tiphys.dev/pod: pending
    spec:
      restartPolicy: Never
      containers:
      - name: migrate
        image: registry.example.com/shop/checkout:2.0.0
)";

std::string shopImage(const std::string &name, const std::string &tag)
{
    return "registry.example.com/shop/" + name + ":" + tag;
}

std::vector<SampleApplication> shopApplications()
{
    return {
        {"storefront",
         "shop",
         "shop-prod",
         "shop",
         "storefront",
         Scene::Healthy,
         true,
         172'800,
         {{"deployment.yaml",
           deployment({.name = "storefront", .image = shopImage("storefront", "1.8.2"), .replicas = 3})},
          {"service.yaml", service("storefront")},
          {"config.yaml", configMap("storefront", "  theme: light\n  currency: EUR\n")},
          {"ingress.yaml", ingress("storefront", "shop.example.com")}}},
        {"cart",
         "shop",
         "shop-prod",
         "shop",
         "cart",
         Scene::Drifted,
         false,
         172'000,
         {{"deployment.yaml", deployment({.name = "cart", .image = shopImage("cart", "1.4.1"), .replicas = 2})},
          {"service.yaml", service("cart")},
          {"config.yaml", configMap("cart", "  ttl: 30m\n")}}},
        {"payments",
         "shop",
         "shop-prod",
         "shop",
         "payments",
         Scene::Healthy,
         true,
         90'000,
         {{"deployment.yaml", deployment({.name = "payments",
                                          .image = shopImage("payments", "broken"),
                                          .replicas = 2,
                                          .spec = "  progressDeadlineSeconds: 60\n"})},
          {"service.yaml", service("payments")}}},
        {"search",
         "shop",
         "shop-staging",
         "shop",
         "search",
         Scene::Healthy,
         true,
         60,
         {{"deployment.yaml", deployment({.name = "search",
                                          .image = shopImage("search", "0.9.0"),
                                          .replicas = 2,
                                          .script = "pending",
                                          .spec = "  progressDeadlineSeconds: 86400\n"})},
          {"service.yaml", service("search")}}},
        {"recommendations",
         "shop",
         "shop-staging",
         "shop",
         "recommendations",
         Scene::Missing,
         false,
         3'600,
         {{"deployment.yaml", deployment({.name = "recommendations", .image = shopImage("recommendations", "0.1.0")})},
          {"service.yaml", service("recommendations")}}},
        {"checkout",
         "shop",
         "shop-staging",
         "shop",
         "checkout",
         Scene::Running,
         false,
         20,
         {{"migrate.yaml", kMigration},
          {"config.yaml", configMap("checkout", "  provider: demo\n")},
          {"deployment.yaml", deployment({.name = "checkout",
                                          .image = shopImage("checkout", "2.0.0"),
                                          .replicas = 2,
                                          .annotations = "argocd.argoproj.io/sync-wave: \"1\""})},
          {"service.yaml", service("checkout")}}},
    };
}

/// The last commit asks for larger volumes, which a StatefulSet cannot be given.
SampleApplication database()
{
    SampleApplication application{
        "postgres", "platform", "platform",
        "platform", "postgres", Scene::FailedSync,
        false,      250'000,    {{"statefulset.yaml", kDatabase}, {"service.yaml", service("postgres")}},
        "17.2"};
    application.text = "storage: 10Gi";
    application.olderText = "storage: 5Gi";
    return application;
}

std::vector<SampleApplication> platformApplications()
{
    const std::string base = "registry.example.com/platform/";
    return {
        {"gateway",
         "platform",
         "platform",
         "platform",
         "gateway",
         Scene::Healthy,
         true,
         259'200,
         {{"daemonset.yaml", kGateway}, {"service.yaml", service("gateway")}}},
        database(),
        {"reports",
         "platform",
         "platform",
         "platform",
         "reports",
         Scene::Healthy,
         false,
         200'000,
         {{"deployment.yaml",
           deployment({.name = "reports", .image = base + "reports:5.0.3", .spec = "  paused: true\n"})},
          {"config.yaml", configMap("reports", "  schedule: nightly\n")}}},
        {"telemetry",
         "default",
         "monitoring",
         "platform",
         "telemetry",
         Scene::Healthy,
         true,
         80'000,
         {{"deployment.yaml", deployment({.name = "telemetry",
                                          .image = base + "telemetry:0.14.0",
                                          .script = "crash",
                                          .spec = "  progressDeadlineSeconds: 60\n"})},
          {"config.yaml", configMap("telemetry", "  endpoint: http://collector:4317\n")}}},
    };
}

/// The canary of Argo Rollouts' guide to NGINX: five pods, the first pause waits for a person.
constexpr const char *kCanary = R"(apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: rollouts-demo
spec:
  replicas: 5
  revisionHistoryLimit: 5
  selector:
    matchLabels:
      app: rollouts-demo
  strategy:
    canary:
      canaryService: rollouts-demo-canary
      stableService: rollouts-demo-stable
      trafficRouting:
        nginx:
          stableIngress: rollouts-demo-stable
      steps:
      - setWeight: 20
      - pause: {}
      - setWeight: 40
      - pause: {duration: 10}
      - setWeight: 60
      - pause: {duration: 10}
      - setWeight: 80
      - pause: {duration: 10}
  template:
    metadata:
      labels:
        app: rollouts-demo
    spec:
      containers:
      - name: rollouts-demo
        image: argoproj/rollouts-demo:yellow
        ports:
        - name: http
          containerPort: 8080
        resources:
          requests:
            memory: 32Mi
            cpu: 5m
)";

constexpr const char *kBlueGreen = R"(apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: catalog
spec:
  replicas: 3
  selector:
    matchLabels:
      app: catalog
  strategy:
    blueGreen:
      activeService: catalog
      previewService: catalog-preview
      autoPromotionEnabled: false
  template:
    metadata:
      labels:
        app: catalog
    spec:
      containers:
      - name: catalog
        image: registry.example.com/shop/catalog:3.0.0
        ports:
        - name: http
          containerPort: 8080
)";

/// A canary whose first weight is analysed: the new version leaks, and the analysis finds out.
constexpr const char *kAnalysed = R"(apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: reviews
spec:
  replicas: 4
  selector:
    matchLabels:
      app: reviews
  strategy:
    canary:
      canaryService: reviews-canary
      stableService: reviews
      trafficRouting:
        nginx:
          stableIngress: reviews
      steps:
      - setWeight: 25
      - analysis:
          templates:
          - templateName: success-rate
          args:
          - name: version
            valueFrom:
              podTemplateHashValue: Latest
      - setWeight: 50
      - pause: {duration: 10}
  template:
    metadata:
      labels:
        app: reviews
    spec:
      containers:
      - name: reviews
        image: registry.example.com/shop/reviews:2.5.0-leak
        ports:
        - name: http
          containerPort: 8080
)";

/// Twelve measurements, ten seconds apart; the third bad one ends it.
std::string successRateTemplate(const std::string &address)
{
    return R"(apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata:
  name: success-rate
spec:
  args:
  - name: version
  metrics:
  - name: success-rate
    interval: 10s
    count: 12
    failureLimit: 2
    successCondition: result >= 0.95
    provider:
      web:
        url: )"
           + address + R"(/demo/success-rate/shop-staging/{{args.version}}
        jsonPath: "{$.successRate}"
)";
}

std::string serviceFor(const std::string &name, const std::string &app)
{
    return "apiVersion: v1\nkind: Service\nmetadata:\n  name: " + name + "\nspec:\n  selector:\n    app: " + app
           + "\n  ports:\n  - name: http\n    port: 80\n    targetPort: http\n";
}

std::vector<SampleApplication> rolloutApplications(const std::string &address)
{
    return {
        {"rollouts-demo",
         "default",
         "rollouts",
         "platform",
         "rollouts-demo",
         Scene::Updating,
         true,
         840,
         {{"rollout.yaml", kCanary},
          {"services.yaml", serviceFor("rollouts-demo-stable", "rollouts-demo")},
          {"canary-service.yaml", serviceFor("rollouts-demo-canary", "rollouts-demo")},
          {"ingress.yaml", ingress("rollouts-demo-stable", "rollouts-demo.local")}},
         "blue"},
        {"catalog",
         "shop",
         "shop-staging",
         "shop",
         "catalog",
         Scene::Updating,
         false,
         2'400,
         {{"rollout.yaml", kBlueGreen},
          {"service.yaml", serviceFor("catalog", "catalog")},
          {"preview-service.yaml", serviceFor("catalog-preview", "catalog")}},
         "2.9.4"},
        {"reviews",
         "shop",
         "shop-staging",
         "shop",
         "reviews",
         Scene::Updating,
         false,
         10,
         {{"rollout.yaml", kAnalysed},
          {"analysis.yaml", successRateTemplate(address)},
          {"service.yaml", serviceFor("reviews", "reviews")},
          {"canary-service.yaml", serviceFor("reviews-canary", "reviews")},
          {"ingress.yaml", ingress("reviews", "reviews.local")}},
         "2.4.1"},
    };
}

constexpr const char *kChart = R"(apiVersion: v2
name: newsletter
description: Sends the shop's newsletter
version: 1.2.0
appVersion: "2.3.0"
)";

constexpr const char *kChartValues = R"(replicaCount: 1
image:
  repository: registry.example.com/shop/newsletter
  tag: 2.3.0
service:
  port: 80
schedule: weekly
)";

constexpr const char *kChartDeployment = R"(apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels:
    app: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicaCount }}
  selector:
    matchLabels:
      app: {{ .Release.Name }}
  template:
    metadata:
      labels:
        app: {{ .Release.Name }}
    spec:
      containers:
      - name: {{ .Chart.Name }}
        image: {{ .Values.image.repository }}:{{ .Values.image.tag }}
        ports:
        - containerPort: 8080
)";

constexpr const char *kChartService = R"(apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
spec:
  selector:
    app: {{ .Release.Name }}
  ports:
  - name: http
    port: {{ .Values.service.port }}
    targetPort: 8080
)";

constexpr const char *kChartConfig = R"(apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  schedule: {{ .Values.schedule }}
)";

constexpr const char *kKustomization = R"(apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- deployment.yaml
- service.yaml
)";

/// A chart with parameters and a kustomization with an image override.
std::vector<SampleApplication> parameterizedApplications()
{
    SampleApplication chart{"newsletter",
                            "shop",
                            "shop-marketing",
                            "shop",
                            "newsletter",
                            Scene::Healthy,
                            false,
                            120'000,
                            {{"Chart.yaml", kChart},
                             {"values.yaml", kChartValues},
                             {"templates/deployment.yaml", kChartDeployment},
                             {"templates/service.yaml", kChartService},
                             {"templates/config.yaml", kChartConfig}}};
    chart.sourceType = "Helm";
    chart.parameters = "helm: {parameters: [{name: replicaCount, value: '2'}, {name: image.tag, value: 2.3.1}]}";
    chart.rendered = {{"deployment.yaml",
                       deployment({.name = "newsletter", .image = shopImage("newsletter", "2.3.1"), .replicas = 2})},
                      {"service.yaml", service("newsletter")},
                      {"config.yaml", configMap("newsletter", "  schedule: weekly\n")}};
    SampleApplication overlay{
        "wishlist",
        "shop",
        "shop-marketing",
        "shop",
        "wishlist",
        Scene::Healthy,
        false,
        110'000,
        {{"kustomization.yaml", kKustomization},
         {"deployment.yaml", deployment({.name = "wishlist", .image = shopImage("wishlist", "1.0.0")})},
         {"service.yaml", service("wishlist")}}};
    overlay.sourceType = "Kustomize";
    overlay.parameters =
        "kustomize: {images: ['registry.example.com/shop/wishlist:1.1.0'], replicas: [{name: wishlist, count: 2}]}";
    overlay.rendered = {
        {"deployment.yaml", deployment({.name = "wishlist", .image = shopImage("wishlist", "1.1.0"), .replicas = 2})},
        {"service.yaml", service("wishlist")}};
    return {chart, overlay};
}

} // namespace

std::vector<SampleApplication> sampleApplications(const std::string &address)
{
    std::vector<SampleApplication> all = shopApplications();
    for (SampleApplication &application : platformApplications())
        all.push_back(std::move(application));
    for (SampleApplication &application : parameterizedApplications())
        all.push_back(std::move(application));
    for (SampleApplication &application : rolloutApplications(address))
        all.push_back(std::move(application));
    return all;
}

} // namespace tiphys::demo
