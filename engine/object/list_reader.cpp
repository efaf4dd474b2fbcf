// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/list_reader.h"

#include "object/builder.h"
#include "object/json.h"
#include "object/simdjson_builder.h"

#include <simdjson.h>

namespace tiphys::object {

namespace {

constexpr std::string_view kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/// The kind of the items of a list: "PodList" gives "Pod".
std::string_view itemKind(std::string_view listKind)
{
    return listKind.ends_with("List") ? listKind.substr(0, listKind.size() - 4) : std::string_view();
}

std::string_view stringOf(simdjson::dom::element map, std::string_view key)
{
    std::string_view text;
    return map[key].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

/// Copies objects out of a parsed document.
class ItemReader
{
public:
    ItemReader(const ListOptions &options, std::string_view apiVersion, std::string_view kind)
        : m_options(options), m_apiVersion(apiVersion), m_kind(kind)
    {
    }

    Value read(simdjson::dom::element element)
    {
        simdjson::dom::object fields;
        if (element.get(fields) != simdjson::SUCCESS) {
            detail::addSimdjson(element, m_builder);
            return m_builder.finish();
        }
        const bool hasKind = !stringOf(element, "kind").empty();
        const bool hasVersion = !stringOf(element, "apiVersion").empty();
        const bool isSecret = (hasKind ? stringOf(element, "kind") : m_kind) == "Secret"
                              && (hasVersion ? stringOf(element, "apiVersion") : m_apiVersion) == "v1";
        m_dropsLastApplied = isSecret && m_options.dropsSecretLastApplied;
        m_builder.beginMap();
        if (!hasVersion && !m_apiVersion.empty())
            add("apiVersion", m_apiVersion);
        if (!hasKind && !m_kind.empty())
            add("kind", m_kind);
        for (const simdjson::dom::key_value_pair field : fields) {
            const bool isEmptyType = (field.key == "kind" && !hasKind && !m_kind.empty())
                                     || (field.key == "apiVersion" && !hasVersion && !m_apiVersion.empty());
            if (isEmptyType)
                continue;
            m_builder.key(field.key);
            if (field.key == "metadata")
                addMetadata(field.value);
            else
                detail::addSimdjson(field.value, m_builder);
        }
        m_builder.endMap();
        return m_builder.finish();
    }

private:
    void add(std::string_view key, std::string_view text)
    {
        m_builder.key(key);
        m_builder.string(text);
    }

    void addMetadata(simdjson::dom::element element)
    {
        simdjson::dom::object fields;
        if (element.get(fields) != simdjson::SUCCESS)
            return detail::addSimdjson(element, m_builder);
        m_builder.beginMap();
        for (const simdjson::dom::key_value_pair field : fields) {
            if (m_options.dropsManagedFields && field.key == "managedFields")
                continue;
            m_builder.key(field.key);
            if (m_dropsLastApplied && field.key == "annotations")
                addAnnotations(field.value);
            else
                detail::addSimdjson(field.value, m_builder);
        }
        m_builder.endMap();
    }

    void addAnnotations(simdjson::dom::element element)
    {
        simdjson::dom::object fields;
        if (element.get(fields) != simdjson::SUCCESS)
            return detail::addSimdjson(element, m_builder);
        m_builder.beginMap();
        for (const simdjson::dom::key_value_pair field : fields) {
            if (field.key == kLastApplied)
                continue;
            m_builder.key(field.key);
            detail::addSimdjson(field.value, m_builder);
        }
        m_builder.endMap();
    }

    const ListOptions m_options;
    const std::string m_apiVersion;
    const std::string m_kind;
    Builder m_builder;
    bool m_dropsLastApplied = false;
};

/// The list's own fields; \p items is null if there are none.
Expected<ListPage> pageOf(simdjson::dom::element root)
{
    if (!root.is_object())
        return failure(ErrorCode::InvalidInput, "the list is no JSON object");
    ListPage page;
    page.apiVersion = stringOf(root, "apiVersion");
    page.kind = stringOf(root, "kind");
    simdjson::dom::element metadata;
    if (root["metadata"].get(metadata) == simdjson::SUCCESS && metadata.is_object()) {
        page.resourceVersion = stringOf(metadata, "resourceVersion");
        page.continueToken = stringOf(metadata, "continue");
        std::int64_t remaining = 0;
        if (metadata["remainingItemCount"].get(remaining) == simdjson::SUCCESS)
            page.remainingItemCount = remaining;
    }
    return page;
}

/// Text that simdjson refuses is made plain first: lone surrogates and bad bytes become U+FFFD.
Expected<std::string> cleanJson(std::string_view json)
{
    Expected<Value> value = parseJson(json);
    if (!value)
        return std::unexpected(value.error());
    return toJson(*value, {.order = KeyOrder::Kept});
}

Expected<ListPage> readPage(simdjson::dom::element root, const ListOptions &options)
{
    Expected<ListPage> page = pageOf(root);
    if (!page)
        return page;
    simdjson::dom::element items;
    if (root["items"].get(items) != simdjson::SUCCESS || items.is_null())
        return page;
    simdjson::dom::array list;
    if (items.get(list) != simdjson::SUCCESS)
        return failure(ErrorCode::InvalidInput, "the items of " + page->kind + " are no list");
    page->items.reserve(list.size());
    const std::string_view kind = itemKind(page->kind);
    ItemReader reader(options, kind.empty() ? std::string_view() : std::string_view(page->apiVersion), kind);
    for (const simdjson::dom::element item : list)
        page->items.push_back(reader.read(item));
    return page;
}

} // namespace

Expected<ListPage> parseKubernetesList(std::string_view json, const ListOptions &options)
{
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (parser.parse(json.data(), json.size(), true).get(root) == simdjson::SUCCESS)
        return readPage(root, options);
    const Expected<std::string> clean = cleanJson(json);
    if (!clean)
        return std::unexpected(clean.error());
    if (parser.parse(*clean).get(root) != simdjson::SUCCESS)
        return failure(ErrorCode::InvalidInput, "the list holds numbers or a depth that cannot be read");
    return readPage(root, options);
}

Expected<Value> parseKubernetesObject(std::string_view json, const ListOptions &options)
{
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (parser.parse(json.data(), json.size(), true).get(root) == simdjson::SUCCESS)
        return ItemReader(options, {}, {}).read(root);
    const Expected<std::string> clean = cleanJson(json);
    if (!clean)
        return std::unexpected(clean.error());
    if (parser.parse(*clean).get(root) != simdjson::SUCCESS)
        return parseJson(json);
    return ItemReader(options, {}, {}).read(root);
}

} // namespace tiphys::object
