// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/template_hash.h"

#include "compare/defaults.h"
#include "object/json.h"
#include "rollout/names.h"
#include "rollout/reading.h"
#include "rollout/template_repair.h"
#include "schema/typed.h"

#include <array>

namespace tiphys::rollout {

using object::Value;
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
    const Expected<Value> typed = schema::asTyped(value, podTemplateType(), schema::UnknownFields::Drop);
    PodTemplate result;
    result.value = typed && !hasUnknown(*typed) ? *typed : repairedTemplate(value);
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
    const Type *type = schema::typeOf({"", "v1", "PodTemplate"});
    const Value object = Value::map(
        {{"apiVersion", "v1"}, {"kind", "PodTemplate"}, {"metadata", Value::map({})}, {"template", forComparison(desired)}});
    const Expected<Value> defaulted = compare::withDefaults(object, *type);
    const Value wanted = defaulted ? (*defaulted)["template"] : desired;
    return forComparison(readPodTemplate(live).value) == forComparison(readPodTemplate(wanted).value);
}

} // namespace tiphys::rollout
