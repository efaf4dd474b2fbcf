// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compare/case_maker.h"

#include "compare/apply_patch.h"
#include "object/json.h"
#include "object/object.h"
#include "object/yaml.h"

#include <fstream>
#include <iterator>

namespace tiphys::compare {

using object::Object;
using object::Value;

CaseMaker::CaseMaker(std::uint64_t seed) : m_state(seed * 2 + 1)
{
    std::ifstream file(TIPHYS_TEST_DATA "/compare/manifests.yaml");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    for (const std::string_view document : object::splitYamlDocuments(text))
        m_manifests.push_back(object::parseYaml(document).value());
}

std::uint64_t CaseMaker::number(std::uint64_t below)
{
    m_state = m_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (m_state >> 33) % below;
}

Value CaseMaker::changedMap(const Value &map, int depth)
{
    if (map.size() == 0)
        return map.with("added", "x");
    const auto entries = map.sortedEntries();
    const auto &[key, member] = entries[number(entries.size())];
    if (depth == 0 && (key == "apiVersion" || key == "kind"))
        return map;
    switch (number(12)) {
    case 0:
    case 1: return map.without(key);
    case 2: return map.with(key, Value());
    case 3: return map.with("extra" + std::to_string(number(3)), chance(50) ? Value("x") : Value(7));
    case 4:
        return member.isList() ? map.with(key, Value::list({})) : member.isMap() ? map.with(key, Value::map({})) : map;
    default: return map.with(key, changed(member, depth + 1));
    }
}

Value CaseMaker::changedList(const Value &list, int depth)
{
    if (list.size() == 0)
        return list;
    const std::size_t index = number(list.size());
    const Value item = list.at(index);
    switch (number(8)) {
    case 0: return list.withoutItem(index);
    case 1: return list.appended(changed(item, depth + 1));
    case 2: {
        const std::size_t other = number(list.size());
        return list.withItem(index, list.at(other)).withItem(other, item);
    }
    case 3:
        if (item["name"].isString())
            return list.appended(item.with("name", "new" + std::to_string(number(4))));
        return list.appended(item);
    default: return list.withItem(index, changed(item, depth + 1));
    }
}

Value CaseMaker::changed(const Value &value, int depth)
{
    if (value.isMap())
        return changedMap(value, depth);
    if (value.isList())
        return changedList(value, depth);
    if (value.isString()) {
        switch (number(6)) {
        case 0: return "";
        case 1: return "1500m";
        case 2: return "2Gi";
        default: return std::string(value.stringOr()) + "x";
        }
    }
    if (value.isBool())
        return !value.boolOr(false);
    if (value.isInteger())
        return value.intOr(0) + static_cast<std::int64_t>(number(3)) - 1;
    return value.isNull() ? Value("x") : Value(2.25);
}

Value CaseMaker::mutated(const Value &value, int changes)
{
    Value result = value;
    for (int i = 0; i < changes; ++i) {
        // Names and kinds stay: pairs of other identity are never compared.
        const Value next = changed(result, 0);
        if (next.isMap() && next["metadata"].isMap() && next["kind"] == value["kind"]
            && next["apiVersion"] == value["apiVersion"])
            result = next.withPath({"metadata", "name"}, value.path({"metadata", "name"}));
    }
    const Value annotations = result.path({"metadata", "annotations"});
    return annotations.isNull() || annotations.isMap() ? result : result.withoutPath({"metadata", "annotations"});
}

Value CaseMaker::live(const Value &base)
{
    Value value = mutated(base, static_cast<int>(number(4)));
    if (chance(80)) {
        const Value applied = mutated(base, static_cast<int>(number(3)));
        value = value.withPath({"metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"},
                               lastAppliedText(Object(applied)));
    }
    if (chance(60)) {
        value = value.withPath({"metadata", "uid"}, "u-1")
                    .withPath({"metadata", "resourceVersion"}, "17")
                    .withPath({"metadata", "creationTimestamp"}, "2024-05-01T10:00:00Z");
    }
    return value;
}

/// The fields of \p value as somebody may have applied them, some of them left out.
Value CaseMaker::managedFields(const Value &value, int depth)
{
    std::vector<std::pair<std::string, Value>> fields;
    for (const auto &[key, member] : value.sortedEntries()) {
        const bool isIdentity = depth == 0 && (key == "apiVersion" || key == "kind");
        if (isIdentity || chance(15) || (depth == 1 && key == "managedFields"))
            continue;
        fields.emplace_back("f:" + std::string(key),
                            member.isMap() ? managedFields(member, depth + 1) : Value::map({}));
        if (member.isList() && member.at(0)["name"].isString() && key != "ports") {
            Value items = Value::map({});
            for (const Value &item : member.items()) {
                if (item["name"].isString() && chance(85)) {
                    const std::string name = "k:" + object::toJson(Value::map({{"name", item["name"]}}));
                    items = items.with(name, managedFields(item, depth + 2).with(".", Value::map({})));
                }
            }
            fields.back().second = items;
        }
    }
    return Value::map(fields);
}

Value CaseMaker::withManagers(const Value &live, const Value &target)
{
    std::vector<Value> entries;
    const Value apiVersion = live["apiVersion"];
    if (chance(75)) {
        const Value &owned = chance(50) ? live : target;
        entries.push_back(Value::map({{"manager", "argocd-controller"},
                                      {"operation", "Apply"},
                                      {"apiVersion", apiVersion},
                                      {"fieldsType", "FieldsV1"},
                                      {"fieldsV1", managedFields(owned, 0)}}));
    }
    if (chance(50)) {
        entries.push_back(Value::map({{"manager", "kubectl"},
                                      {"operation", "Update"},
                                      {"apiVersion", apiVersion},
                                      {"fieldsType", "FieldsV1"},
                                      {"fieldsV1", managedFields(live, 0)}}));
    }
    return entries.empty() ? live : live.withPath({"metadata", "managedFields"}, Value::list(entries));
}

Value CaseMaker::next()
{
    const Value base = m_manifests[m_count++ % m_manifests.size()];
    const Value target = mutated(base, static_cast<int>(number(4)));
    switch (number(6)) {
    case 4:
    case 5:
        return Value::map({{"op", "diff"},
                           {"smd", true},
                           {"manager", "argocd-controller"},
                           {"target", target},
                           {"live", withManagers(live(base), target)}});
    case 0:
        return Value::map({{"op", "patch"}, {"original", mutated(base, 2)}, {"target", target}, {"live", live(base)}});
    case 1: return Value::map({{"op", "defaults"}, {"live", target}});
    default:
        return Value::map(
            {{"op", "diff"}, {"target", target}, {"live", live(base)}, {"ignoreAggregatedRoles", chance(30)}});
    }
}

} // namespace tiphys::compare
