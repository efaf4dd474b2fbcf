// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"
#include "rollout/step.h"
#include "rollout/template_hash.h"

#include <span>

namespace tiphys::rollout {

using object::Value;

namespace {

enum class Shape { Text, Number, Flag, IntOrText, TextMap, Raw, Struct, List, Map };
enum class Presence {
    NotZero, ///< omitted when zero or empty
    Pointer, ///< omitted when absent
    Always,  ///< zero value, or null for lists and pointers
};

/// A member of a Go struct as encoding/json prints it; the order of members matters.
/// Source: argo-rollouts pkg/apis/rollouts/v1alpha1/types.go (CanaryStep)@v1.9.1
struct Member
{
    const char *name;
    Shape shape;
    Presence presence;
    std::span<const Member> members = {};
};

constexpr Member kMetadata[] = {{"labels", Shape::TextMap, Presence::NotZero},
                                {"annotations", Shape::TextMap, Presence::NotZero}};
constexpr Member kExpression[] = {{"key", Shape::Text, Presence::Always},
                                  {"operator", Shape::Text, Presence::Always},
                                  {"values", Shape::Raw, Presence::NotZero}};
constexpr Member kSelector[] = {{"matchLabels", Shape::TextMap, Presence::NotZero},
                                {"matchExpressions", Shape::List, Presence::NotZero, kExpression}};
constexpr Member kFieldRef[] = {{"fieldPath", Shape::Text, Presence::Always}};
constexpr Member kValueFrom[] = {{"podTemplateHashValue", Shape::Text, Presence::Pointer},
                                 {"fieldRef", Shape::Struct, Presence::Pointer, kFieldRef}};
constexpr Member kArgument[] = {{"name", Shape::Text, Presence::Always},
                                {"value", Shape::Text, Presence::NotZero},
                                {"valueFrom", Shape::Struct, Presence::Pointer, kValueFrom}};
constexpr Member kDryRun[] = {{"metricName", Shape::Text, Presence::Always}};
constexpr Member kRetention[] = {{"metricName", Shape::Text, Presence::Always},
                                 {"limit", Shape::Number, Presence::Always}};
constexpr Member kTemplateReference[] = {{"templateName", Shape::Text, Presence::Always},
                                         {"clusterScope", Shape::Flag, Presence::Pointer}};
constexpr Member kAnalysis[] = {{"templates", Shape::List, Presence::NotZero, kTemplateReference},
                                {"args", Shape::List, Presence::NotZero, kArgument},
                                {"dryRun", Shape::List, Presence::NotZero, kDryRun},
                                {"measurementRetention", Shape::List, Presence::NotZero, kRetention},
                                {"analysisRunMetadata", Shape::Struct, Presence::Pointer, kMetadata}};
constexpr Member kService[] = {{"name", Shape::Text, Presence::NotZero}};
constexpr Member kExperimentTemplate[] = {{"name", Shape::Text, Presence::Always},
                                          {"specRef", Shape::Text, Presence::Always},
                                          {"replicas", Shape::Number, Presence::Pointer},
                                          {"metadata", Shape::Struct, Presence::Always, kMetadata},
                                          {"selector", Shape::Struct, Presence::Pointer, kSelector},
                                          {"weight", Shape::Number, Presence::Pointer},
                                          {"service", Shape::Struct, Presence::Pointer, kService}};
constexpr Member kExperimentAnalysis[] = {{"name", Shape::Text, Presence::Always},
                                          {"templateName", Shape::Text, Presence::Always},
                                          {"clusterScope", Shape::Flag, Presence::Pointer},
                                          {"args", Shape::List, Presence::NotZero, kArgument},
                                          {"requiredForCompletion", Shape::Flag, Presence::NotZero}};
constexpr Member kExperiment[] = {{"templates", Shape::List, Presence::Always, kExperimentTemplate},
                                  {"duration", Shape::Text, Presence::NotZero},
                                  {"analyses", Shape::List, Presence::NotZero, kExperimentAnalysis},
                                  {"dryRun", Shape::List, Presence::NotZero, kDryRun},
                                  {"analysisRunMetadata", Shape::Struct, Presence::Always, kMetadata},
                                  {"scaleDownDelaySeconds", Shape::Number, Presence::Pointer}};
constexpr Member kPause[] = {{"duration", Shape::IntOrText, Presence::Pointer}};
constexpr Member kScale[] = {{"weight", Shape::Number, Presence::Pointer},
                             {"replicas", Shape::Number, Presence::Pointer},
                             {"matchTrafficWeight", Shape::Flag, Presence::NotZero}};
constexpr Member kTextMatch[] = {{"exact", Shape::Text, Presence::NotZero},
                                 {"prefix", Shape::Text, Presence::NotZero},
                                 {"regex", Shape::Text, Presence::NotZero}};
constexpr Member kHeaderMatch[] = {{"headerName", Shape::Text, Presence::Always},
                                   {"headerValue", Shape::Struct, Presence::Always, kTextMatch}};
constexpr Member kHeaderRoute[] = {{"name", Shape::Text, Presence::NotZero},
                                   {"match", Shape::List, Presence::NotZero, kHeaderMatch}};
constexpr Member kRouteMatch[] = {{"method", Shape::Struct, Presence::Pointer, kTextMatch},
                                  {"path", Shape::Struct, Presence::Pointer, kTextMatch},
                                  {"headers", Shape::Map, Presence::NotZero, kTextMatch}};
constexpr Member kMirrorRoute[] = {{"name", Shape::Text, Presence::Always},
                                   {"match", Shape::List, Presence::NotZero, kRouteMatch},
                                   {"percentage", Shape::Number, Presence::Pointer}};
constexpr Member kPlugin[] = {{"name", Shape::Text, Presence::Always}, {"config", Shape::Raw, Presence::NotZero}};
constexpr Member kStep[] = {{"setWeight", Shape::Number, Presence::Pointer},
                            {"pause", Shape::Struct, Presence::Pointer, kPause},
                            {"experiment", Shape::Struct, Presence::Pointer, kExperiment},
                            {"analysis", Shape::Struct, Presence::Pointer, kAnalysis},
                            {"setCanaryScale", Shape::Struct, Presence::Pointer, kScale},
                            {"setHeaderRoute", Shape::Struct, Presence::Pointer, kHeaderRoute},
                            {"setMirrorRoute", Shape::Struct, Presence::Pointer, kMirrorRoute},
                            {"plugin", Shape::Struct, Presence::Pointer, kPlugin}};

std::string json(const Value &value)
{
    return object::toJson(value, {.order = object::KeyOrder::Sorted, .escapesHtml = true});
}

void write(const Value &value, const Member &member, std::string &out);

void writeStruct(const Value &value, std::span<const Member> members, std::string &out);

bool isZero(const Value &value, Shape shape)
{
    switch (shape) {
    case Shape::Number: return value.intOr(0) == 0;
    case Shape::Flag: return !value.boolOr(false);
    default: return value.isEmpty();
    }
}

void writeStruct(const Value &value, std::span<const Member> members, std::string &out)
{
    out += '{';
    bool isFirst = true;
    for (const Member &member : members) {
        const Value held = value[member.name];
        if ((member.presence == Presence::Pointer && held.isNull())
            || (member.presence == Presence::NotZero && isZero(held, member.shape)))
            continue;
        out += isFirst ? "\"" : ",\"";
        isFirst = false;
        out += member.name;
        out += "\":";
        write(held, member, out);
    }
    out += '}';
}

void writeList(const Value &value, const Member &member, std::string &out)
{
    if (!value.isList()) {
        out += "null";
        return;
    }
    out += '[';
    bool isFirst = true;
    for (const Value &item : value.items()) {
        out += isFirst ? "" : ",";
        isFirst = false;
        writeStruct(item, member.members, out);
    }
    out += ']';
}

void writeMap(const Value &value, const Member &member, std::string &out)
{
    out += '{';
    bool isFirst = true;
    for (const auto &[key, held] : value.sortedEntries()) {
        out += isFirst ? "" : ",";
        isFirst = false;
        out += json(Value(key)) + ":";
        writeStruct(held, member.members, out);
    }
    out += '}';
}

void write(const Value &value, const Member &member, std::string &out)
{
    switch (member.shape) {
    case Shape::Text: out += json(Value(value.stringOr())); break;
    case Shape::Number: out += std::to_string(value.intOr(0)); break;
    case Shape::Flag: out += value.boolOr(false) ? "true" : "false"; break;
    case Shape::IntOrText:
    case Shape::TextMap:
    case Shape::Raw: out += json(value); break;
    case Shape::Struct:
        // Always with a pointer behind it is the value of a header match.
        if (value.isNull() && std::string_view(member.name) == "headerValue")
            out += "null";
        else
            writeStruct(value, member.members, out);
        break;
    case Shape::List: writeList(value, member, out); break;
    case Shape::Map: writeMap(value, member, out); break;
    }
}

Value routeMatchValue(const RouteMatch &match)
{
    std::vector<std::pair<std::string, Value>> members;
    if (match.method)
        members.emplace_back("method", match.method->value());
    if (match.path)
        members.emplace_back("path", match.path->value());
    std::vector<std::pair<std::string, Value>> headers;
    for (const auto &[name, text] : match.headers)
        headers.emplace_back(name, text.value());
    if (!headers.empty())
        members.emplace_back("headers", Value::map(headers));
    return Value::map(members);
}

Value argumentJsonValue(const AnalysisArgument &argument)
{
    std::vector<std::pair<std::string, Value>> from;
    if (!argument.podTemplateHashValue.empty())
        from.emplace_back("podTemplateHashValue", Value(argument.podTemplateHashValue));
    if (argument.hasFieldRef)
        from.emplace_back("fieldRef", Value::map({{"fieldPath", Value(argument.fieldPath)}}));
    std::vector<std::pair<std::string, Value>> members{{"name", Value(argument.name)},
                                                       {"value", Value(argument.value)}};
    if (argument.hasValueFrom)
        members.emplace_back("valueFrom", Value::map(from));
    return Value::map(members);
}

} // namespace

std::string headerRouteJson(const HeaderRouteStep &step)
{
    std::vector<Value> matches;
    for (const HeaderMatch &match : step.match)
        matches.push_back(Value::map({{"headerName", Value(match.headerName)},
                                      {"headerValue", match.headerValue ? match.headerValue->value() : Value()}}));
    std::string text;
    writeStruct(Value::map({{"name", Value(step.name)}, {"match", Value::list(matches)}}), kHeaderRoute, text);
    return text;
}

std::string mirrorRouteJson(const MirrorRouteStep &step)
{
    std::vector<Value> matches;
    for (const RouteMatch &match : step.match)
        matches.push_back(routeMatchValue(match));
    const Value percentage = step.percentage ? Value(*step.percentage) : Value();
    std::string text;
    writeStruct(Value::map({{"name", Value(step.name)}, {"match", Value::list(matches)}, {"percentage", percentage}}),
                kMirrorRoute, text);
    return text;
}

std::string argumentsJson(const std::vector<AnalysisArgument> &arguments)
{
    std::vector<Value> values;
    for (const AnalysisArgument &argument : arguments)
        values.push_back(argumentJsonValue(argument));
    std::string text;
    writeList(Value::list(values), {"args", Shape::List, Presence::Always, kArgument}, text);
    return text;
}

std::string stepHashOf(const Value &steps)
{
    std::string text;
    if (steps.size() == 0)
        text = "null";
    else
        writeList(steps, {"steps", Shape::List, Presence::Always, kStep}, text);
    return safeEncoded(std::to_string(fnv1a(text)));
}

} // namespace tiphys::rollout
