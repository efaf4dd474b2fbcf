// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo_fixture.h"

#include <gmock/gmock.h>

namespace tiphys::demo {

using object::Object;
using object::Value;

namespace {

class StoreTest : public DemoTest
{
protected:
    const Resource &configMaps() { return resource("", "configmaps"); }
    Place settings() const { return {"default", "settings"}; }
    Answer<Object> merged(std::string_view yaml, const WriteOptions &options = {})
    {
        return store.patch(configMaps(), settings(), PatchKind::Merge, parsed(yaml).value(), "", options);
    }
    Answer<Object> applied(std::string_view yaml, std::string manager, Conflicts conflicts = Conflicts::Refused)
    {
        const Object object = parsed(yaml);
        return store.apply(*store.catalog().byKind(object.groupKind()), {"default", std::string(object.name())}, object,
                           "", {.fieldManager = std::move(manager), .conflicts = conflicts});
    }
};

} // namespace

TEST_F(StoreTest, StampsWhatItCreates)
{
    const Object made = created(kConfigMap);

    EXPECT_EQ(made.uid().size(), 36U);
    EXPECT_EQ(made.creationTimestamp(), "2023-11-14T22:13:20Z");
    EXPECT_EQ(made.resourceVersion(), std::to_string(store.revision()));
}

TEST_F(StoreTest, FoldsTheTextOfSecretsIntoTheirContent)
{
    const Object made =
        created("{apiVersion: v1, kind: Secret, metadata: {name: key, namespace: default}, data: {a: b2xk, b: Yg==}, "
                "stringData: {a: new}}");
    EXPECT_EQ(made.path({"data"}), parsed("{a: bmV3, b: Yg==}").value());
    EXPECT_FALSE(made.value().contains("stringData"));

    const auto patched = store.patch(resource("", "secrets"), {"default", "key"}, PatchKind::Merge,
                                     parsed("{stringData: {c: c}}").value(), "");
    ASSERT_TRUE(patched);
    EXPECT_EQ(patched->path({"data"}), parsed("{a: bmV3, b: Yg==, c: Yw==}").value());

    const Object config =
        parsed("{apiVersion: v1, kind: Secret, metadata: {name: own, namespace: default}, stringData: {a: new}}");
    const auto put = store.apply(resource("", "secrets"), {"default", "own"}, config, "", {.fieldManager = "me"});
    ASSERT_TRUE(put) << put.error().message;
    EXPECT_EQ(put->path({"data"}), parsed("{a: bmV3}").value());
    EXPECT_FALSE(put->value().contains("stringData"));
}

TEST_F(StoreTest, RefusesASecondObjectOfTheSameName)
{
    created(kConfigMap);

    const auto again = store.create(configMaps(), "default", parsed(kConfigMap));

    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, 409);
    EXPECT_EQ(again.error().reason, "AlreadyExists");
}

TEST_F(StoreTest, RefusesNamesThatAreNoDnsNames)
{
    const auto made =
        store.create(configMaps(), "default", parsed("{apiVersion: v1, kind: ConfigMap, metadata: {name: Bad_}}"));

    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, 422);
    ASSERT_EQ(made.error().causes.size(), 1U);
    EXPECT_EQ(made.error().causes.front().field, "metadata.name");
}

TEST_F(StoreTest, RefusesContentOfANamespaceThatIsNotThere)
{
    const auto made =
        store.create(configMaps(), "nowhere", parsed("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"));

    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().message, "namespaces \"nowhere\" not found");
}

TEST_F(StoreTest, RefusesAWriteThatIsBasedOnAnOldState)
{
    const Object first = created(kConfigMap);
    ASSERT_TRUE(merged("data: {colour: red}"));

    const auto late = store.update(configMaps(), settings(), first, "");

    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().reason, "Conflict");
}

TEST_F(StoreTest, KeepsTheRevisionWhenNothingChanges)
{
    const Object first = created(kConfigMap);

    const auto same = merged("data: {colour: blue}");

    ASSERT_TRUE(same);
    EXPECT_EQ(same->resourceVersion(), first.resourceVersion());
}

TEST_F(StoreTest, StoresNothingInADryRun)
{
    created(kConfigMap);

    const auto dry = merged("data: {colour: red}", {.isDryRun = true});

    ASSERT_TRUE(dry);
    EXPECT_EQ(dry->path({"data", "colour"}).stringOr(), "red");
    EXPECT_EQ(live("", "ConfigMap", "settings").path({"data", "colour"}).stringOr(), "blue");
}

TEST_F(StoreTest, CountsGenerationsOnlyWhenTheSpecChanges)
{
    const Object made = created(kDeployment);
    const Resource &deployments = resource("apps", "deployments");
    const Place place{"default", "web"};

    const auto status =
        store.patch(deployments, place, PatchKind::Merge, parsed("status: {replicas: 1}").value(), "status");
    const auto spec = store.patch(deployments, place, PatchKind::Merge, parsed("spec: {replicas: 3}").value(), "");

    EXPECT_EQ(made.generation(), 1);
    EXPECT_EQ(status->generation(), 1);
    EXPECT_EQ(spec->generation(), 2);
    EXPECT_EQ(spec->path({"status", "replicas"}).intOr(0), 1);
}

TEST_F(StoreTest, RefusesToChangeASelector)
{
    created(kDeployment);

    const auto changed = store.patch(
        resource("apps", "deployments"), {"default", "web"}, PatchKind::Merge,
        parsed("spec: {selector: {matchLabels: {app: x}}, template: {metadata: {labels: {app: x}}}}").value(), "");

    ASSERT_FALSE(changed);
    EXPECT_THAT(changed.error().message, testing::HasSubstr("field is immutable"));
}

TEST_F(StoreTest, ServerSideApplyTellsWhoOwnsAFieldInConflict)
{
    ASSERT_TRUE(applied(kConfigMap, "git"));

    const auto other =
        applied("{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {colour: red}}", "hand");

    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().message, "Apply failed with 1 conflict: conflict with \"git\": .data.colour");
    EXPECT_EQ(other.error().causes.front().reason, "FieldManagerConflict");
}

TEST_F(StoreTest, ForcedServerSideApplyTakesFieldsOver)
{
    ASSERT_TRUE(applied(kConfigMap, "git"));
    const char *red = "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {colour: red}}";
    ASSERT_TRUE(applied(red, "hand", Conflicts::TakenOver));

    const auto back = applied(kConfigMap, "git");

    ASSERT_FALSE(back);
    EXPECT_EQ(back.error().causes.front().message, "conflict with \"hand\"");
}

TEST_F(StoreTest, ServerSideApplyRemovesWhatItsManagerNoLongerWants)
{
    ASSERT_TRUE(applied("{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {a: x, b: x}}", "git"));
    ASSERT_TRUE(merged("data: {c: x}", {.fieldManager = "hand"}));

    const auto less = applied("{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {a: x}}", "git");

    ASSERT_TRUE(less);
    EXPECT_FALSE(less->value()["data"].contains("b"));
    EXPECT_TRUE(less->value()["data"].contains("c"));
}

TEST_F(StoreTest, ServerSideApplyMergesContainersByName)
{
    ASSERT_TRUE(applied(kDeployment, "git"));
    const char *sidecar = R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: log, image: "log:1"}]}}}
)";

    const auto both = applied(sidecar, "mesh");

    ASSERT_TRUE(both) << both.error().message;
    EXPECT_EQ(both->path({"spec", "template", "spec", "containers"}).size(), 2U);
}

TEST_F(StoreTest, FinalizersHoldADeletedObject)
{
    created("{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: default, finalizers: [a/b]}}");

    ASSERT_TRUE(store.remove(configMaps(), settings()));
    EXPECT_TRUE(live("", "ConfigMap", "settings").isBeingDeleted());
    ASSERT_TRUE(merged("metadata: {finalizers: null}"));

    EXPECT_TRUE(live("", "ConfigMap", "settings").isNull());
}

TEST_F(StoreTest, PagesContinueWhereTheyStopped)
{
    for (const char *name : {"a", "b", "c"})
        created(std::string("{apiVersion: v1, kind: ConfigMap, metadata: {namespace: default, name: ") + name + "}}");

    const auto first = store.list(configMaps(), "default", {.selector = {}, .limit = 2, .continueToken = {}});
    const auto second =
        store.list(configMaps(), "default", {.selector = {}, .limit = 2, .continueToken = first->continueToken});

    EXPECT_EQ(first->objects.size(), 2U);
    EXPECT_EQ(first->remaining, 1U);
    ASSERT_EQ(second->objects.size(), 1U);
    EXPECT_EQ(second->objects.front().name(), "c");
    EXPECT_EQ(second->continueToken, "");
}

TEST_F(StoreTest, AWatchSeesObjectsLeaveItsSelectorAsDeleted)
{
    created(kConfigMap);
    const std::int64_t start = store.revision();
    ASSERT_TRUE(merged("metadata: {labels: {app: other}}"));
    ASSERT_TRUE(merged("metadata: {labels: {app: web}}"));

    const auto events = store.changesAfter(configMaps(), "default", start, *Selector::parsed("app=web", ""));

    ASSERT_TRUE(events);
    ASSERT_EQ(events->size(), 2U);
    EXPECT_EQ(events->at(0).kind, Change::Kind::Deleted);
    EXPECT_EQ(events->at(1).kind, Change::Kind::Added);
}

TEST_F(StoreTest, AWatchFromBeforeTheKeptHistoryIsExpired)
{
    created(kConfigMap);
    const std::int64_t start = store.revision() - 1;
    store.compact();

    const auto events = store.changesAfter(configMaps(), "", start, {});

    ASSERT_FALSE(events);
    EXPECT_EQ(events.error().code, 410);
}

TEST_F(StoreTest, ADefinitionBringsItsKindAndTakesItsObjectsAlong)
{
    created(R"(
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: toys.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Toy, plural: toys}
  versions: [{name: v1, served: true, storage: true}]
)");
    created("{apiVersion: example.com/v1, kind: Toy, metadata: {name: bear, namespace: default}, any: 1}");
    ASSERT_EQ(store.objectsOf({"example.com", "Toy"}).size(), 1U);

    ASSERT_TRUE(store.remove(resource("apiextensions.k8s.io", "customresourcedefinitions"), {"", "toys.example.com"}));

    EXPECT_TRUE(store.objectsOf({"example.com", "Toy"}).empty());
    EXPECT_EQ(store.catalog().byPlural("example.com", "toys"), nullptr);
}

struct SelectorCase
{
    const char *name, *labels, *fields;
    bool matches;
};
class SelectorMatches : public testing::TestWithParam<SelectorCase>
{
};
TEST_P(SelectorMatches, ReadsTheText)
{
    const Object object{object::parseYaml(kConfigMap).value()};
    EXPECT_EQ(Selector::parsed(GetParam().labels, GetParam().fields)->matches(object), GetParam().matches);
}
INSTANTIATE_TEST_SUITE_P(
    Demo, SelectorMatches,
    testing::Values(SelectorCase{"Everything", "", "", true}, SelectorCase{"Equal", "app=web", "", true},
                    SelectorCase{"Unequal", "app!=web", "", false}, SelectorCase{"UnequalAbsent", "tier!=a", "", true},
                    SelectorCase{"In", "app in (api, web)", "", true},
                    SelectorCase{"NotIn", "app notin (api,web)", "", false}, SelectorCase{"Exists", "app", "", true},
                    SelectorCase{"Absent", "!app", "", false}, SelectorCase{"Both", "app=web,tier", "", false},
                    SelectorCase{"Field", "", "metadata.name=settings", true},
                    SelectorCase{"FieldUnequal", "", "metadata.namespace!=default", false}),
    [](const auto &row) { return row.param.name; });

} // namespace tiphys::demo
