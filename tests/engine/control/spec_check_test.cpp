// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/spec_check.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

namespace tiphys::control {
namespace {

crd::Application appOf(std::string_view spec, std::string_view annotations = "{}")
{
    const std::string text =
        "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: shop, namespace: argocd, annotations: "
        + std::string(annotations) + "}, spec: " + std::string(spec) + "}";
    return crd::applicationOf(object::Object(object::parseYaml(text).value())).value();
}

constexpr std::string_view kSpec = "{project: team, source: {repoURL: 'https://git.test/config.git', path: shop}, "
                                   "destination: {server: 'https://kubernetes.default.svc', namespace: web}}";

/// All that \c kSpec names, well.
SpecFindings wellFound()
{
    policy::EffectiveProject project;
    project.name = "team";
    project.spec.sourceRepos = {"*"};
    project.spec.destinations = {{.server = "*", .ns = "*", .name = {}}};
    SpecFindings findings{.project = project, .destination = {}};
    findings.destination.cluster =
        policy::Cluster{.server = "https://kubernetes.default.svc", .name = "in-cluster", .project = {}};
    findings.repositories = {{.url = "https://git.test/config.git", .error = {}}};
    findings.manifests = {{.path = "shop", .error = {}}};
    return findings;
}

} // namespace

TEST(SpecCheck, TakesWhatIsFound)
{
    const SpecVerdict verdict = specVerdict(appOf(kSpec), wellFound());
    EXPECT_EQ(verdict.refusal, "");
    EXPECT_TRUE(verdict.unchecked.empty());
    EXPECT_TRUE(verdict.warnings.empty());
}

TEST(SpecCheck, RefusesTwoSourcesOfOneName)
{
    const auto sources = [](const std::string &names) {
        return appOf("{sources: " + names + ", destination: {name: in-cluster}}");
    };
    const Expected<void> twice = checkSpecForm(
        sources("[{repoURL: a, path: b, name: web}, {repoURL: a, path: c}, {repoURL: a, path: d, name: web}]"));
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().code(), ErrorCode::InvalidInput);
    EXPECT_EQ(twice.error().message(), "application shop has duplicate source name: web");
    EXPECT_TRUE(checkSpecForm(sources("[{repoURL: a, path: b}, {repoURL: a, path: c}]"))) << "none is no name";
}

TEST(SpecCheck, RefusesAManagerThatIsNoAddress)
{
    for (const char *address : {"ftp://argo.test", "argo.test"}) {
        const Expected<void> checked =
            checkSpecForm(appOf(kSpec, "{argocd.argoproj.io/managed-by-url: '" + std::string(address) + "'}"));
        ASSERT_FALSE(checked) << address;
        EXPECT_EQ(checked.error().message(), "application spec for shop is invalid: InvalidSpecError: invalid "
                                             "managed-by URL: URL must include http or https protocol");
    }
    EXPECT_TRUE(checkSpecForm(appOf(kSpec, "{argocd.argoproj.io/managed-by-url: 'https://argo.test'}")));
}

TEST(SpecCheck, RefusesAProjectThatIsNotThere)
{
    SpecFindings findings = wellFound();
    findings.project = failure(ErrorCode::NotFound, "Application referencing project team which does not exist");
    EXPECT_EQ(permissionVerdict(appOf(kSpec), findings).refusal,
              "application spec for shop is invalid: Application referencing project team which does not exist");
}

TEST(SpecCheck, DoesNotRefuseForAProjectThatCannotBeRead)
{
    SpecFindings findings = wellFound();
    findings.project = failure(ErrorCode::Denied, "project team cannot be read: forbidden");
    findings.isProjectKnown = false;
    const SpecVerdict verdict = specVerdict(appOf(kSpec), findings);
    EXPECT_EQ(verdict.refusal, "");
    EXPECT_EQ(
        verdict.unchecked,
        std::vector<std::string>{"what the project permits was not checked: project team cannot be read: forbidden"});
}

TEST(SpecCheck, RefusesADestinationThatNobodyKnows)
{
    SpecFindings findings = wellFound();
    findings.destination = {.cluster = {}, .problem = "there are no clusters with this name: far", .doubt = {}};
    EXPECT_EQ(specVerdict(appOf(kSpec), findings).refusal,
              "application destination spec for shop is invalid: there are no clusters with this name: far");
    findings.destination = {.cluster = {}, .problem = {}, .doubt = "Secrets may not be read"};
    const SpecVerdict verdict = specVerdict(appOf(kSpec), findings);
    EXPECT_EQ(verdict.refusal, "");
    EXPECT_EQ(verdict.unchecked,
              std::vector<std::string>{
                  "whether the destination is known to Argo CD was not checked: Secrets may not be read"});
}

TEST(SpecCheck, TellsAllThatTheProjectDoesNotPermit)
{
    SpecFindings findings = wellFound();
    findings.project->spec.sourceRepos = {"https://git.test/other.git"};
    findings.project->spec.destinations = {{.server = "*", .ns = "elsewhere", .name = {}}};
    const std::string repository =
        "InvalidSpecError: application repo https://git.test/config.git is not permitted in project 'team'";
    const std::string destination = "InvalidSpecError: application destination server 'https://kubernetes.default.svc' "
                                    "and namespace 'web' do not match "
                                    "any of the allowed destinations in project 'team'";
    EXPECT_EQ(specVerdict(appOf(kSpec), findings).refusal,
              "application spec for shop is invalid: " + repository + ";" + destination);
    findings.project->unseen = "Secrets may not be read";
    const SpecVerdict unsure = permissionVerdict(appOf(kSpec), findings);
    EXPECT_EQ(unsure.refusal, "") << "a Secret may permit it";
    EXPECT_EQ(unsure.unchecked.size(), 2u);
}

TEST(SpecCheck, RefusesARepositoryThatDoesNotAnswer)
{
    SpecFindings findings = wellFound();
    findings.manifests.clear();
    findings.repositories.front() = {.url = "https://me:secret@git.test/config.git",
                                     .error = Error(ErrorCode::Unauthorized, "no credentials")};
    EXPECT_EQ(specVerdict(appOf(kSpec), findings).refusal,
              "application spec for shop is invalid: InvalidSpecError: repository not accessible: repositories not "
              "accessible: "
              "https://me:***@git.test/config.git: repo client error while testing repository: no credentials");
}

TEST(SpecCheck, WarnsOfARepositoryThatAnswersOthers)
{
    SpecFindings findings = wellFound();
    findings.manifests.clear();
    for (const ErrorCode code :
         {ErrorCode::Unauthorized, ErrorCode::Denied, ErrorCode::Unavailable, ErrorCode::Timeout}) {
        findings.repositories.front() = {
            .url = "https://git.test/config.git", .error = Error(code, "why"), .mayAnswerOthers = true};
        const SpecVerdict verdict = specVerdict(appOf(kSpec), findings);
        EXPECT_EQ(verdict.refusal, "");
        EXPECT_EQ(verdict.unchecked,
                  std::vector<std::string>{"the sources were not checked: this machine does not reach "
                                           "https://git.test/config.git, which Argo CD may: why"});
    }
    findings.repositories.front().error = Error(ErrorCode::NotFound, "no such repository");
    EXPECT_NE(specVerdict(appOf(kSpec), findings).refusal, "") << "that is nothing of this machine";
}

TEST(SpecCheck, RefusesSourcesWithoutManifestsAllAtOnce)
{
    SpecFindings findings = wellFound();
    findings.manifests = {
        {.path = "shop", .error = Error(ErrorCode::NotFound, "shop: app path does not exist")},
        {.path = "web",
         .error = Error(ErrorCode::InvalidInput, "Failed to unmarshal \"a.yaml\": yaml: line 1: x", "web/a.yaml:1:7")}};
    EXPECT_EQ(specVerdict(appOf(kSpec), findings).refusal,
              "application spec for shop is invalid: "
              "InvalidSpecError: Unable to generate manifests in shop: rpc error: code = Unknown desc = shop: app path "
              "does not exist;"
              "InvalidSpecError: Unable to generate manifests in web: rpc error: code = FailedPrecondition desc = "
              "Failed to unmarshal \"a.yaml\": yaml: line 1: x (at web/a.yaml:1:7)");
}

TEST(SpecCheck, WarnsOfWhatThisMachineCannotRender)
{
    SpecFindings findings = wellFound();
    findings.manifests.front().error = Error(ErrorCode::Denied, "plugin 'cue' is not allowed to run");
    findings.manifests.front().isOfThisMachine = true;
    const SpecVerdict verdict = specVerdict(appOf(kSpec), findings);
    EXPECT_EQ(verdict.refusal, "");
    EXPECT_EQ(verdict.unchecked, std::vector<std::string>{"the manifests in shop were not checked, as this machine "
                                                          "cannot make them: plugin 'cue' is not allowed to run"});
}

TEST(SpecCheck, WarnsOfWhatASyncWillRefuse)
{
    SpecFindings findings = wellFound();
    findings.unpermitted = {"resource :ConfigMap is not permitted in project team"};
    const SpecVerdict verdict = specVerdict(appOf(kSpec), findings);
    EXPECT_EQ(verdict.refusal, "");
    EXPECT_EQ(verdict.warnings,
              std::vector<std::string>{"a sync will be refused: resource :ConfigMap is not permitted in project team"});
}

TEST(SpecCheck, SaysThatAChartDoesNotKnowItsCluster)
{
    SpecFindings findings = wellFound();
    findings.isClusterAsked = false;
    EXPECT_TRUE(specVerdict(appOf(kSpec), findings).unchecked.empty()) << "plain manifests do not depend on it";
    findings.manifests.front().isChart = true;
    EXPECT_EQ(specVerdict(appOf(kSpec), findings).unchecked.size(), 1u);
    // What it fails for may be what it was not told.
    findings.manifests.front().error = Error(ErrorCode::InvalidInput, "this chart wants cert-manager.io/v1");
    const SpecVerdict failed = specVerdict(appOf(kSpec), findings);
    EXPECT_EQ(failed.refusal, "");
    ASSERT_EQ(failed.unchecked.size(), 1u);
    EXPECT_TRUE(failed.unchecked.front().contains("this chart wants cert-manager.io/v1")) << failed.unchecked.front();
    findings.isClusterAsked = true;
    EXPECT_TRUE(specVerdict(appOf(kSpec), findings).refusal.contains("this chart wants cert-manager.io/v1"));
}

TEST(SpecCheck, RefusesReferencesThatAreNone)
{
    const auto refs = [](const std::string &first, const std::string &second) {
        return specVerdict(appOf("{sources: [{repoURL: a, ref: '" + first + "'}, {repoURL: b, ref: '" + second
                                 + "'}], destination: {name: in-cluster}}"),
                           wellFound())
            .refusal;
    };
    EXPECT_EQ(refs("values", "charts"), "");
    EXPECT_TRUE(refs("values", "values").ends_with("invalid sources: multiple sources had the same `ref` key"));
    EXPECT_TRUE(
        refs("val ues", "x").ends_with("sources.ref val ues cannot contain any special characters except '_' and '-'"));
}

TEST(SpecCheck, KnowsAddressesInsideACluster)
{
    for (const char *inside : {"http://gitea.git.svc/team/config.git",
                               "https://Gitea.git.svc.cluster.local:3000/config", "git@gitea.git.svc:config.git"})
        EXPECT_TRUE(isInsideCluster(inside)) << inside;
    for (const char *outside :
         {"https://git.test/config.git", "https://svc.test/x.svc", "file:///srv/git.svc", "https://mysvc/x"})
        EXPECT_FALSE(isInsideCluster(outside)) << outside;
}

} // namespace tiphys::control
