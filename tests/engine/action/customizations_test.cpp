// SPDX-License-Identifier: GPL-3.0-or-later
// The action cases of a checkout of Argo CD, whose folder resource_customizations TIPHYS_CUSTOMIZATIONS names.
#include "action/builtin.h"
#include "object/yaml.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace tiphys::action {
namespace {

using object::Object;
using object::Value;
namespace fs = std::filesystem;

Value documentOf(const fs::path &path)
{
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    const Expected<Value> document = object::parseYaml(text.str());
    EXPECT_TRUE(document.has_value()) << path << ": " << (document ? "" : document.error().text());
    return document.value_or(Value());
}

/// Without what tells the time or is the server's.
Value comparable(Value value)
{
    using Path = std::vector<std::string_view>;
    for (const Path &path : {Path{"metadata", "creationTimestamp"}, Path{"metadata", "generation"},
                             Path{"metadata", "annotations", "workflows.argoproj.io/scheduled-time"},
                             Path{"metadata", "annotations", "force-sync"},
                             Path{"metadata", "annotations", "reconcile.fluxcd.io/requestedAt"},
                             Path{"metadata", "annotations", "cnpg.io/reloadedAt"},
                             Path{"metadata", "annotations", "kubectl.kubernetes.io/restartedAt"},
                             Path{"spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt"},
                             Path{"spec", "restartAt"}, Path{"status", "targetPrimaryTimestamp"}})
        value = value.withoutPath(path);
    const Object object(value);
    if (object.kind() == "Deployment")
        value = value.without("status");
    if (object.kind() == "Workflow")
        value = value.withoutPath({"metadata", "uid"}).withoutPath({"metadata", "resourceVersion"});
    if (object.kind() == "Workflow" || object.kind() == "Job")
        value = value.withoutPath({"metadata", "name"});
    const Value conditions = value.path({"status", "conditions"});
    for (std::size_t index = 0; index < conditions.size(); ++index) {
        if (conditions.at(index)["type"].stringOr() == "FailureTarget")
            value = value.withPath({"status", "conditions"},
                                   conditions.withItem(index, conditions.at(index).without("lastTransitionTime")));
    }
    return value;
}

/// True if \p got has everything that \p wanted says: the original's comparison does not look at more.
bool isWithin(const Value &wanted, const Value &got)
{
    if (wanted.isEmpty())
        return got.isEmpty();
    if (wanted.isMap()) {
        for (const auto &[key, member] : wanted.entries()) {
            if (!isWithin(member, got[key]))
                return false;
        }
        return got.isMap();
    }
    if (!wanted.isList())
        return wanted == got || (wanted.isNumber() && wanted.asNumber() == got.asNumber());
    for (std::size_t index = 0; index < wanted.size(); ++index) {
        if (!isWithin(wanted.at(index), got.at(index)))
            return false;
    }
    return got.size() == wanted.size();
}

class Checkout : public testing::Test
{
protected:
    void SetUp() override
    {
        const char *folder = std::getenv("TIPHYS_CUSTOMIZATIONS");
        if (!folder)
            GTEST_SKIP() << "TIPHYS_CUSTOMIZATIONS names no folder";
        for (const fs::directory_entry &entry : fs::recursive_directory_iterator(folder)) {
            if (entry.path().filename() == "action_test.yaml")
                m_cases.push_back(entry.path());
        }
    }

    std::vector<fs::path> m_cases;
};

TEST_F(Checkout, OffersWhatEveryDiscoveryCaseSays)
{
    int count = 0;
    for (const fs::path &path : m_cases) {
        const Value cases = documentOf(path)["discoveryTests"];
        for (const Value &test : cases.items()) {
            ++count;
            SCOPED_TRACE(path.string() + " " + std::string(test["inputPath"].stringOr()));
            const Object object(documentOf(path.parent_path() / test["inputPath"].stringOr()));
            const Expected<std::vector<ResourceAction>> actions = builtinActions(object);
            ASSERT_TRUE(actions.has_value()) << actions.error().text();
            const Value result = test["result"];
            for (const ResourceAction &action : *actions) {
                bool isExpected = false;
                for (const Value &expected : result.items()) {
                    const bool hasSameTexts = expected["name"].stringOr() == action.name
                                              && expected["displayName"].stringOr() == action.displayName
                                              && expected["iconClass"].stringOr() == action.iconClass;
                    isExpected = isExpected
                                 || (hasSameTexts && expected["disabled"].boolOr(false) == action.isDisabled
                                     && expected["params"].size() == action.parameters.size());
                }
                EXPECT_TRUE(isExpected) << action.name;
            }
        }
    }
    RecordProperty("cases", count);
    EXPECT_GT(count, 50);
}

TEST_F(Checkout, RunsEveryActionCase)
{
    int count = 0;
    for (const fs::path &path : m_cases) {
        const Value cases = documentOf(path)["actionTests"];
        for (const Value &test : cases.items()) {
            ++count;
            SCOPED_TRACE(path.string() + " " + std::string(test["inputPath"].stringOr()) + " "
                         + std::string(test["action"].stringOr()));
            const Object object(documentOf(path.parent_path() / test["inputPath"].stringOr()));
            RunOptions options{.now = {1'700'000'000}, .arguments = {}};
            const Value parameters = test["parameters"];
            for (const auto &[name, value] : parameters.entries())
                options.arguments.emplace_back(name, value.stringOr());
            const auto impacted = runBuiltin(object, test["action"].stringOr(), options);
            if (const Value message = test["expectedErrorMessage"]; message.isString()) {
                ASSERT_FALSE(impacted.has_value());
                EXPECT_EQ(impacted.error().message(), message.stringOr());
                continue;
            }
            ASSERT_TRUE(impacted.has_value()) << impacted.error().text();
            Value expected = documentOf(path.parent_path() / test["expectedOutputPath"].stringOr());
            if (!expected.isList())
                expected = Value::list({Value::map({{"unstructuredObj", expected}, {"k8sOperation", "patch"}})});
            ASSERT_EQ(impacted->size(), expected.size());
            for (std::size_t index = 0; index < impacted->size(); ++index) {
                const Value wanted = comparable(expected.at(index)["unstructuredObj"]);
                const Value got = comparable((*impacted)[index].object.value());
                EXPECT_TRUE(isWithin(wanted, got)) << object::toYaml(got) << "\nexpected\n" << object::toYaml(wanted);
                EXPECT_EQ(operationName((*impacted)[index].operation), expected.at(index)["k8sOperation"].stringOr());
            }
        }
    }
    RecordProperty("cases", count);
    EXPECT_GT(count, 50);
}

} // namespace
} // namespace tiphys::action
