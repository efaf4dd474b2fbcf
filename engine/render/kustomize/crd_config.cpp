// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/crd_config.h"

#include "base/text.h"
#include "object/json.h"
#include "object/yaml.h"

namespace tiphys::render::kustomize {

using object::Value;

namespace {

constexpr int kDeepest = 30;

/// A member whatever the case of its name, as Go reads structs.
Value memberOf(const Value &map, std::string_view name)
{
    for (const auto &[key, value] : map.entries()) {
        if (asciiLower(key) == name)
            return value;
    }
    return {};
}

class CrdReader
{
public:
    explicit CrdReader(const Value &definitions) : m_definitions(definitions) {}

    Expected<TransformerConfig> read()
    {
        for (const auto &[name, definition] : m_definitions.sortedEntries()) {
            const Value properties = propertiesOf(definition);
            if (!properties.contains("kind") || !properties.contains("apiVersion") || !properties.contains("metadata"))
                continue;
            m_gvk.kind = name.substr(name.rfind('.') + 1);
            const Expected<void> done = readProperties(properties, "", 0);
            if (!done)
                return std::unexpected(done.error());
        }
        return m_config;
    }

private:
    static Value propertiesOf(const Value &definition) { return memberOf(definition, "schema")["properties"]; }

    FieldSpec specOf(const std::string &path) const { return {m_gvk, path, false}; }

    Expected<void> readProperties(const Value &properties, const std::string &parent, int depth)
    {
        if (depth > kDeepest)
            return failure(ErrorCode::LimitExceeded, "definitions refer to each other deeper than 30 levels");
        for (const auto &[name, property] : properties.sortedEntries()) {
            const std::string path = parent.empty() ? std::string(name) : parent + "/" + std::string(name);
            Expected<void> done = readProperty(property, path);
            const std::string_view reference = property["$ref"].stringOr();
            if (done && !reference.empty())
                done = readProperties(propertiesOf(m_definitions[reference]), path, depth + 1);
            if (!done)
                return done;
        }
        return {};
    }

    Expected<void> readProperty(const Value &property, const std::string &path)
    {
        Expected<void> done;
        if (property["x-kubernetes-annotation"].isString())
            done = mergeInto(m_config.commonAnnotations, {specOf(path)});
        if (done && property["x-kubernetes-label-selector"].isString())
            done = mergeInto(m_config.commonLabels, {specOf(path)});
        if (done && property["x-kubernetes-identity"].isString())
            done = mergeInto(m_config.namePrefix, {specOf(path)});
        const Value version = property["x-kubernetes-object-ref-api-version"];
        const Value kind = property["x-kubernetes-object-ref-kind"];
        if (!done || !version.isString() || !kind.isString())
            return done;
        const std::string_view key = property["x-kubernetes-object-ref-name-key"].stringOr("name");
        return m_config.addNameReference({{"", std::string(version.stringOr()), std::string(kind.stringOr())},
                                          {specOf(path + "/" + std::string(key))}});
    }

    const Value &m_definitions;
    Gvk m_gvk;
    TransformerConfig m_config;
};

} // namespace

Expected<std::shared_ptr<const TransformerConfig>> configOfCrds(const std::vector<std::string> &paths,
                                                                const Loader &loader)
{
    if (paths.empty())
        return nullptr;
    auto config = std::make_shared<TransformerConfig>();
    for (const std::string &path : paths) {
        const Expected<FileContent> content = loader.load(path);
        if (!content)
            return std::unexpected(content.error());
        const Expected<Value> value =
            content->text.starts_with('{') ? object::parseJson(content->text) : object::parseYaml(content->text);
        if (!value)
            return std::unexpected(value.error().in("unable to parse open API definition from '" + path + "'"));
        const Expected<TransformerConfig> more = CrdReader(*value).read();
        if (!more)
            return std::unexpected(more.error());
        const Expected<void> done = config->merge(*more);
        if (!done)
            return std::unexpected(done.error());
    }
    return config;
}

} // namespace tiphys::render::kustomize
