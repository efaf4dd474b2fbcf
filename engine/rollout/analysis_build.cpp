// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis_build.h"

#include "base/text.h"
#include "object/json.h"
#include "rollout/analysis/expression_value.h"
#include "rollout/number.h"
#include "rollout/pod/name_rules.h"
#include "rollout/reading.h"

#include <algorithm>
#include <set>

namespace tiphys::rollout {

using object::Value;

namespace {

constexpr int kMaxNesting = 32;
constexpr std::size_t kMaxTemplates = 1000;

std::unexpected<Error> invalid(std::string message)
{
    return failure(ErrorCode::InvalidInput, std::move(message));
}

/// Templates of the namespace and of the cluster apart: the former come first in a run.
struct Collected
{
    Templates own;
    Templates cluster;
};

Expected<void> collect(const std::vector<TemplateReference> &references, const Observed &observed, int depth,
                       Collected &collected)
{
    if (depth > kMaxNesting || collected.own.size() + collected.cluster.size() > kMaxTemplates)
        return failure(ErrorCode::LimitExceeded, "analysis templates name each other");
    for (const TemplateReference &reference : references) {
        const AnalysisTemplate *found = observed.analysisTemplate(reference);
        const char *kind = reference.isClusterScoped ? "ClusterAnalysisTemplate" : "AnalysisTemplate";
        if (!found)
            return std::unexpected(Error(ErrorCode::NotFound, kind + std::string(" '") + reference.name + "' not found",
                                         depth > 0 ? "nested" : ""));
        (found->isClusterScoped ? collected.cluster : collected.own).push_back(found);
        if (const Expected<void> nested = collect(found->templates, observed, depth + 1, collected); !nested)
            return nested;
    }
    return {};
}

void appendUnique(Templates &result, const Templates &found)
{
    for (const AnalysisTemplate *candidate : found) {
        const bool isKnown = std::ranges::any_of(result, [candidate](const AnalysisTemplate *known) {
            return known->name == candidate->name && known->isClusterScoped == candidate->isClusterScoped;
        });
        if (!isKnown)
            result.push_back(candidate);
    }
}

Expected<void> addArgument(std::vector<RunArgument> &arguments, const RunArgument &argument)
{
    const auto known = std::ranges::find(arguments, argument.name, &RunArgument::name);
    if (known == arguments.end()) {
        arguments.push_back(argument);
        return {};
    }
    if (known->value && argument.value && *known->value != *argument.value)
        return invalid("Argument `" + argument.name + "` specified multiple times with different values: '"
                       + *known->value + "', '" + *argument.value + "'");
    if (!known->value)
        *known = argument;
    return {};
}

Expected<void> checkDryRun(const std::vector<std::string> &rules)
{
    std::set<std::string> names;
    for (const std::string &rule : rules) {
        if (!names.insert(rule).second)
            return invalid("two Dry-Run metric rules have the same name '" + rule + "'");
    }
    return {};
}

Expected<void> checkRetention(const std::vector<MeasurementRetention> &rules)
{
    std::set<std::string> names;
    for (const MeasurementRetention &rule : rules) {
        if (!names.insert(rule.metricName).second)
            return invalid("two Measurement Retention metric rules have the same name '" + rule.metricName + "'");
    }
    return {};
}

/// A map as the downward API prints it: k="v" a line, sorted.
std::string formatted(const crd::TextMap &map)
{
    std::string result;
    for (const auto &[key, text] : map)
        result += (result.empty() ? "" : "\n") + key + "=" + object::toJson(Value(text));
    return result;
}

/// Key of metadata.labels['key'], nothing if \p path is not of this form.
std::optional<std::string> subscript(std::string_view path, std::string_view field)
{
    if (!path.starts_with(field))
        return std::nullopt;
    path.remove_prefix(field.size());
    if (path.size() < 4 || !path.starts_with("['") || !path.ends_with("']"))
        return std::nullopt;
    return std::string(path.substr(2, path.size() - 4));
}

/// Source: k8s.io/kubernetes/pkg/fieldpath/fieldpath.go (ExtractFieldPathAsString)@v1.34.1
Expected<std::string> metadataField(const Rollout &rollout, std::string_view path)
{
    const auto at = [path](const crd::TextMap &map, std::string_view key,
                           const std::string &name) -> Expected<std::string> {
        if (const Problems problems = qualifiedNameProblems(name); !problems.empty())
            return invalid("invalid key subscript in " + std::string(path) + ": " + join(problems, ";"));
        return std::string(textAt(map, key));
    };
    if (const auto key = subscript(path, "metadata.labels"))
        return at(rollout.labels, *key, std::string(*key));
    if (const auto key = subscript(path, "metadata.annotations"))
        return at(rollout.annotations, *key, asciiLower(*key));
    if (const std::size_t open = path.find("['"); path.ends_with("']") && open != 0 && open != std::string_view::npos)
        return invalid("fieldPath " + object::toJson(Value(path.substr(0, open))) + " does not support subscript");
    if (path == "metadata.labels")
        return formatted(rollout.labels);
    if (path == "metadata.annotations")
        return formatted(rollout.annotations);
    if (path == "metadata.name")
        return rollout.name;
    if (path == "metadata.namespace")
        return rollout.ns;
    if (path == "metadata.uid")
        return rollout.uid;
    return invalid("unsupported fieldPath: " + std::string(path));
}

/// As Go prints what it read from JSON: every number is a float64.
std::string shownScalar(const Value &value)
{
    const auto number = value.asNumber();
    return expression::printed(number ? Value(*number) : value);
}

/// Source: argo-rollouts utils/analysis/factory.go (extractValueFromRollout)@v1.9.1
Expected<std::string> rolloutField(const Rollout &rollout, std::string_view path)
{
    Value value = rollout.object.value();
    std::string rest(path);
    std::ranges::replace_if(rest, [](char c) { return c == '[' || c == ']'; }, '.');
    for (const std::string_view part : split(rest, '.')) {
        if (part.empty())
            continue;
        if (value.isList()) {
            const auto index = decimalOf(part);
            if (!index || *index < 0)
                return invalid("invalid index '" + std::string(part) + "'");
            if (static_cast<std::size_t>(*index) >= value.size())
                return invalid("index " + std::string(part) + " out of range");
            value = value.at(static_cast<std::size_t>(*index));
        } else if (value.isMap()) {
            value = value[part];
        } else {
            return invalid("invalid path " + std::string(path) + " in rollout");
        }
    }
    if (value.isNull())
        return invalid("invalid path " + std::string(path) + " in rollout");
    if (value.isList() || value.isMap())
        return invalid("path " + std::string(path) + " in rollout must terminate in a primitive value");
    return shownScalar(value);
}

Expected<std::string> argumentValue(const AnalysisArgument &argument, const RunHashes &hashes, const Rollout &rollout)
{
    if (argument.podTemplateHashValue == "Latest")
        return hashes.latest;
    if (argument.podTemplateHashValue == "Stable")
        return hashes.stable;
    if (!argument.hasFieldRef)
        return argument.value;
    return argument.fieldPath.starts_with("metadata") ? metadataField(rollout, argument.fieldPath)
                                                      : rolloutField(rollout, argument.fieldPath);
}

/// \p value without empty maps, lists and texts inside of it.
Value pruned(const Value &value)
{
    if (value.isMap()) {
        std::vector<std::pair<std::string, Value>> members;
        for (const auto &[key, member] : value.entries()) {
            if (const Value kept = pruned(member); !kept.isEmpty())
                members.emplace_back(std::string(key), kept);
        }
        return Value::map(members);
    }
    if (value.isList()) {
        std::vector<Value> items;
        for (const Value &item : value.items())
            items.push_back(pruned(item));
        return Value::list(items);
    }
    return value;
}

} // namespace

Expected<Templates> templatesOf(const std::vector<TemplateReference> &references, const Observed &observed)
{
    Collected collected;
    if (const Expected<void> found = collect(references, observed, 0, collected); !found)
        return std::unexpected(found.error());
    Templates result;
    appendUnique(result, collected.own);
    appendUnique(result, collected.cluster);
    return result;
}

Expected<FlatTemplate> flattened(const Templates &templates)
{
    FlatTemplate flat;
    std::set<std::string> names;
    for (const AnalysisTemplate *part : templates) {
        for (const Metric &metric : part->metrics) {
            if (!names.insert(metric.name).second)
                return invalid("two metrics have the same name '" + metric.name + "'");
            flat.metrics.push_back(metric);
        }
        flat.dryRun.insert(flat.dryRun.end(), part->dryRun.begin(), part->dryRun.end());
        flat.measurementRetention.insert(flat.measurementRetention.end(), part->measurementRetention.begin(),
                                         part->measurementRetention.end());
    }
    if (const Expected<void> checked = checkDryRun(flat.dryRun); !checked)
        return std::unexpected(checked.error());
    if (const Expected<void> checked = checkRetention(flat.measurementRetention); !checked)
        return std::unexpected(checked.error());
    for (const AnalysisTemplate *part : templates) {
        for (const RunArgument &argument : part->arguments) {
            if (const Expected<void> added = addArgument(flat.arguments, argument); !added)
                return std::unexpected(added.error());
        }
    }
    return flat;
}

Expected<FlatTemplate> runTemplate(const Templates &templates, const std::vector<RunArgument> &arguments,
                                   const std::vector<std::string> &dryRun,
                                   const std::vector<MeasurementRetention> &retention)
{
    Expected<FlatTemplate> flat = flattened(templates);
    if (!flat)
        return flat;
    for (const RunArgument &argument : arguments) {
        const auto known = std::ranges::find(flat->arguments, argument.name, &RunArgument::name);
        if (known == flat->arguments.end())
            continue;
        if (argument.value)
            known->value = argument.value;
        else if (!argument.valueFrom.isNull())
            known->valueFrom = argument.valueFrom;
    }
    for (const RunArgument &argument : flat->arguments) {
        if (!argument.value && argument.valueFrom.isNull())
            return invalid("args." + argument.name + " was not resolved");
    }
    flat->dryRun.insert(flat->dryRun.begin(), dryRun.begin(), dryRun.end());
    if (const Expected<void> checked = checkDryRun(flat->dryRun); !checked)
        return std::unexpected(checked.error());
    flat->measurementRetention.insert(flat->measurementRetention.begin(), retention.begin(), retention.end());
    if (const Expected<void> checked = checkRetention(flat->measurementRetention); !checked)
        return std::unexpected(checked.error());
    return flat;
}

Expected<std::vector<RunArgument>> resolvedArguments(const std::vector<AnalysisArgument> &arguments,
                                                     const RunHashes &hashes, const Rollout &rollout)
{
    std::vector<RunArgument> result;
    // A field that is not there is an error only if the last field asked for is not there.
    std::optional<Error> missing;
    for (const AnalysisArgument &argument : arguments) {
        const Expected<std::string> value = argumentValue(argument, hashes, rollout);
        const bool isField = argument.podTemplateHashValue.empty() && argument.hasFieldRef;
        if (!value && argument.fieldPath.starts_with("metadata"))
            return std::unexpected(value.error());
        if (isField)
            missing = value ? std::nullopt : std::optional(value.error());
        result.push_back({.name = argument.name, .value = value.value_or(std::string()), .valueFrom = {}});
    }
    if (missing)
        return std::unexpected(*missing);
    return result;
}

std::vector<RunArgument> checkedArguments(const std::vector<AnalysisArgument> &arguments, const Rollout &rollout)
{
    const RunHashes hashes{.latest = "dummy-new-hash", .stable = "dummy-stable-hash"};
    std::vector<RunArgument> result;
    for (const AnalysisArgument &argument : arguments) {
        const Expected<std::string> value = argumentValue(argument, hashes, rollout);
        result.push_back({.name = argument.name, .value = value.value_or(std::string()), .valueFrom = {}});
    }
    return result;
}

bool isDownwardPath(std::string_view path)
{
    return metadataField(Rollout(), path).has_value();
}

Value runSpec(const FlatTemplate &flat)
{
    const auto list = [](const auto &parts, auto make) {
        std::vector<Value> values;
        for (const auto &part : parts)
            values.push_back(make(part));
        return Value::list(values);
    };
    std::vector<std::pair<std::string, Value>> spec;
    spec.emplace_back("metrics", list(flat.metrics, [](const Metric &metric) { return metric.value; }));
    if (!flat.arguments.empty())
        spec.emplace_back("args", list(flat.arguments, [](const RunArgument &part) { return part.toValue(); }));
    if (!flat.dryRun.empty())
        spec.emplace_back("dryRun", list(flat.dryRun, [](const std::string &name) {
                              return Value::map({{"metricName", Value(name)}});
                          }));
    if (!flat.measurementRetention.empty())
        spec.emplace_back("measurementRetention", list(flat.measurementRetention, [](const MeasurementRetention &rule) {
                              return Value::map({{"metricName", rule.metricName}, {"limit", rule.limit}});
                          }));
    return Value::map(spec);
}

bool isSameRunSpec(const Value &left, const Value &right)
{
    return std::ranges::all_of(std::initializer_list<const char *>{"metrics", "args", "dryRun", "measurementRetention"},
                               [&](const char *key) { return pruned(left[key]) == pruned(right[key]); });
}

Expected<std::string> withArguments(std::string_view text, const std::vector<RunArgument> &arguments,
                                    std::string_view prefix)
{
    struct Tag
    {
        std::size_t begin;
        std::size_t end;
    };
    std::vector<Tag> tags;
    for (std::size_t open = text.find("{{"); open != std::string_view::npos;
         open = text.find("{{", tags.back().end + 2)) {
        const std::size_t close = text.find("}}", open + 2);
        if (close == std::string_view::npos)
            return invalid("Cannot find end tag=\"}}\" in the template=" + object::toJson(Value(text))
                           + " starting from " + object::toJson(Value(text.substr(open + 2))));
        tags.push_back({open + 2, close});
    }
    for (const RunArgument &argument : arguments) {
        if (!argument.value)
            return invalid("argument \"" + argument.name + "\" was not supplied");
    }
    std::string result, unresolved;
    std::size_t at = 0;
    for (const Tag &tag : tags) {
        result += text.substr(at, tag.begin - 2 - at);
        at = tag.end + 2;
        const std::string_view name = trimmed(text.substr(tag.begin, tag.end - tag.begin));
        // Of arguments that share a name the last one counts.
        const auto found =
            std::find_if(arguments.rbegin(), arguments.rend(), [name, prefix](const RunArgument &argument) {
                return name.starts_with(prefix) && name.substr(prefix.size()) == argument.name;
            });
        if (found == arguments.rend())
            unresolved = text.substr(tag.begin, tag.end - tag.begin);
        else
            result += *found->value;
    }
    result += text.substr(at);
    // Of several tags that mean nothing the last one is named.
    if (!unresolved.empty())
        return invalid("failed to resolve {{" + unresolved + "}}");
    return result;
}

} // namespace tiphys::rollout
