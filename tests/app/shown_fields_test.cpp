// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/shown_fields.h"

#include "object/json.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::cli;

namespace {

object::Value pod()
{
    return object::parseJson(
               R"({"kind": "Pod", "metadata": {"name": "web-1", "labels": {}}, "spec": {"hostNetwork": false, "nodeName": null, "containers": [
        {"name": "web", "image": "web:1", "ports": [{"containerPort": 80}, {"containerPort": 81, "protocol": "TCP"}], "args": ["a", 2]},
        {"name": "side", "image": "side:2"}]}, "status": {"podIP": "10.0.0.1"}})")
        .value();
}

std::string fieldsText(const std::vector<std::string> &fields)
{
    return object::toJson(fieldsOf(pod(), fields));
}

using Rows = std::vector<std::vector<std::string>>;

TEST(ShownFields, AreThoseThatAreNamedAndTheName)
{
    EXPECT_EQ(fieldsText({"status.podIP"}), R"({"metadata":{"name":"web-1"},"status":{"podIP":"10.0.0.1"}})");
    EXPECT_EQ(fieldsText({"status", "spec.hostNetwork"}),
              R"({"metadata":{"name":"web-1"},"spec":{"hostNetwork":false},"status":{"podIP":"10.0.0.1"}})");
    EXPECT_EQ(fieldsText({"metadata"}), R"({"metadata":{"labels":{},"name":"web-1"}})");
}

TEST(ShownFields, BelowAListAreThoseOfEveryItem)
{
    EXPECT_EQ(fieldsText({"spec.containers.image"}),
              R"({"metadata":{"name":"web-1"},"spec":{"containers":[{"image":"web:1"},{"image":"side:2"}]}})");
    EXPECT_EQ(
        fieldsText({"spec.containers.ports.containerPort"}),
        R"({"metadata":{"name":"web-1"},"spec":{"containers":[{"ports":[{"containerPort":80},{"containerPort":81}]}]}})");
    EXPECT_EQ(
        fieldsText({"spec.containers.name", "spec.containers.ports.protocol"}),
        R"({"metadata":{"name":"web-1"},"spec":{"containers":[{"name":"web","ports":[{"protocol":"TCP"}]},{"name":"side"}]}})");
}

TEST(ShownFields, ThatAreNotThereLoseNoOthers)
{
    EXPECT_EQ(fieldsText({"status.podIP", "spec.absent", "status.podIP.more", ""}),
              R"({"metadata":{"name":"web-1"},"status":{"podIP":"10.0.0.1"}})");
    EXPECT_EQ(fieldsText({"absent"}), R"({"metadata":{"name":"web-1"}})");
}

TEST(ShownFields, AreARowEach)
{
    const object::Value value = fieldsOf(pod(), {"spec"}).withoutPath({"metadata", "name"});
    EXPECT_EQ(fieldRows(value, std::nullopt), (Rows{{"spec.hostNetwork", "false"},
                                                    {"spec.nodeName", "<nil>"},
                                                    {"spec.containers[0].name", "web"},
                                                    {"spec.containers[0].image", "web:1"},
                                                    {"spec.containers[0].ports[0].containerPort", "80"},
                                                    {"spec.containers[0].ports[1].containerPort", "81"},
                                                    {"spec.containers[0].ports[1].protocol", "TCP"},
                                                    {"spec.containers[0].args[0]", "a"},
                                                    {"spec.containers[0].args[1]", "2"},
                                                    {"spec.containers[1].name", "side"},
                                                    {"spec.containers[1].image", "side:2"}}));
}

TEST(ShownFields, NameTheirObject)
{
    EXPECT_EQ(fieldRows(fieldsOf(pod(), {"status"}), "web-1"),
              (Rows{{"status.podIP", "web-1", "10.0.0.1"}, {"metadata.name", "web-1", "web-1"}}));
}

} // namespace
