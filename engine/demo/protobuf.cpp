// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/protobuf.h"
#include "base/base64.h"

#include <cstdint>
#include <span>
#include <string>

namespace tiphys::demo {

using object::Value;

namespace {

enum class Form { Text, Texts, Number, Boolean, TextMap, BytesMap, Message };

struct Field;
struct Message
{
    std::span<const Field> fields;
};
struct Field
{
    std::uint32_t number;
    const char *name;
    Form form;
    const Message *message = nullptr;
};

constexpr Field kMetadataFields[] = {{1, "name", Form::Text},
                                     {2, "generateName", Form::Text},
                                     {3, "namespace", Form::Text},
                                     {11, "labels", Form::TextMap},
                                     {12, "annotations", Form::TextMap}};
constexpr Message kMetadata{kMetadataFields};
constexpr Field kResourceFields[] = {
    {1, "namespace", Form::Text}, {2, "verb", Form::Text},        {3, "group", Form::Text}, {4, "version", Form::Text},
    {5, "resource", Form::Text},  {6, "subresource", Form::Text}, {7, "name", Form::Text}};
constexpr Message kResource{kResourceFields};
constexpr Field kPathFields[] = {{1, "path", Form::Text}, {2, "verb", Form::Text}};
constexpr Message kPath{kPathFields};
constexpr Field kAccessFields[] = {{1, "resourceAttributes", Form::Message, &kResource},
                                   {2, "nonResourceAttributes", Form::Message, &kPath}};
constexpr Message kAccess{kAccessFields};
constexpr Field kAccessReviewFields[] = {{1, "metadata", Form::Message, &kMetadata},
                                         {2, "spec", Form::Message, &kAccess}};
constexpr Message kAccessReview{kAccessReviewFields};
constexpr Field kRulesFields[] = {{1, "namespace", Form::Text}};
constexpr Message kRules{kRulesFields};
constexpr Field kRulesReviewFields[] = {{1, "metadata", Form::Message, &kMetadata},
                                        {2, "spec", Form::Message, &kRules}};
constexpr Message kRulesReview{kRulesReviewFields};
constexpr Field kNamedFields[] = {{1, "metadata", Form::Message, &kMetadata}};
constexpr Message kNamed{kNamedFields};
constexpr Field kConfigMapFields[] = {{1, "metadata", Form::Message, &kMetadata},
                                      {2, "data", Form::TextMap},
                                      {3, "binaryData", Form::BytesMap},
                                      {4, "immutable", Form::Boolean}};
constexpr Message kConfigMap{kConfigMapFields};
constexpr Field kSecretFields[] = {{1, "metadata", Form::Message, &kMetadata},
                                   {2, "data", Form::BytesMap},
                                   {3, "type", Form::Text},
                                   {4, "stringData", Form::TextMap},
                                   {5, "immutable", Form::Boolean}};
constexpr Message kSecret{kSecretFields};
constexpr Field kPreconditionFields[] = {{1, "uid", Form::Text}, {2, "resourceVersion", Form::Text}};
constexpr Message kPreconditions{kPreconditionFields};
constexpr Field kDeleteFields[] = {{1, "gracePeriodSeconds", Form::Number},
                                   {2, "preconditions", Form::Message, &kPreconditions},
                                   {3, "orphanDependents", Form::Boolean},
                                   {4, "propagationPolicy", Form::Text},
                                   {5, "dryRun", Form::Texts}};
constexpr Message kDelete{kDeleteFields};
constexpr Field kTypeFields[] = {{1, "apiVersion", Form::Text}, {2, "kind", Form::Text}};
constexpr Message kType{kTypeFields};
constexpr Field kEnvelopeFields[] = {{1, "type", Form::Message, &kType}, {2, "raw", Form::Text}};
constexpr Message kEnvelope{kEnvelopeFields};

const Message *messageOf(std::string_view kind)
{
    if (kind == "SelfSubjectAccessReview")
        return &kAccessReview;
    if (kind == "SelfSubjectRulesReview")
        return &kRulesReview;
    if (kind == "ConfigMap")
        return &kConfigMap;
    if (kind == "Secret")
        return &kSecret;
    if (kind == "DeleteOptions")
        return &kDelete;
    if (kind == "Namespace" || kind == "ServiceAccount" || kind == "SelfSubjectReview")
        return &kNamed;
    return nullptr;
}

/// Reads the fields of one message, one after the other.
class Reader
{
public:
    explicit Reader(std::string_view bytes) : m_bytes(bytes) {}

    bool isAtEnd() const { return m_bytes.empty(); }
    std::optional<std::uint64_t> number()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && !m_bytes.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(m_bytes.front());
            m_bytes.remove_prefix(1);
            value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (!(byte & 0x80))
                return value;
        }
        return std::nullopt;
    }
    std::optional<std::string_view> bytes()
    {
        const auto size = number();
        if (!size || *size > m_bytes.size())
            return std::nullopt;
        const std::string_view taken = m_bytes.substr(0, *size);
        m_bytes.remove_prefix(*size);
        return taken;
    }

private:
    std::string_view m_bytes;
};

std::optional<Value> decoded(std::string_view bytes, const Message &message);

std::optional<std::pair<std::string, std::string>> entryOf(std::string_view bytes)
{
    std::pair<std::string, std::string> entry;
    for (Reader reader(bytes); !reader.isAtEnd();) {
        const auto tag = reader.number();
        const auto text = tag ? reader.bytes() : std::nullopt;
        if (!text)
            return std::nullopt;
        (*tag >> 3 == 1 ? entry.first : entry.second) = *text;
    }
    return entry;
}

std::optional<Value> withBytes(const Value &object, const Field &field, std::string_view bytes)
{
    switch (field.form) {
    case Form::Text: return bytes.empty() ? object : object.with(field.name, bytes);
    case Form::Texts: return object.with(field.name, object[field.name].appended(bytes));
    case Form::TextMap:
    case Form::BytesMap: {
        const auto entry = entryOf(bytes);
        if (!entry)
            return std::nullopt;
        return object.withPath({field.name, entry->first},
                               field.form == Form::TextMap ? entry->second : base64Of(entry->second));
    }
    case Form::Message: {
        const auto below = decoded(bytes, *field.message);
        return below ? std::optional(object.with(field.name, *below)) : std::nullopt;
    }
    case Form::Number:
    case Form::Boolean: return std::nullopt;
    }
    return std::nullopt;
}

std::optional<Value> decoded(std::string_view bytes, const Message &message)
{
    Value object = Value::map({});
    for (Reader reader(bytes); !reader.isAtEnd();) {
        const auto tag = reader.number();
        if (!tag)
            return std::nullopt;
        const Field *field = nullptr;
        for (const Field &each : message.fields) {
            if (each.number == *tag >> 3)
                field = &each;
        }
        if ((*tag & 7) == 0) {
            const auto number = reader.number();
            if (!number)
                return std::nullopt;
            if (field && field->form == Form::Number)
                object = object.with(field->name, static_cast<std::int64_t>(*number));
            else if (field && field->form == Form::Boolean)
                object = object.with(field->name, *number != 0);
            continue;
        }
        const auto part = (*tag & 7) == 2 ? reader.bytes() : std::nullopt;
        if (!part)
            return std::nullopt;
        if (!field)
            continue;
        const auto next = withBytes(object, *field, *part);
        if (!next)
            return std::nullopt;
        object = *next;
    }
    return object;
}

} // namespace

std::optional<Value> valueOfProtobuf(std::string_view body)
{
    constexpr std::string_view kMagic("k8s\0", 4);
    if (!body.starts_with(kMagic))
        return std::nullopt;
    const auto envelope = decoded(body.substr(kMagic.size()), kEnvelope);
    if (!envelope)
        return std::nullopt;
    const Value type = (*envelope)["type"];
    const Message *message = messageOf(type["kind"].stringOr());
    if (!message)
        return std::nullopt;
    const auto object = decoded((*envelope)["raw"].stringOr(), *message);
    if (!object)
        return std::nullopt;
    return object->with("apiVersion", type["apiVersion"]).with("kind", type["kind"]);
}

} // namespace tiphys::demo
