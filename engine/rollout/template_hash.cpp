// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/template_hash.h"

#include "compare/defaults.h"
#include "object/json.h"
#include "object/view.h"
#include "rollout/names.h"
#include "rollout/reading.h"
#include "rollout/template_repair.h"
#include "schema/typed.h"

#include <algorithm>
#include <array>

namespace tiphys::rollout {

using object::Value;
using object::View;
using schema::Field;
using schema::Type;

namespace {

const Type &podTemplateType()
{
    static const Type *const type = schema::typeNamed("io.k8s.api.core.v1.PodTemplateSpec");
    return *type;
}

bool hasUnknown(const Value &value)
{
    if (value["spec"].contains("schedulingGroup"))
        return true;
    const Value volumes = value.path({"spec", "volumes"});
    for (const Value &volume : volumes.items()) {
        if (volume.contains("projected"))
            return true;
    }
    return false;
}

void writeHashed(const Value &value, const Type &type, std::string &out);

void writeStruct(const Value &value, const Type &type, std::string &out)
{
    out += '{';
    bool isFirst = true;
    for (const Field &field : type.fields()) {
        const std::optional<Value> member = value.find(field.name());
        if (!member)
            continue;
        out += isFirst ? "\"" : ",\"";
        isFirst = false;
        out += field.name();
        out += "\":";
        writeHashed(*member, field.type(), out);
    }
    out += '}';
}

void writeHashed(const Value &value, const Type &type, std::string &out)
{
    if (type.kind() == schema::Kind::Struct && value.isMap()) {
        writeStruct(value, type, out);
    } else if (type.kind() == schema::Kind::List && value.isList()) {
        out += '[';
        bool isFirst = true;
        for (const Value &item : value.items()) {
            out += isFirst ? "" : ",";
            isFirst = false;
            writeHashed(item, *type.element(), out);
        }
        out += ']';
    } else {
        out += object::toJson(value, {.order = object::KeyOrder::Sorted, .escapesHtml = true});
    }
}

Expected<Value> typed(const Value &podTemplate)
{
    return schema::asTyped(podTemplate, podTemplateType(), schema::UnknownFields::Drop);
}

/// \p podTemplate, of which \p typed was read, without what the controller does not know.
Value normalised(const Value &podTemplate, const Expected<Value> &typed)
{
    return typed && !hasUnknown(*typed) ? *typed : repairedTemplate(podTemplate);
}

/// True if \p metadata holds labels and annotations alone, all of them texts: no reading changes them then.
bool isPlain(const View &metadata)
{
    if (!metadata.isMap())
        return metadata.isNull();
    for (std::size_t i = 0; i < metadata.size(); ++i) {
        const View member = metadata.valueAt(i);
        const bool isMap = metadata.keyAt(i) == "labels" || metadata.keyAt(i) == "annotations";
        if (!member.isNull() && !(isMap && member.isMap()))
            return false;
        for (std::size_t k = 0; k < member.size(); ++k) {
            if (!member.valueAt(k).isString())
                return false;
        }
    }
    return true;
}

/// True if \p some has a text that \p others has not, the hash label left aside.
bool hasMore(const View &some, const View &others)
{
    for (std::size_t i = 0; i < some.size(); ++i) {
        const View other = others[some.keyAt(i)];
        if (some.keyAt(i) != kHashLabel && !(other.isString() && other.stringOr() == some.valueAt(i).stringOr()))
            return true;
    }
    return false;
}

/// True if labels or annotations of \p a and \p b differ for certain.
bool hasOtherTexts(const Value &a, const Value &b)
{
    const View one = View(a)["metadata"];
    const View other = View(b)["metadata"];
    if (!isPlain(one) || !isPlain(other))
        return false;
    return std::ranges::any_of(std::array{"labels", "annotations"}, [&](const char *key) {
        return hasMore(one[key], other[key]) || hasMore(other[key], one[key]);
    });
}

/// True if the same containers have other images in \p a and \p b, both normalised.
bool hasOtherImages(const Value &a, const Value &b)
{
    const View one = View(a)["spec"]["containers"];
    const View other = View(b)["spec"]["containers"];
    bool isOther = false;
    for (std::size_t i = 0; i < one.size(); ++i) {
        const std::string_view name = one.at(i)["name"].stringOr();
        if (name.empty() || name != other.at(i)["name"].stringOr())
            return false;
        // What has one name twice may be merged.
        for (std::size_t k = 0; k < i; ++k) {
            if (one.at(k)["name"].stringOr() == name)
                return false;
        }
        isOther = isOther || one.at(i)["image"].stringOr() != other.at(i)["image"].stringOr();
    }
    return isOther && one.size() == other.size();
}

Value forComparison(const Value &podTemplate)
{
    Value result = podTemplate.withoutPath({"spec", "serviceAccount"});
    const Value labels = result.path({"metadata", "labels"}).without(kHashLabel);
    if (labels.size() == 0)
        return result.withoutPath({"metadata", "labels"});
    return result.withPath({"metadata", "labels"}, labels);
}

} // namespace

std::uint32_t fnv1a(std::string_view bytes, std::uint32_t state)
{
    for (const char c : bytes) {
        state ^= static_cast<unsigned char>(c);
        state *= 16777619u;
    }
    return state;
}

std::string safeEncoded(std::string_view text)
{
    constexpr std::string_view kAlphabet = "bcdfghjklmnpqrstvwxz2456789";
    std::string result;
    for (const char c : text)
        result += kAlphabet[static_cast<unsigned char>(c) % kAlphabet.size()];
    return result;
}

std::string PodTemplate::hash(std::optional<int> collisionCount) const
{
    if (!collisionCount && !plainHash.empty())
        return plainHash;
    std::uint32_t state = hashState;
    if (collisionCount) {
        const auto count = static_cast<std::uint32_t>(*collisionCount);
        std::array<char, 8> bytes{};
        for (std::size_t i = 0; i < 4; ++i)
            bytes[i] = static_cast<char>((count >> (8 * i)) & 0xffu);
        state = fnv1a(std::string_view(bytes.data(), bytes.size()), state);
    }
    return safeEncoded(std::to_string(state));
}

crd::TextMap PodTemplate::labels() const
{
    return textMapOf(value.path({"metadata", "labels"}));
}

bool PodTemplate::isEmpty() const
{
    return value.path({"metadata", "labels"}).size() == 0 && value.path({"metadata", "annotations"}).size() == 0;
}

PodTemplate readPodTemplate(const Value &value)
{
    PodTemplate result;
    const Expected<Value> read = typed(value);
    result.isMisfit = !read;
    result.value = normalised(value, read);
    result.hashState = fnv1a(hashedJson(result.value));
    result.plainHash = result.hash();
    return result;
}

std::string hashedJson(const Value &normalised)
{
    std::string json;
    writeHashed(normalised, podTemplateType(), json);
    return json;
}

bool isSameTemplate(const Value &live, const Value &desired)
{
    // Most that differ do so in what no default touches.
    if (hasOtherTexts(live, desired))
        return false;
    const Value read = normalised(live, typed(live));
    if (hasOtherImages(read, desired))
        return false;
    const Type *type = schema::typeOf({"", "v1", "PodTemplate"});
    const Value object = Value::map({{"apiVersion", "v1"},
                                     {"kind", "PodTemplate"},
                                     {"metadata", Value::map({})},
                                     {"template", forComparison(desired)}});
    const Expected<Value> defaulted = compare::withDefaults(object, *type);
    const Value wanted = defaulted ? (*defaulted)["template"] : desired;
    return forComparison(read) == forComparison(normalised(wanted, typed(wanted)));
}

} // namespace tiphys::rollout
