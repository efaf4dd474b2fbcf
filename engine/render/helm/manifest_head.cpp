// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/manifest_head.h"

#include "base/text.h"
#include "object/json.h"
#include "object/view.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace tiphys::render {

using object::Value;
using object::View;

namespace {

constexpr std::string_view kHookAnnotation = "helm.sh/hook";
constexpr std::string_view kMetadataType =
    R"(struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" })";

std::string_view jsonWord(const Value &value)
{
    switch (value.type()) {
    case object::Type::Null: return "null";
    case object::Type::Bool: return "bool";
    case object::Type::Int:
    case object::Type::Uint:
    case object::Type::Double: return "number";
    case object::Type::String: return "string";
    case object::Type::List: return "array";
    case object::Type::Map: return "object";
    }
    return {};
}

/// Reads a document as Go's decoder fills a struct: it goes on after an error and reports the first.
class HeadReader
{
public:
    Expected<ManifestHead> read(const Value &document)
    {
        if (document.isNull())
            return m_head;
        if (!document.isMap())
            return failure(ErrorCode::InvalidInput, message(document, "Go value of type util.SimpleHead"));
        for (const auto &[key, value] : document.sortedEntries()) {
            const std::string name = asciiLower(key);
            if (name == "kind")
                m_head.kind = text(value, "SimpleHead.kind").value_or(m_head.kind);
            else if (name == "apiversion")
                text(value, "SimpleHead.apiVersion");
            else if (name == "metadata")
                metadata(value);
        }
        if (m_error)
            return std::unexpected(*m_error);
        return m_head;
    }

private:
    void metadata(const Value &value)
    {
        if (value.isNull())
            m_head.hook.reset();
        else if (!value.isMap())
            fail(value, "SimpleHead.metadata", kMetadataType);
        for (const auto &[key, member] : value.sortedEntries()) {
            const std::string name = asciiLower(key);
            if (name == "name")
                text(member, ".metadata.name");
            else if (name == "annotations")
                annotations(member);
        }
    }

    void annotations(const Value &value)
    {
        if (value.isNull())
            m_head.hook.reset();
        else if (!value.isMap())
            fail(value, ".metadata.annotations", "map[string]string");
        for (const auto &[key, member] : value.sortedEntries()) {
            const std::optional<std::string> read = text(member, ".metadata.annotations");
            if (key == kHookAnnotation)
                m_head.hook = read.value_or("");
        }
    }

    std::optional<std::string> text(const Value &value, std::string_view field)
    {
        if (value.isString())
            return std::string(value.stringOr());
        if (value.isBool())
            return value.boolOr(false) ? "true" : "false";
        if (value.isNumber())
            return object::toJson(value);
        if (!value.isNull())
            fail(value, field, "string");
        return std::nullopt;
    }

    static std::string message(const Value &value, std::string_view target)
    {
        return "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal " + std::string(jsonWord(value))
               + " into " + std::string(target);
    }

    void fail(const Value &value, std::string_view field, std::string_view type)
    {
        if (!m_error)
            m_error.emplace(ErrorCode::InvalidInput,
                            message(value, "Go struct field " + std::string(field) + " of type " + std::string(type)));
    }

    ManifestHead m_head;
    std::optional<Error> m_error;
};

/// Whether \p key counts as \p name although it is written otherwise.
bool isOtherCaseOf(std::string_view key, std::string_view name)
{
    return key.size() == name.size() && key != name && asciiLower(key) == asciiLower(name);
}

/// The head of a document as nearly all are: names written as usual, texts where they belong. Nothing for all others.
std::optional<ManifestHead> usualHeadOf(const View &document)
{
    if (!document.isMap())
        return std::nullopt;
    const auto hasOtherCase = [](const View &map, std::initializer_list<std::string_view> names) {
        for (std::size_t i = 0; i < map.size(); ++i) {
            if (std::ranges::any_of(names,
                                    [key = map.keyAt(i)](std::string_view name) { return isOtherCaseOf(key, name); }))
                return true;
        }
        return false;
    };
    const View kind = document["kind"];
    const View metadata = document["metadata"];
    const View annotations = metadata["annotations"];
    const bool isUsual = kind.isString() && document["apiVersion"].isString() && metadata.isMap()
                         && metadata["name"].isString() && (annotations.isMap() || annotations.isNull());
    if (!isUsual || hasOtherCase(document, {"kind", "apiVersion", "metadata"})
        || hasOtherCase(metadata, {"name", "annotations"}))
        return std::nullopt;
    for (std::size_t i = 0; i < annotations.size(); ++i) {
        if (!annotations.valueAt(i).isString())
            return std::nullopt;
    }
    ManifestHead head{.kind = std::string(kind.stringOr()), .hook = {}};
    if (const View hook = annotations[kHookAnnotation]; hook.isString())
        head.hook = hook.stringOr();
    return head;
}

} // namespace

Expected<ManifestHead> manifestHeadOf(const Value &document)
{
    if (std::optional<ManifestHead> head = usualHeadOf(View(document)))
        return std::move(*head);
    return HeadReader().read(document);
}

} // namespace tiphys::render
