// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/tracking_targets.h"
#include "support/yaml_objects.h"

#include <gtest/gtest.h>

namespace tiphys::compare {
namespace {

using object::Object;
using test::objectOf;

const Object kService = objectOf("{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}}");

std::string annotation(const Object &object, std::string_view name)
{
    return std::string(object.annotation(name).value_or("absent"));
}

TEST(TrackingId, IsWrittenWithoutEscapes)
{
    EXPECT_EQ(trackingIdFor(kService, "app", "other").text(), "app:/Service:shop/web");
    const Object role =
        objectOf("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: 'system:x'}}");
    EXPECT_EQ(trackingIdFor(role, "ns_app", "dest").text(),
              "ns_app:rbac.authorization.k8s.io/ClusterRole:dest/system:x");
}

struct IdCase
{
    std::string name;
    std::string text;
    std::optional<TrackingId> id;
};

class TrackingIdOf : public testing::TestWithParam<IdCase>
{
};

TEST_P(TrackingIdOf, ReadsThreeParts)
{
    EXPECT_EQ(trackingIdOf(GetParam().text), GetParam().id);
}

INSTANTIATE_TEST_SUITE_P(Compare, TrackingIdOf,
                         testing::Values(IdCase{"Plain", "app:apps/Deployment:shop/web",
                                                TrackingId{"app", "apps", "Deployment", "shop", "web"}},
                                         IdCase{"CoreGroup", "app:/Pod:shop/web",
                                                TrackingId{"app", "", "Pod", "shop", "web"}},
                                         IdCase{"ColonInName", "a:rbac/ClusterRole:ns/system:foo:bar",
                                                TrackingId{"a", "rbac", "ClusterRole", "ns", "system:foo:bar"}},
                                         IdCase{"TwoParts", "app:apps/Deployment", std::nullopt},
                                         IdCase{"NoGroupSeparator", "app:Deployment:shop/web", std::nullopt},
                                         IdCase{"ThreeNameParts", "app:apps/Deployment:shop/web/x", std::nullopt},
                                         IdCase{"Empty", "", std::nullopt}),
                         [](const auto &row) { return row.param.name; });

TEST(Tracked, ByAnnotationIsTheDefault)
{
    const Object marked = *tracked(kService, "app", "shop", {});
    EXPECT_EQ(annotation(marked, crd::kTrackingIdAnnotation), "app:/Service:shop/web");
    EXPECT_EQ(marked.label(crd::kInstanceLabel), std::nullopt);
    EXPECT_EQ(trackedInstance(marked, {}), "app");
}

TEST(Tracked, ByLabelKeepsTheWholeName)
{
    const TrackingSettings settings{TrackingMethod::Label, "team/app", ""};
    const std::string longName(70, 'a');
    const Object marked = *tracked(kService, longName, "shop", settings);
    EXPECT_EQ(marked.label("team/app"), longName);
    EXPECT_EQ(annotation(marked, crd::kTrackingIdAnnotation), "absent");
    EXPECT_EQ(trackedInstance(marked, settings), longName);
}

TEST(Tracked, ByBothCutsTheLabel)
{
    const TrackingSettings settings{TrackingMethod::AnnotationAndLabel, std::string(crd::kInstanceLabel), ""};
    const std::string name = std::string(60, 'a') + "-_." + "tail";
    const Object marked = *tracked(kService, name, "shop", settings);
    EXPECT_EQ(marked.label(crd::kInstanceLabel), std::string(60, 'a'));
    EXPECT_EQ(trackedInstance(marked, settings), name);
}

TEST(Tracked, ACustomResourceDefinitionIsNeverMarked)
{
    const Object crd =
        objectOf("{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: x}}");
    EXPECT_EQ(*tracked(crd, "app", "shop", {}), crd);
}

TEST(Tracked, InstallationIdIsWrittenAndAsked)
{
    const TrackingSettings ours{TrackingMethod::Annotation, std::string(crd::kInstanceLabel), "one"};
    const Object marked = *tracked(kService, "app", "shop", ours);
    EXPECT_EQ(annotation(marked, crd::kInstallationIdAnnotation), "one");
    EXPECT_EQ(trackedInstance(marked, ours), "app");
    EXPECT_EQ(trackedInstance(marked, {}), "");
    const Object unmarked = *tracked(marked, "app", "shop", {});
    EXPECT_EQ(annotation(unmarked, crd::kInstallationIdAnnotation), "absent");
    EXPECT_EQ(trackedInstance(unmarked, ours), "");
}

TEST(Tracked, TheLegacyLabelMarksPodTemplatesToo)
{
    const TrackingSettings settings{TrackingMethod::Label, "applications.argoproj.io/app-name", ""};
    const Object marked =
        *tracked(objectOf("{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}"), "app", "shop", settings);
    EXPECT_EQ(marked.path({"spec", "template", "metadata", "labels", "applications.argoproj.io/app-name"}),
              object::Value("app"));
}

struct SelfCase
{
    std::string name;
    std::string live;
    std::string target; ///< "" for none
    bool isSelf;
};

class SelfReference : public testing::TestWithParam<SelfCase>
{
};

TEST_P(SelfReference, ComparesMarksWithTheObject)
{
    const Object target = GetParam().target.empty() ? Object() : objectOf(GetParam().target);
    EXPECT_EQ(isSelfReferenced(objectOf(GetParam().live), target, {}), GetParam().isSelf);
}

std::string liveWith(std::string_view id)
{
    return "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop, annotations: "
           "{argocd.argoproj.io/tracking-id: '"
           + std::string(id) + "'}}}";
}

INSTANTIATE_TEST_SUITE_P(
    Compare, SelfReference,
    testing::Values(
        SelfCase{"OwnId", liveWith("app:/Service:shop/web"), "", true},
        SelfCase{"CopiedId", liveWith("app:/Service:shop/other"), "", false},
        SelfCase{"OtherKind", liveWith("app:apps/Deployment:shop/web"), "", false},
        SelfCase{"Unreadable", liveWith("nonsense"), "", true},
        SelfCase{"TargetDecides", liveWith("app:/Service:shop/other"),
                 "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}}", true},
        SelfCase{"ClusterScopedLive",
                 "{apiVersion: v1, kind: Namespace, metadata: {name: x, annotations: {argocd.argoproj.io/tracking-id: "
                 "'app:/Namespace:dest/x'}}}",
                 "", true}),
    [](const auto &row) { return row.param.name; });

TEST(MigratedTracking, CopiesTheIdAndDropsTheLabelOfTheOldMethod)
{
    const Object live =
        objectOf("{apiVersion: v1, kind: Service, metadata: {name: web, labels: {app.kubernetes.io/instance: app}}}");
    const Object target = *tracked(kService, "app", "shop", {});
    const Object migrated = withMigratedTracking(live, target, {});
    EXPECT_EQ(annotation(migrated, crd::kTrackingIdAnnotation), "app:/Service:shop/web");
    EXPECT_EQ(migrated.label(crd::kInstanceLabel), std::nullopt);
}

TEST(MigratedTracking, LeavesAnotherIdAlone)
{
    const Object live =
        objectOf("{apiVersion: v1, kind: Service, metadata: {name: web, labels: {app.kubernetes.io/instance: x},"
                 " annotations: {argocd.argoproj.io/tracking-id: 'x:/Service:shop/web'}}}");
    const Object target = tracked(kService, "app", "shop", {})->withLabel(crd::kInstanceLabel, "app");
    EXPECT_EQ(withMigratedTracking(live, target, {}), live);
}

std::optional<bool> scope(const object::GroupKind &kind)
{
    if (kind.kind == "ClusterRole" || kind.kind == "Namespace")
        return false;
    if (kind.kind == "Novelty")
        return std::nullopt;
    return true;
}

TEST(NormalizedTargets, GivesNamespacesAndRewritesIds)
{
    const Object bare = *tracked(objectOf("{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}"), "app", "dest", {});
    const Object role = *tracked(
        objectOf(
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: r, namespace: given}}"),
        "app", "dest", {});
    const NormalizedTargets targets = *normalizedTargets({bare, role}, "app", "dest", {}, scope);
    ASSERT_EQ(targets.objects.size(), 2u);
    EXPECT_EQ(targets.objects[0].ns(), "dest");
    EXPECT_EQ(targets.objects[1].ns(), "");
    EXPECT_EQ(annotation(targets.objects[1], crd::kTrackingIdAnnotation),
              "app:rbac.authorization.k8s.io/ClusterRole:dest/r");
    EXPECT_TRUE(targets.conditions.empty());
}

TEST(NormalizedTargets, AnUnknownKindCountsAsNamespaced)
{
    const NormalizedTargets targets = *normalizedTargets(
        {objectOf("{apiVersion: x/v1, kind: Novelty, metadata: {name: c}}")}, "app", "dest", {}, scope);
    EXPECT_EQ(targets.objects[0].ns(), "dest");
}

TEST(NormalizedTargets, TheLastOfRepeatedObjectsStays)
{
    const auto configMap = [](std::string_view text) {
        return objectOf("{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {k: " + std::string(text) + "}}");
    };
    const NormalizedTargets targets =
        *normalizedTargets({configMap("one"), kService, configMap("two")}, "app", "dest", {}, scope);
    ASSERT_EQ(targets.objects.size(), 2u);
    EXPECT_EQ(targets.objects[0].path({"data", "k"}), object::Value("two"));
    ASSERT_EQ(targets.conditions.size(), 1u);
    EXPECT_EQ(targets.conditions[0].type, "RepeatedResourceWarning");
    EXPECT_EQ(targets.conditions[0].message,
              "Resource /ConfigMap/dest/c appeared 2 times among application resources.");
}

TEST(NormalizedTargets, GeneratedNamesNeverCollide)
{
    const Object job = objectOf("{apiVersion: batch/v1, kind: Job, metadata: {generateName: j-}}");
    EXPECT_EQ(normalizedTargets({job, job}, "app", "dest", {}, scope)->objects.size(), 2u);
}

} // namespace
} // namespace tiphys::compare
