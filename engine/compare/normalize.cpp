// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/normalize.h"

#include "base/base64.h"
#include "compare/draft.h"
#include "compare/json_merge.h"
#include "object/json.h"
#include "schema/schema.h"
#include "schema/typed.h"

#include <algorithm>

namespace tiphys::compare {

using object::Object;
using object::Value;

namespace {

constexpr std::string_view kRbacGroup = "rbac.authorization.k8s.io";

Expected<Value> typedLeniently(const Value &value, const object::Gvk &gvk)
{
    const schema::Type *type = schema::typeOf(gvk);
    if (!type)
        return failure(ErrorCode::Unsupported, "no built-in type " + gvk.text());
    return schema::asTyped(value, *type, schema::UnknownFields::Drop);
}

Value normalizedSecret(Value secret)
{
    if (const Value plain = secret["stringData"]; plain.isMap()) {
        Draft data(secret["data"].isMap() ? secret["data"] : Value::map({}));
        for (const auto &[key, value] : plain.entries())
            data.set(key, value.isString() ? Value(base64Of(value.stringOr())) : value);
        secret = secret.with("data", data.toValue()).without("stringData");
    }
    if (!secret["data"].isMap())
        return secret;
    const Expected<Value> typed = typedLeniently(secret, {"", "v1", "Secret"});
    if (!typed)
        return secret;
    if ((*typed)["data"].isNull())
        return secret.with("data", Value());
    Draft data((*typed)["data"]);
    for (DraftMember &member : data.members()) {
        if (member.value.isNull())
            member.value = Draft(Value(""));
    }
    return secret.with("data", data.toValue());
}

Value normalizedRole(Value role, AggregatedRoles aggregated)
{
    if (aggregated == AggregatedRoles::Ignored && role["aggregationRule"].isMap())
        role = role.with("rules", Value());
    const Value rules = role["rules"];
    return rules.isList() && rules.size() == 0 ? role.with("rules", Value()) : role;
}

template <typename Key>
void sortList(Draft *list, const Key &keyOf)
{
    if (!list || !list->isList())
        return;
    std::vector<std::pair<std::string, Draft>> keyed;
    for (Draft &item : list->items())
        keyed.emplace_back(keyOf(item), std::move(item));
    std::ranges::stable_sort(keyed, {}, &std::pair<std::string, Draft>::first);
    for (std::size_t i = 0; i < keyed.size(); ++i)
        list->items()[i] = std::move(keyed[i].second);
}

std::string jsonOf(const Draft &draft)
{
    return object::toJson(draft.toValue());
}

std::string addressKey(const Draft &address)
{
    const Draft *ip = address.find("ip");
    const Draft *target = address.find("targetRef");
    const Draft *uid = target ? target->find("uid") : nullptr;
    return std::string(ip ? ip->text() : "") + (target ? "\x01" : "") + std::string(uid ? uid->text() : "");
}

/// The original orders ports and subsets by a hash of their Go structs; any one order compares the same.
Value normalizedEndpoints(const Value &endpoints)
{
    const Expected<Value> typed = typedLeniently(endpoints, {"", "v1", "Endpoints"});
    if (!typed)
        return endpoints;
    Draft draft(*typed);
    Draft *subsets = draft.find("subsets");
    if (!subsets || !subsets->isList())
        return draft.toValue();
    for (Draft &subset : subsets->items()) {
        Draft *ports = subset.find("ports");
        for (std::size_t i = 0; ports && ports->isList() && i < ports->items().size(); ++i)
            ports->items()[i].setIfZero("protocol", "TCP");
        sortList(ports, jsonOf);
        sortList(subset.find("addresses"), addressKey);
        sortList(subset.find("notReadyAddresses"), addressKey);
    }
    sortList(subsets, jsonOf);
    return draft.toValue();
}

} // namespace

Object remarshalled(const Object &object)
{
    const schema::Type *type = schema::typeOf(object.gvk());
    if (!type)
        return object;
    const Expected<Value> typed = schema::asTyped(object.value(), *type, schema::UnknownFields::Refuse);
    if (!typed)
        return object;
    return Object(restrictedTo(Draft(object.value()), Draft(*typed)).toValue());
}

Object normalizedKind(const Object &object, AggregatedRoles roles)
{
    Value value = object.value().withoutPath({"metadata", "creationTimestamp"});
    const object::GroupKind kind = object.groupKind();
    if (kind.group.empty() && kind.kind == "Secret")
        value = normalizedSecret(std::move(value));
    else if (kind.group == kRbacGroup && (kind.kind == "ClusterRole" || kind.kind == "Role"))
        value = normalizedRole(std::move(value), roles);
    else if (kind.group.empty() && kind.kind == "Endpoints")
        value = normalizedEndpoints(value);
    return Object(value);
}

} // namespace tiphys::compare
