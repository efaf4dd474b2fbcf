// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"
#include "object/merge_patch.h"
#include "rollout/rollout.h"
#include "rollout/step.h"
#include "rollout/template_hash.h"
#include "rollout/template_repair.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace tiphys::rollout {
namespace {

using object::Value;

Value json(std::string_view text)
{
    const Expected<Value> value = object::parseJson(text);
    EXPECT_TRUE(value.has_value()) << text;
    return value.value_or(Value());
}

/// Lines "HASH JSON" that the real controller gave.
std::vector<std::pair<std::string, std::string>> vectors(const std::string &file)
{
    std::ifstream stream(std::string(TIPHYS_TEST_DATA) + "/rollout/" + file);
    std::vector<std::pair<std::string, std::string>> result;
    for (std::string line; std::getline(stream, line);) {
        const std::size_t space = line.find(' ');
        result.emplace_back(line.substr(0, space), line.substr(space + 1));
    }
    EXPECT_FALSE(result.empty()) << file;
    return result;
}

TEST(TemplateHash, IsTheControllers)
{
    for (const auto &[hash, text] : vectors("template_hashes.txt")) {
        const PodTemplate read = readPodTemplate(json(text));
        EXPECT_EQ(read.hash(), hash) << text << "\n" << hashedJson(read.value);
    }
}

TEST(TemplateHash, DependsOnTheCollisionCount)
{
    const auto hashOf = [](int image, std::optional<int> count) {
        return readPodTemplate(
                   json(R"({"metadata":{"labels":{"app":"co"}},"spec":{"containers":[{"name":"a","image":"x:)"
                        + std::to_string(image) + R"("}]}})"))
            .hash(count);
    };
    EXPECT_EQ(hashOf(1, {}), "598bcc9bbb");
    EXPECT_EQ(hashOf(2, {}), "7cfbf74675");
    EXPECT_EQ(hashOf(2, 1), "5556847d74");
    EXPECT_EQ(hashOf(3, {}), "568876fb56");
    EXPECT_EQ(hashOf(3, 1), "b6d875bb5");
}

TEST(TemplateHash, EscapesTextAsGoDoes)
{
    const Value annotations =
        Value::map({{"k", "<a>&b"}, {"u", "é\xe2\x80\xa8\xe2\x80\xa9 \"q\" \\ \t\n\r\b\f\x01\x7f /"}});
    const Value podTemplate =
        json(R"({"metadata":{"labels":{"app":"h02"}},"spec":{"containers":[{"name":"a","image":"x:1"}]}})")
            .withPath({"metadata", "annotations"}, annotations);
    EXPECT_EQ(readPodTemplate(podTemplate).hash(), "5779654bdb");
}

TEST(TemplateHash, DropsWhatDoesNotFitAndKeepsTheRest)
{
    const PodTemplate bad = readPodTemplate(
        json(R"({"spec":{"containers":[{"name":"a","resources":{"limits":{"cpu":"1","memory":"invalid"}}}]}})"));
    const PodTemplate good =
        readPodTemplate(json(R"({"spec":{"containers":[{"name":"a","resources":{"limits":{"cpu":"1"}}}]}})"));
    EXPECT_EQ(bad.hash(), good.hash());
    EXPECT_EQ(readPodTemplate(json(R"({"spec":{"schedulingGroup":{"podGroupName":"g"},"containers":[]}})")).hash(),
              readPodTemplate(json(R"({"spec":{"containers":[]}})")).hash());
}

TEST(TemplateRepair, EndsWithABadAmountAsTheControllersDecoderDoes)
{
    const Value bad = json(R"({"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"a","image":"x:1",)"
                           R"("resources":{"requests":{"memory":"invalid"}}}],"ephemeralContainers":[{"name":"a"}],)"
                           R"("dnsPolicy":"Default","volumes":[{"name":"v"}]}})");
    const Value kept = json(R"({"metadata":{"labels":{"app":"a"}},"spec":{"volumes":[{"name":"v"}],)"
                            R"("containers":[{"name":"a","image":"x:1"}]}})");
    EXPECT_EQ(readPodTemplate(bad).hash(), readPodTemplate(kept).hash());
    const std::optional<Value> repair = templateRepair(bad);
    ASSERT_TRUE(repair.has_value());
    EXPECT_EQ(readPodTemplate(object::applyMergePatch(bad, *repair)).hash(), readPodTemplate(kept).hash());
    EXPECT_FALSE(templateRepair(object::applyMergePatch(bad, *repair)).has_value()) << object::toJson(*repair);
    EXPECT_FALSE(templateRepair(kept).has_value());
}

TEST(TemplateRepair, LeavesAContainerAfterABadAmountEmpty)
{
    const Value bad = json(R"({"spec":{"containers":[{"name":"a","resources":{"limits":{"cpu":"x"}}},{"name":"b"}]}})");
    const Value containers = readPodTemplate(bad).value.path({"spec", "containers"});
    ASSERT_EQ(containers.size(), 2u);
    EXPECT_EQ(containers.at(0)["name"].stringOr(), "a");
    EXPECT_EQ(containers.at(1)["name"].stringOr(), "");
}

TEST(TemplateRepair, GoesOnAfterOtherMisfits)
{
    const Value bad = json(R"({"spec":{"containers":[{"name":7,"image":"x:1"}],"dnsPolicy":"Default"}})");
    const Value kept = readPodTemplate(bad).value["spec"];
    EXPECT_EQ(kept["dnsPolicy"].stringOr(), "Default");
    EXPECT_EQ(kept["containers"].at(0)["image"].stringOr(), "x:1");
}

TEST(TemplateHash, FormsOfAnAmountAreOne)
{
    const auto hashOf = [](const char *amount) {
        return readPodTemplate(json(std::string(R"({"spec":{"containers":[{"name":"a","resources":{"limits":{"m":)")
                                    + amount + "}}}]}}"))
            .hash();
    };
    EXPECT_EQ(hashOf("\"1024Mi\""), hashOf("\"1Gi\""));
    EXPECT_EQ(hashOf("0.001"), hashOf("\"1m\""));
    EXPECT_EQ(hashOf("\"0.1Gi\""), hashOf("\"107374182400m\""));
    EXPECT_EQ(hashOf("\"1000m\""), hashOf("1"));
    EXPECT_NE(hashOf("\"2048M\""), hashOf("\"2Gi\""));
}

TEST(StepHash, IsTheControllers)
{
    for (const auto &[hash, text] : vectors("step_hashes.txt"))
        EXPECT_EQ(stepHashOf(json(text)), hash) << text;
}

TEST(StepHash, OfNoStepsIsThatOfNull)
{
    EXPECT_EQ(stepHashOf(Value()), stepHashOf(Value::list({})));
}

TEST(SameTemplate, IgnoresDefaultsAndTheHashLabel)
{
    const Value desired = json(
        R"({"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"a","image":"x:1","ports":[{"containerPort":80}]}]}})");
    const Value live = json(
        R"({"metadata":{"labels":{"app":"a","rollouts-pod-template-hash":"x"}},"spec":{"containers":[{"name":"a","image":"x:1",
        "ports":[{"containerPort":80,"protocol":"TCP"}],"resources":{},"terminationMessagePath":"/dev/termination-log",
        "terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}],"restartPolicy":"Always",
        "terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","securityContext":{},
        "schedulerName":"default-scheduler","serviceAccount":"x"}})");
    EXPECT_TRUE(isSameTemplate(live, desired));
    EXPECT_FALSE(isSameTemplate(live.withPath({"spec", "priority"}, Value(1)), desired));
}

TEST(SameTemplate, BearsMetadataThatIsNone)
{
    const Value wanted =
        json(R"({"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"a","image":"x:1"}]}})");
    for (const char *metadata : {"[1,2,3]", R"("abc")", R"({"labels":["x","y"]})", R"({"labels":{"app":[1]}})"}) {
        const Value odd = wanted.withPath({"metadata"}, json(metadata));
        EXPECT_FALSE(isSameTemplate(odd, wanted)) << metadata;
        EXPECT_FALSE(isSameTemplate(wanted, odd)) << metadata;
    }
}

} // namespace
} // namespace tiphys::rollout
