// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis/metric_order.h"

#include "object/json.h"
#include "schema/schema.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

namespace tiphys::rollout {

using object::Value;

namespace {

/// A member of a struct, by its place; items of lists count as the struct itself.
struct Member
{
    std::string_view name;
    std::span<const Member> members = {};
    std::string_view model = {}; ///< the OpenAPI model of a built-in struct
};

constexpr Member kSigv4[] = {{"region"}, {"profile"}, {"roleArn"}};
constexpr Member kOAuth2[] = {{"tokenUrl"}, {"clientId"}, {"clientSecret"}, {"scopes"}};
constexpr Member kAuthentication[] = {{"sigv4", kSigv4}, {"oauth2", kOAuth2}};
constexpr Member kHeader[] = {{"key"}, {"value"}};
constexpr Member kRange[] = {{"start"}, {"end"}, {"step"}};
constexpr Member kPrometheus[] = {{"address"},           {"query"},    {"authentication", kAuthentication},
                                  {"timeout"},           {"insecure"}, {"headers", kHeader},
                                  {"rangeQuery", kRange}};
constexpr Member kThreshold[] = {{"pass"}, {"marginal"}};
constexpr Member kScopeDetail[] = {{"scope"}, {"region"}, {"step"}, {"start"}, {"end"}};
constexpr Member kScope[] = {{"name"}, {"controlScope", kScopeDetail}, {"experimentScope", kScopeDetail}};
constexpr Member kKayenta[] = {{"address"},
                               {"application"},
                               {"canaryConfigName"},
                               {"metricsAccountName"},
                               {"configurationAccountName"},
                               {"storageAccountName"},
                               {"threshold", kThreshold},
                               {"scopes", kScope},
                               {"lookback"}};
constexpr Member kWeb[] = {{"method"},
                           {"url"},
                           {"headers", kHeader},
                           {"body"},
                           {"timeoutSeconds"},
                           {"jsonPath"},
                           {"insecure"},
                           {"jsonBody"},
                           {"authentication", kAuthentication}};
constexpr Member kSecret[] = {{"name"}, {"namespaced"}};
constexpr Member kDatadog[] = {{"interval"},   {"query"},      {"queries"},           {"formula"},
                               {"apiVersion"}, {"aggregator"}, {"secretRef", kSecret}};
constexpr Member kWavefront[] = {{"address"}, {"query"}};
constexpr Member kNewRelic[] = {{"profile"}, {"query"}, {"timeout"}};
constexpr Member kJob[] = {{"metadata", {}, "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
                           {"spec", {}, "io.k8s.api.batch.v1.JobSpec"}};
constexpr Member kDimension[] = {{"name"}, {"value"}};
constexpr Member kStatMetric[] = {{"dimensions", kDimension}, {"metricName"}, {"namespace"}};
constexpr Member kStat[] = {{"metric", kStatMetric}, {"period"}, {"stat"}, {"unit"}};
constexpr Member kDataQuery[] = {{"id"}, {"expression"}, {"label"}, {"metricStat", kStat}, {"period"}, {"returnData"}};
constexpr Member kCloudWatch[] = {{"interval"}, {"metricDataQueries", kDataQuery}};
constexpr Member kInflux[] = {{"profile"}, {"query"}};
constexpr Member kSkyWalking[] = {{"address"}, {"query"}, {"interval"}};
constexpr Member kProvider[] = {{"prometheus", kPrometheus},
                                {"kayenta", kKayenta},
                                {"web", kWeb},
                                {"datadog", kDatadog},
                                {"wavefront", kWavefront},
                                {"newRelic", kNewRelic},
                                {"job", kJob},
                                {"cloudWatch", kCloudWatch},
                                {"graphite", kWavefront},
                                {"influxdb", kInflux},
                                {"skywalking", kSkyWalking},
                                {"plugin"}};
constexpr Member kMetric[] = {{"name"},
                              {"interval"},
                              {"initialDelay"},
                              {"count"},
                              {"successCondition"},
                              {"failureCondition"},
                              {"failureLimit"},
                              {"inconclusiveLimit"},
                              {"consecutiveErrorLimit"},
                              {"provider", kProvider},
                              {"consecutiveSuccessLimit"}};

/// \p value with its members in order: those that \p names has, as \p inOrder makes them, then the others.
template <typename Names, typename NameOf, typename InOrder>
Value ordered(const Value &value, const Names &names, NameOf nameOf, InOrder inOrder)
{
    std::vector<std::pair<std::string, Value>> members;
    for (const auto &known : names) {
        if (const std::optional<Value> member = value.find(nameOf(known)))
            members.emplace_back(nameOf(known), inOrder(*member, known));
    }
    std::vector<std::pair<std::string, Value>> others;
    for (const auto &[name, member] : value.entries()) {
        if (!std::ranges::contains(members, std::string(name), &std::pair<std::string, Value>::first))
            others.emplace_back(name, member);
    }
    std::ranges::sort(others, {}, &std::pair<std::string, Value>::first);
    members.insert(members.end(), others.begin(), others.end());
    return Value::map(members);
}

template <typename InOrder>
Value eachOrdered(const Value &list, InOrder inOrder)
{
    std::vector<Value> items;
    for (const Value &item : list.items())
        items.push_back(inOrder(item));
    return Value::list(items);
}

/// What no struct orders, by name.
Value byName(const Value &value)
{
    if (value.isList())
        return eachOrdered(value, byName);
    if (!value.isMap())
        return value;
    std::vector<std::pair<std::string, Value>> members;
    for (const auto &[name, member] : value.entries())
        members.emplace_back(name, byName(member));
    std::ranges::sort(members, {}, &std::pair<std::string, Value>::first);
    return Value::map(members);
}

Value builtInOrder(const Value &value, const schema::Type &type)
{
    if (type.kind() == schema::Kind::List && value.isList())
        return eachOrdered(value, [&type](const Value &item) { return builtInOrder(item, *type.element()); });
    if (type.kind() != schema::Kind::Struct || !value.isMap())
        return byName(value);
    return ordered(
        value, type.fields(), [](const schema::Field &field) { return std::string(field.name()); },
        [](const Value &member, const schema::Field &field) { return builtInOrder(member, field.type()); });
}

Value ownOrder(const Value &value, const Member &place)
{
    if (!place.model.empty()) {
        const schema::Type *type = schema::typeNamed(place.model);
        return type ? builtInOrder(value, *type) : byName(value);
    }
    if (value.isList())
        return eachOrdered(value, [&place](const Value &item) { return ownOrder(item, place); });
    if (place.members.empty() || !value.isMap())
        return byName(value);
    return ordered(value, place.members, [](const Member &member) { return std::string(member.name); }, ownOrder);
}

} // namespace

std::string metricJson(const Value &metric)
{
    return object::toJson(ownOrder(metric, {"", kMetric}), {.order = object::KeyOrder::Kept});
}

} // namespace tiphys::rollout
