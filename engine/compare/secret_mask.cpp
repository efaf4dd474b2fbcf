// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/secret_mask.h"

#include "compare/draft.h"
#include "compare/normalize.h"
#include "compare/three_way.h"
#include "object/json.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace tiphys::compare {

using object::Object;
using object::Value;

namespace {

constexpr std::string_view kMask = "++++++++";
constexpr std::string_view kStep = "++++";

/// Target, live and what was applied to each before; the order decides who gets the shortest mask.
using Sides = std::array<Draft, 4>;

/// The last-applied object, and whether there was one that could not be read.
struct LastApplied
{
    Object object;
    bool isBroken = false;
};

LastApplied lastAppliedIn(const Object &object)
{
    Expected<Object> applied = lastAppliedOf(object);
    return applied ? LastApplied{*applied, false} : LastApplied{Object(), true};
}

std::string textOf(const Draft &value)
{
    if (value.isNull())
        return {};
    return value.leaf().isString() ? std::string(value.text()) : object::toJson(value.toValue());
}

Draft *mapAt(Draft &side, const std::vector<std::string_view> &path)
{
    Draft *at = &side;
    for (const std::string_view key : path) {
        at = at->find(key);
        if (!at)
            return nullptr;
    }
    return at->isMap() ? at : nullptr;
}

void mask(Sides &sides, const std::set<std::string> &keys, const std::vector<std::string_view> &path)
{
    for (const std::string &key : keys) {
        std::map<std::string, std::string> masks;
        for (Draft &side : sides) {
            Draft *map = mapAt(side, path);
            Draft *value = map ? map->find(key) : nullptr;
            if (!value)
                continue;
            const auto [found, isNew] = masks.try_emplace(textOf(*value));
            if (isNew) {
                found->second = kMask;
                for (std::size_t i = 1; i < masks.size(); ++i)
                    found->second += kStep;
            }
            *value = Draft(Value(found->second));
        }
    }
}

/// "data" and "stringData" where one of the sides has something in them that was not masked by its keys.
std::set<std::string> unreadMembers(Sides &sides)
{
    std::set<std::string> unread;
    for (Draft &side : sides) {
        if (!side.isMap())
            continue;
        const Draft *data = side.find("data");
        if (data && !data->isNull() && !data->isMap())
            unread.insert("data");
        if (const Draft *texts = side.find("stringData"); texts && !texts->isNull())
            unread.insert("stringData");
    }
    return unread;
}

Object withMaskedAnnotation(Draft side, const Draft &applied, const LastApplied &before, bool hidesAll)
{
    Value value = side.toValue();
    if (value.isNull() || (before.object.isNull() && !before.isBroken))
        return Object(value);
    const bool hides = hidesAll || before.isBroken;
    const std::string text =
        hides ? std::string(kMask) : object::toJson(applied.toValue(), {.escapesHtml = true}) + "\n";
    return Object(value.withPath({"metadata", "annotations", kLastAppliedAnnotation}, text));
}

} // namespace

bool isSecret(const Object &object)
{
    return object.kind() == "Secret" && object.group().empty();
}

MaskedPair maskedSecrets(const Object &target, const Object &live, const std::vector<std::string> &annotations)
{
    const LastApplied targetBefore = lastAppliedIn(target);
    const LastApplied liveBefore = lastAppliedIn(live);
    const auto draftOf = [](const Object &object) {
        if (object.isNull())
            return Draft();
        // Only the Secret's own rules: data in base64, nulls as empty text.
        const Value creation = object.path({"metadata", "creationTimestamp"});
        const Object normal = normalizedKind(object, AggregatedRoles::Compared);
        return Draft(creation.isNull() ? normal.value()
                                       : normal.value().withPath({"metadata", "creationTimestamp"}, creation));
    };
    Sides sides{draftOf(target), draftOf(live), draftOf(targetBefore.object), draftOf(liveBefore.object)};
    std::set<std::string> keys;
    for (Draft &side : sides) {
        if (const Draft *data = mapAt(side, {"data"})) {
            for (const DraftMember &member : data->members())
                keys.insert(member.key);
        }
    }
    mask(sides, keys, {"data"});
    // What a Secret cannot hold, and what was applied without saying that it is one, is hidden whole.
    mask(sides, unreadMembers(sides), {});
    mask(sides, {annotations.begin(), annotations.end()}, {"metadata", "annotations"});
    const bool hidesAll = std::ranges::contains(annotations, kLastAppliedAnnotation);
    return {withMaskedAnnotation(std::move(sides[0]), sides[2], targetBefore, hidesAll),
            withMaskedAnnotation(std::move(sides[1]), sides[3], liveBefore, hidesAll)};
}

} // namespace tiphys::compare
