// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/live_index.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace tiphys;
using namespace tiphys::control;
using compare::CompareLevel;

namespace {

object::Object yaml(const std::string &text)
{
    const auto value = object::parseYaml(text);
    EXPECT_TRUE(value) << (value ? "" : value.error().text());
    return object::Object(value.value_or(object::Value()));
}

object::Object deployment(const std::string &name, const std::string &ns, const std::string &instance)
{
    return yaml("{apiVersion: apps/v1, kind: Deployment, metadata: {name: " + name + ", namespace: " + ns
                + ", uid: uid-" + name + ", annotations: {argocd.argoproj.io/tracking-id: '" + instance
                + ":apps/Deployment:" + ns + "/" + name + "'}}}");
}

object::Object owned(const std::string &kind, const std::string &name, const std::string &ns,
                     const std::string &ownerKind, const std::string &owner)
{
    return yaml("{apiVersion: apps/v1, kind: " + kind + ", metadata: {name: " + name + ", namespace: " + ns
                + ", uid: uid-" + name + ", ownerReferences: [{apiVersion: apps/v1, kind: " + ownerKind
                + ", name: " + owner + ", uid: uid-" + owner + "}]}}");
}

std::vector<std::string> namesOf(const std::vector<object::Object> &objects)
{
    std::vector<std::string> names;
    for (const object::Object &object : objects)
        names.emplace_back(object.name());
    std::ranges::sort(names);
    return names;
}

using Names = std::vector<std::string>;

/// Two applications, shop with a Deployment down to its pod, and an object of nobody.
struct LiveIndexTest : testing::Test
{
    LiveIndexTest()
    {
        index.put(deployment("web", "team-a", "shop"));
        index.put(owned("ReplicaSet", "web-1", "team-a", "Deployment", "web"));
        index.put(owned("Pod", "web-1-x", "team-a", "ReplicaSet", "web-1"));
        index.put(deployment("other", "team-a", "blog"));
        index.put(owned("ReplicaSet", "other-1", "team-a", "Deployment", "other"));
        index.put(yaml("{apiVersion: v1, kind: ConfigMap, metadata: {name: lone, namespace: team-a, uid: uid-lone}}"));
    }
    LiveIndex index{compare::TrackingSettings{}};
};

} // namespace

TEST_F(LiveIndexTest, GivesTheObjectsOfAnApplicationAndWhatTheyOwn)
{
    EXPECT_EQ(namesOf(index.concerning({"shop", {}, ""})), (Names{"web", "web-1", "web-1-x"}));
    EXPECT_EQ(namesOf(index.concerning({"nobody", {}, ""})), Names{});
}

TEST_F(LiveIndexTest, GivesWhatStandsAtTheKeysOfTargets)
{
    EXPECT_EQ(namesOf(index.concerning(
                  {"new", {{"", "ConfigMap", "team-a", "lone"}, {"", "ConfigMap", "team-a", "no"}}, ""})),
              Names{"lone"});
    EXPECT_EQ(namesOf(index.concerning({"new", {{"apps", "Deployment", "team-a", "other"}}, ""})),
              (Names{"other", "other-1"}));
}

TEST_F(LiveIndexTest, GivesAWholeNamespaceOnlyWhereOrphansAreLookedFor)
{
    EXPECT_EQ(index.concerning({"shop", {}, "team-a"}).size(), 6u);
    EXPECT_EQ(index.concerning({"shop", {}, "team-b"}).size(), 3u);
}

TEST_F(LiveIndexTest, FollowsAnObjectThatChangesItsApplicationAndItsOwner)
{
    index.put(deployment("web", "team-a", "blog"));
    EXPECT_EQ(namesOf(index.concerning({"shop", {}, ""})), Names{});
    EXPECT_EQ(index.concerning({"blog", {}, ""}).size(), 5u);
    index.put(owned("ReplicaSet", "web-1", "team-a", "Deployment", "gone"));
    EXPECT_EQ(namesOf(index.concerning({"blog", {}, ""})), (Names{"other", "other-1", "web"}));
}

TEST_F(LiveIndexTest, ForgetsWhatIsDropped)
{
    index.drop({"apps", "ReplicaSet", "team-a", "web-1"});
    EXPECT_EQ(namesOf(index.concerning({"shop", {}, ""})), Names{"web"});
    EXPECT_TRUE(index.find({"apps", "ReplicaSet", "team-a", "web-1"}).isNull());
    EXPECT_EQ(index.size(), 5u);
}

TEST_F(LiveIndexTest, FindsOwnersThatAreNamedWithoutUid)
{
    index.put(yaml("{apiVersion: v1, kind: Service, metadata: {name: web, namespace: team-a, uid: s, annotations: "
                   "{argocd.argoproj.io/tracking-id: 'shop:/Service:team-a/web'}}}"));
    index.put(yaml("{apiVersion: v1, kind: Endpoints, metadata: {name: web, namespace: team-a, uid: e}}"));
    EXPECT_EQ(namesOf(index.concerning({"shop", {}, ""})), (Names{"web", "web", "web", "web-1", "web-1-x"}));
}

TEST_F(LiveIndexTest, FindsTheVolumeClaimsOfAStatefulSet)
{
    index.put(
        yaml("{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: team-a, uid: d, annotations: "
             "{argocd.argoproj.io/tracking-id: 'store:apps/StatefulSet:team-a/db'}}, spec: {volumeClaimTemplates: "
             "[{metadata: {name: files}}]}}"));
    index.put(
        yaml("{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: files-db-0, namespace: team-a, uid: p}}"));
    index.put(yaml(
        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: files-other-0, namespace: team-a, uid: q}}"));
    EXPECT_EQ(namesOf(index.concerning({"store", {}, ""})), (Names{"db", "files-db-0"}));
}

TEST_F(LiveIndexTest, ReadsMarksAgainWhenTheMethodChanges)
{
    index.put(yaml("{apiVersion: v1, kind: ConfigMap, metadata: {name: marked, namespace: team-a, uid: m, labels: "
                   "{app.kubernetes.io/instance: label-app}}}"));
    EXPECT_EQ(namesOf(index.concerning({"label-app", {}, ""})), Names{});
    compare::TrackingSettings byLabel;
    byLabel.method = compare::TrackingMethod::Label;
    index.setTracking(byLabel);
    EXPECT_EQ(namesOf(index.concerning({"label-app", {}, ""})), Names{"marked"});
    EXPECT_EQ(namesOf(index.concerning({"shop", {}, ""})), Names{});
}

TEST_F(LiveIndexTest, AChangeConcernsWhoTracksTheObjectOrItsOwners)
{
    const object::Object web = index.find({"apps", "Deployment", "team-a", "web"});
    const compare::ChangeRoutes own = index.routesOf({web, web});
    EXPECT_EQ(own.instances, (std::vector<compare::ChangeRoute>{{"shop", CompareLevel::Recent}}));

    const object::Object pod = index.find({"apps", "Pod", "team-a", "web-1-x"});
    const compare::ChangeRoutes below = index.routesOf({pod, object::Object()});
    EXPECT_EQ(below.instances, (std::vector<compare::ChangeRoute>{{"shop", CompareLevel::Nothing}}));

    const object::Object lone = index.find({"", "ConfigMap", "team-a", "lone"});
    const compare::ChangeRoutes orphan = index.routesOf({lone, lone});
    EXPECT_TRUE(orphan.instances.empty());
    EXPECT_EQ(orphan.orphanNamespace, "team-a");
}
