// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/spec_probe.h"

#include "engine/control/demo_session.h"

#include <memory>

namespace tiphys::control {
namespace {

/// One repository, which may not answer.
class OneRepository final : public ports::Repositories
{
public:
    Async<std::string> resolve(ports::RevisionRequest request, ports::Consistency, CancelToken) override
    {
        asked.push_back(request.targetRevision);
        if (error)
            co_return std::unexpected(*error);
        if (request.targetRevision == "HEAD" || request.targetRevision == "main")
            co_return std::string("0123456789012345678901234567890123456789");
        co_return failure(ErrorCode::NotFound, "unable to resolve '" + request.targetRevision + "' to a commit SHA");
    }
    Async<std::shared_ptr<const render::FileTree>> tree(std::string, std::string, CancelToken) override
    {
        co_return render::memoryTree(
            {{"shop/config.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: shop}}"}});
    }
    Async<ports::CommitFacts> commit(std::string, std::string, CancelToken) override
    {
        co_return failure(ErrorCode::NotFound, "no commit");
    }
    Async<std::vector<ports::RevisionSignature>> signatures(ports::SignatureRequest, CancelToken) override
    {
        co_return failure(ErrorCode::NotFound, "no commit");
    }

    std::optional<Error> error;
    std::vector<std::string> asked;
};

class SpecProbeOnDemo : public DemoSession
{
protected:
    SpecFindings
    foundOf(std::string_view source,
            std::string_view rest = "destination: {server: 'https://kubernetes.default.svc', namespace: web}")
    {
        const std::string text = "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: shop, "
                                 "namespace: argocd}, spec: {source: "
                                 + std::string(source) + ", " + std::string(rest) + "}}";
        const crd::Application app = crd::applicationOf(object::Object(object::parseYaml(text).value())).value();
        if (session->state().reachability != service::Reachability::Live) {
            session->start();
            EXPECT_TRUE(async::waitFor(session->ready({})));
        }
        ObserverParts parts{.repositories = repository, .clock = clock, .pool = &pool};
        SpecProbe probe(*session, session.get(), std::move(parts));
        const Expected<SpecFindings> findings = async::waitFor(probe.findings(app, SpecDepth::Sources, {}));
        EXPECT_TRUE(findings);
        verdict = specVerdict(app, *findings);
        return *findings;
    }

    static constexpr std::string_view kShop =
        "{repoURL: 'https://git.test/config.git', path: shop, targetRevision: main}";
    std::shared_ptr<OneRepository> repository = std::make_shared<OneRepository>();
    SpecVerdict verdict;
};

} // namespace

TEST_F(SpecProbeOnDemo, FindsWhatIsThere)
{
    const SpecFindings findings = foundOf(kShop);
    ASSERT_TRUE(findings.project);
    EXPECT_EQ(findings.destination.cluster->server, "https://kubernetes.default.svc");
    ASSERT_EQ(findings.repositories.size(), 1u);
    EXPECT_FALSE(findings.repositories.front().error);
    ASSERT_EQ(findings.manifests.size(), 1u);
    EXPECT_FALSE(findings.manifests.front().error);
    EXPECT_TRUE(findings.isClusterAsked);
    EXPECT_EQ(verdict.refusal, "");
}

TEST_F(SpecProbeOnDemo, FindsNoManifestsWherePathOrRevisionAreNotThere)
{
    foundOf("{repoURL: 'https://git.test/config.git', path: shp, targetRevision: main}");
    EXPECT_EQ(verdict.refusal,
              "application spec for shop is invalid: InvalidSpecError: Unable to generate manifests in shp: "
              "rpc error: code = Unknown desc = shp: app path does not exist");
    foundOf("{repoURL: 'https://git.test/config.git', path: shop, targetRevision: v9}");
    EXPECT_EQ(verdict.refusal,
              "application spec for shop is invalid: InvalidSpecError: Unable to generate manifests in shop: "
              "rpc error: code = Unknown desc = unable to resolve 'v9' to a commit SHA");
}

TEST_F(SpecProbeOnDemo, AsksNoRepositoryThatTheProjectDoesNotPermit)
{
    make("{apiVersion: argoproj.io/v1alpha1, kind: AppProject, metadata: {name: team, namespace: argocd}, "
         "spec: {sourceRepos: ['https://git.test/other.git'], destinations: [{server: '*', namespace: '*'}]}}");
    foundOf(kShop, "project: team, destination: {server: 'https://kubernetes.default.svc', namespace: web}");
    EXPECT_NE(verdict.refusal, "");
    EXPECT_TRUE(repository->asked.empty());
}

TEST_F(SpecProbeOnDemo, NamesKindsThatTheProjectDoesNotPermit)
{
    make("{apiVersion: argoproj.io/v1alpha1, kind: AppProject, metadata: {name: team, namespace: argocd}, "
         "spec: {sourceRepos: ['*'], destinations: [{server: '*', namespace: '*'}], namespaceResourceBlacklist: "
         "[{group: '', kind: ConfigMap}]}}");
    const SpecFindings findings =
        foundOf(kShop, "project: team, destination: {server: 'https://kubernetes.default.svc', namespace: web}");
    EXPECT_EQ(findings.unpermitted, std::vector<std::string>{"resource :ConfigMap is not permitted in project team"});
    EXPECT_EQ(verdict.refusal, "");
}

TEST_F(SpecProbeOnDemo, LooksForCredentialsThatOnlyTheInstanceHas)
{
    repository->error = Error(ErrorCode::Unauthorized, "no credentials");
    EXPECT_FALSE(foundOf(kShop).repositories.front().mayAnswerOthers) << "nor has anybody else";
    EXPECT_NE(verdict.refusal, "");
    make("{apiVersion: v1, kind: Secret, metadata: {name: git, namespace: argocd, labels: "
         "{argocd.argoproj.io/secret-type: repo-creds}}, "
         "data: {url: aHR0cHM6Ly9naXQudGVzdA==, password: c2VjcmV0}}");
    EXPECT_TRUE(foundOf(kShop).repositories.front().mayAnswerOthers);
    EXPECT_EQ(verdict.refusal, "");
    EXPECT_EQ(verdict.unchecked.size(), 1u);
}

TEST_F(SpecProbeOnDemo, TakesTheOwnClusterNotWhereSettingsSwitchItOff)
{
    EXPECT_EQ(foundOf(kShop).destination.problem, "");
    merge({"", "ConfigMap", "argocd", "argocd-cm"}, "{data: {cluster.inClusterEnabled: 'false'}}");
    EXPECT_TRUE(until([&] { return !foundOf(kShop).destination.problem.empty(); }));
    EXPECT_EQ(verdict.refusal, "application destination spec for shop is invalid: error getting cluster by server "
                               "\"https://kubernetes.default.svc\": rpc error: code = NotFound desc = cluster "
                               "\"https://kubernetes.default.svc\" is disabled");
    foundOf(kShop, "destination: {name: in-cluster, namespace: web}");
    EXPECT_EQ(verdict.refusal,
              "application destination spec for shop is invalid: there are no clusters with this name: "
              "in-cluster");
    merge({"", "ConfigMap", "argocd", "argocd-cm"}, "{data: {cluster.inClusterEnabled: 'true'}}");
    EXPECT_TRUE(until([&] { return foundOf(kShop).destination.problem.empty(); }));
}

TEST_F(SpecProbeOnDemo, KnowsNoClusterThatIsNeitherRegisteredNorReached)
{
    EXPECT_EQ(foundOf(kShop, "destination: {name: far, namespace: web}").destination.problem,
              "there are no clusters with this name: far");
    make("{apiVersion: v1, kind: Secret, metadata: {name: far, namespace: argocd, labels: "
         "{argocd.argoproj.io/secret-type: cluster}}, "
         "data: {name: ZmFy, server: aHR0cHM6Ly9mYXI=}}");
    EXPECT_TRUE(
        until([&] { return foundOf(kShop, "destination: {name: far, namespace: web}").destination.problem.empty(); }));
}

} // namespace tiphys::control
