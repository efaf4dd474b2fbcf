// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/plugin/plugin_config.h"

#include "base/text.h"
#include "object/json.h"
#include "object/yaml.h"

#include <algorithm>

namespace tiphys::render {

using object::Value;

namespace {

constexpr std::string_view kKind = "ConfigManagementPlugin";

bool isSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

std::unexpected<Error> wrongType(const std::string &field, std::string_view wanted)
{
    return failure(ErrorCode::InvalidInput, field + " must be " + std::string(wanted));
}

/// Fields of a file; the first one of another type is remembered.
class Fields
{
public:
    std::string text(const Value &parent, std::string_view name, const std::string &path)
    {
        const Value value = member(parent, name, path);
        if (!value.isNull() && !value.isString())
            note(path + "." + std::string(name), "a string");
        return std::string(value.stringOr());
    }

    bool flag(const Value &parent, std::string_view name, const std::string &path)
    {
        const Value value = member(parent, name, path);
        if (!value.isNull() && !value.asBool())
            note(path + "." + std::string(name), "true or false");
        return value.boolOr(false);
    }

    std::vector<std::string> texts(const Value &parent, std::string_view name, const std::string &path)
    {
        const Value value = member(parent, name, path);
        if (!value.isNull() && !value.isList())
            note(path + "." + std::string(name), "a list of strings");
        std::vector<std::string> list;
        for (const Value &item : value.items()) {
            if (!item.isString())
                note(path + "." + std::string(name), "a list of strings");
            list.emplace_back(item.stringOr());
        }
        return list;
    }

    PluginCommand command(const Value &value, const std::string &path)
    {
        return {texts(value, "command", path), texts(value, "args", path)};
    }

    Value map(const Value &parent, std::string_view name, const std::string &path)
    {
        const Value value = member(parent, name, path);
        if (!value.isNull() && !value.isMap())
            note(path.empty() ? std::string(name) : path + "." + std::string(name), "a map");
        return value.isMap() ? value : Value();
    }

    void note(std::string field, std::string_view wanted)
    {
        if (!m_problem)
            m_problem = wrongType(field, wanted).error();
    }

    const std::optional<Error> &problem() const { return m_problem; }

private:
    Value member(const Value &parent, std::string_view name, const std::string &)
    {
        return parent.isMap() ? parent[name] : Value();
    }

    std::optional<Error> m_problem;
};

/// Null, or why \p value is no announcement; \p place names it.
std::optional<Error> announcementProblem(const Value &value, const std::string &place)
{
    Fields fields;
    if (!value.isMap())
        fields.note(place, "a map");
    for (const std::string_view name : {"name", "title", "tooltip", "itemType", "collectionType", "string"})
        fields.text(value, name, place);
    fields.flag(value, "required", place);
    fields.texts(value, "array", place);
    const Value map = fields.map(value, "map", place);
    for (const auto &[key, item] : map.entries()) {
        if (!item.isString())
            fields.note(place + ".map", "a map of strings");
    }
    return fields.problem();
}

Expected<std::vector<Value>> announcementsIn(const Value &list, const std::string &place)
{
    std::vector<Value> announcements;
    for (const Value &item : list.items()) {
        if (const std::optional<Error> problem =
                announcementProblem(item, place + "[" + std::to_string(announcements.size()) + "]"))
            return std::unexpected(*problem);
        announcements.push_back(item);
    }
    return announcements;
}

Expected<void> checked(const PluginConfig &config, std::string_view kind)
{
    if (config.name.empty())
        return failure(ErrorCode::InvalidInput, "invalid plugin configuration file. metadata.name should be non-empty");
    if (kind != kKind)
        return failure(ErrorCode::InvalidInput, "invalid plugin configuration file. kind should be "
                                                    + std::string(kKind) + ", found " + std::string(kind));
    if (!config.generate.isSet())
        return failure(ErrorCode::InvalidInput,
                       "invalid plugin configuration file. spec.generate command should be non-empty");
    if (config.fullName().contains('/'))
        return failure(ErrorCode::InvalidInput,
                       "invalid plugin configuration file. name and version may not contain a slash");
    return {};
}

} // namespace

std::vector<std::string> PluginCommand::words() const
{
    std::vector<std::string> all = command;
    all.insert(all.end(), args.begin(), args.end());
    return all;
}

std::string PluginCommand::text() const
{
    std::vector<std::string> shown;
    for (const std::string &word : words())
        shown.push_back(word.empty() || std::ranges::any_of(word, isSpace) ? object::toJson(Value(word)) : word);
    return join(shown, " ");
}

Expected<PluginConfig> readPluginConfig(std::string_view text)
{
    const Expected<Value> file = object::parseYaml(text);
    if (!file)
        return std::unexpected(file.error());
    if (!file->isMap())
        return failure(ErrorCode::InvalidInput, "invalid plugin configuration file. it holds no map of fields");
    Fields fields;
    const std::string kind = fields.text(*file, "kind", "");
    const Value metadata = fields.map(*file, "metadata", "");
    const Value spec = fields.map(*file, "spec", "");
    const Value discover = fields.map(spec, "discover", "spec");
    const Value find = fields.map(discover, "find", "spec.discover");
    const Value parameters = fields.map(spec, "parameters", "spec");
    PluginConfig config{.name = fields.text(metadata, "name", "metadata"),
                        .version = fields.text(spec, "version", "spec"),
                        .init = fields.command(fields.map(spec, "init", "spec"), "spec.init"),
                        .generate = fields.command(fields.map(spec, "generate", "spec"), "spec.generate"),
                        .discovery = {.fileName = fields.text(discover, "fileName", "spec.discover"),
                                      .glob = fields.text(find, "glob", "spec.discover.find"),
                                      .command = fields.command(find, "spec.discover.find")},
                        .staticParameters = {},
                        .dynamicParameters = fields.command(fields.map(parameters, "dynamic", "spec.parameters"),
                                                            "spec.parameters.dynamic"),
                        .preservesFileMode = fields.flag(spec, "preserveFileMode", "spec")};
    const Value announced = parameters.isMap() ? parameters["static"] : Value();
    if (!announced.isNull() && !announced.isList())
        fields.note("spec.parameters.static", "a list");
    if (fields.problem())
        return std::unexpected(*fields.problem());
    Expected<std::vector<Value>> announcements = announcementsIn(announced, "spec.parameters.static");
    if (!announcements)
        return std::unexpected(announcements.error());
    config.staticParameters = std::move(*announcements);
    if (const Expected<void> valid = checked(config, kind); !valid)
        return std::unexpected(valid.error());
    return config;
}

Expected<std::vector<Value>> readAnnouncements(std::string_view text)
{
    const Expected<Value> list = object::parseJson(text);
    if (!list)
        return std::unexpected(list.error());
    if (!list->isList() && !list->isNull())
        return wrongType("the announcements", "a list");
    return announcementsIn(*list, "announcement");
}

} // namespace tiphys::render
