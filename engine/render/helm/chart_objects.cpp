// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/chart_objects.h"

#include "base/base64.h"
#include "base/glob.h"
#include "object/yaml.h"
#include "text/gotemplate/function.h"
#include "text/sprig/go_json.h"

#include <algorithm>

namespace tiphys::render {

using text::Arguments;
using text::CallContext;
using text::CallResult;
using text::Function;
using text::FunctionPtr;
using text::Kind;
using text::MapEntry;
using text::TemplateValue;
using text::Type;
namespace types = text::types;

namespace {

FunctionPtr bound(std::vector<const Type *> parameters, text::Callable call)
{
    return std::make_shared<Function>(Function{{std::move(parameters), false}, std::move(call)});
}

TemplateValue string(std::string_view text)
{
    return TemplateValue::string(text);
}

std::string_view baseName(std::string_view path)
{
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

extern const Type kFiles;

/// toYaml of the files' last names and contents, without its last line feed.
std::string asYaml(const TemplateValue &files, bool encodes)
{
    std::vector<std::pair<std::string, object::Value>> members;
    for (const MapEntry &entry : files.entries()) {
        const std::string_view content = entry.value.text();
        members.emplace_back(std::string(baseName(entry.key.text())),
                             object::Value(encodes ? base64Of(content) : std::string(content)));
    }
    if (members.empty())
        return "{}";
    std::string yaml = object::toYaml(object::Value::map(members));
    if (yaml.ends_with('\n'))
        yaml.pop_back();
    return yaml;
}

CallResult matching(const TemplateValue &files, std::string_view pattern)
{
    const Expected<Glob> compiled = Glob::compile(pattern, "/");
    const Expected<Glob> glob = compiled ? compiled : Glob::compile("**");
    std::vector<MapEntry> entries;
    for (const MapEntry &entry : files.entries()) {
        if (glob->matches(entry.key.text()))
            entries.push_back(entry);
    }
    return TemplateValue::map(std::move(entries), kFiles);
}

CallResult linesOf(const TemplateValue &files, std::string_view path)
{
    const TemplateValue *file = files.find(path);
    if (!file)
        return TemplateValue::list({}, types::kStringList);
    std::string_view text = file->text();
    if (text.empty())
        return text::templateError("runtime error: index out of range [-1]");
    if (text.ends_with('\n'))
        text.remove_suffix(1);
    std::vector<std::string_view> lines;
    while (true) {
        const auto end = text.find('\n');
        lines.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            break;
        text.remove_prefix(end + 1);
    }
    return TemplateValue::stringList(lines);
}

class FilesMethods final : public text::TypeMethods
{
public:
    FunctionPtr method(const TemplateValue &files, std::string_view name) const override
    {
        if (name == "Get")
            return bound({&types::kString}, [files](Arguments args, CallContext &) -> CallResult {
                const TemplateValue *file = files.find(args[0].text());
                return string(file ? file->text() : std::string_view());
            });
        if (name == "GetBytes")
            return bound({&types::kString}, [files](Arguments args, CallContext &) -> CallResult {
                const TemplateValue *file = files.find(args[0].text());
                return TemplateValue::bytes(file ? file->text() : std::string_view());
            });
        if (name == "Glob")
            return bound({&types::kString},
                         [files](Arguments args, CallContext &) { return matching(files, args[0].text()); });
        if (name == "Lines")
            return bound({&types::kString},
                         [files](Arguments args, CallContext &) { return linesOf(files, args[0].text()); });
        if (name == "AsConfig")
            return bound({}, [files](Arguments, CallContext &) -> CallResult { return string(asYaml(files, false)); });
        if (name == "AsSecrets")
            return bound({}, [files](Arguments, CallContext &) -> CallResult { return string(asYaml(files, true)); });
        return nullptr;
    }
};

class VersionSetMethods final : public text::TypeMethods
{
public:
    FunctionPtr method(const TemplateValue &versions, std::string_view name) const override
    {
        if (name != "Has")
            return nullptr;
        return bound({&types::kString}, [versions](Arguments args, CallContext &) -> CallResult {
            const auto items = versions.items();
            return TemplateValue::boolean(
                std::ranges::any_of(items, [&](const TemplateValue &item) { return item.text() == args[0].text(); }));
        });
    }
};

/// Content of the small structs below: their fields by name.
class StructContent final : public text::ObjectContent
{
public:
    explicit StructContent(std::vector<std::pair<std::string_view, TemplateValue>> held) : fields(std::move(held)) {}
    const std::vector<std::pair<std::string_view, TemplateValue>> fields;
};

const StructContent &contentOf(const TemplateValue &value)
{
    return static_cast<const StructContent &>(*value.objectContent());
}

class StructMethods : public text::TypeMethods
{
public:
    std::vector<std::pair<std::string_view, TemplateValue>> fields(const TemplateValue &value) const override
    {
        return contentOf(value).fields;
    }
};

/// JSON has other names for its members, and leaves out those without content.
/// Source: helm internal/version/version.go (BuildInfo)@v4.2.4
class BuildMethods final : public text::TaggedFields
{
public:
    std::vector<std::pair<std::string_view, TemplateValue>> fields(const TemplateValue &value) const override
    {
        return contentOf(value).fields;
    }
    std::vector<std::pair<std::string_view, TemplateValue>> jsonFields(const TemplateValue &value) const override
    {
        constexpr std::pair<std::string_view, std::string_view> kTags[] = {
            {"Version", "version"},
            {"GitCommit", "git_commit"},
            {"GitTreeState", "git_tree_state"},
            {"GoVersion", "go_version"},
            {"KubeClientVersion", "kube_client_version"}};
        std::vector<std::pair<std::string_view, TemplateValue>> tagged;
        for (const auto &[name, field] : contentOf(value).fields) {
            if (!field.text().empty())
                tagged.emplace_back(std::ranges::find(kTags, name, [](const auto &tag) { return tag.first; })->second,
                                    field);
        }
        return tagged;
    }
};

/// Printed by an action it is the normalized version, which is kept under a name that no template can write; functions
/// print its fields.
class KubeVersionMethods final : public text::TypeMethods
{
public:
    static constexpr std::string_view kNormalized = "(normalized)";

    std::vector<std::pair<std::string_view, TemplateValue>> fields(const TemplateValue &value) const override
    {
        auto fields = contentOf(value).fields;
        std::erase_if(fields, [](const auto &field) { return field.first == kNormalized; });
        return fields;
    }
    bool isStringer() const override { return true; }
    std::string text(const TemplateValue &value) const override
    {
        std::string text = "{" + fieldOf(value, "Version") + " " + fieldOf(value, kNormalized);
        return text + " " + fieldOf(value, "Major") + " " + fieldOf(value, "Minor") + "}";
    }
    FunctionPtr method(const TemplateValue &value, std::string_view name) const override
    {
        if (name == "String")
            return constant(fieldOf(value, kNormalized));
        if (name == "GitVersion")
            return constant(contentOf(value).fields.front().second.text());
        return nullptr;
    }

private:
    static std::string fieldOf(const TemplateValue &value, std::string_view wanted)
    {
        for (const auto &[name, field] : contentOf(value).fields) {
            if (name == wanted)
                return std::string(field.text());
        }
        return {};
    }
    static FunctionPtr constant(std::string_view text)
    {
        return bound({}, [held = std::string(text)](Arguments, CallContext &) -> CallResult { return string(held); });
    }
};

const FilesMethods kFilesMethods;
const VersionSetMethods kVersionSetMethods;
const StructMethods kStructMethods;
const BuildMethods kBuildMethods;
const KubeVersionMethods kKubeVersionMethods;

const Type kFiles{Kind::Map, "engine.files", &types::kBytes, &types::kBytesMap, &kFilesMethods};
const Type kVersionSet{Kind::Slice, "common.VersionSet", &types::kString, &types::kStringList, &kVersionSetMethods};
const Type kKubeVersion{Kind::Struct, "common.KubeVersion", nullptr, nullptr, &kKubeVersionMethods};
const Type kBuild{Kind::Struct, "version.BuildInfo", nullptr, nullptr, &kBuildMethods};
const Type kCapabilities{Kind::Struct, "common.Capabilities", nullptr, nullptr, &kStructMethods};
const Type kCapabilitiesPointer{Kind::Pointer, "*common.Capabilities", &kCapabilities, nullptr, &kStructMethods};

TemplateValue structOf(const Type &type, std::vector<std::pair<std::string_view, TemplateValue>> fields)
{
    return TemplateValue::object(type, std::make_unique<StructContent>(std::move(fields)));
}

TemplateValue mapOf(std::initializer_list<std::pair<std::string_view, TemplateValue>> members)
{
    std::vector<MapEntry> entries;
    for (const auto &[key, value] : members)
        entries.push_back({string(key), value});
    return TemplateValue::map(std::move(entries));
}

TemplateValue anyTexts(const std::vector<std::string> &texts)
{
    std::vector<TemplateValue> items;
    for (const std::string &text : texts)
        items.push_back(string(text));
    return TemplateValue::list(std::move(items));
}

TemplateValue dependenciesOf(const ChartMetadata &metadata)
{
    std::vector<TemplateValue> items;
    for (const ChartDependency &dependency : metadata.dependencies) {
        std::vector<TemplateValue> imports;
        for (const object::Value &value : dependency.importValues)
            imports.push_back(text::templateValueOf(value));
        items.push_back(mapOf({{"Name", string(dependency.name)},
                               {"Version", string(dependency.version)},
                               {"Repository", string(dependency.repository)},
                               {"Condition", string(dependency.condition)},
                               {"Tags", anyTexts(dependency.tags)},
                               {"Enabled", TemplateValue::boolean(dependency.isEnabled)},
                               {"ImportValues", TemplateValue::list(std::move(imports))},
                               {"Alias", string(dependency.alias)}}));
    }
    return TemplateValue::list(std::move(items));
}

} // namespace

TemplateValue chartObject(const ChartMetadata &metadata, bool isRoot)
{
    std::vector<TemplateValue> maintainers;
    for (const ChartMaintainer &maintainer : metadata.maintainers)
        maintainers.push_back(mapOf(
            {{"Name", string(maintainer.name)}, {"Email", string(maintainer.email)}, {"URL", string(maintainer.url)}}));
    std::vector<MapEntry> annotations;
    for (const auto &[key, value] : metadata.annotations)
        annotations.push_back({string(key), string(value)});
    return mapOf({{"Name", string(metadata.name)},
                  {"Home", string(metadata.home)},
                  {"Sources", anyTexts(metadata.sources)},
                  {"Version", string(metadata.version)},
                  {"Description", string(metadata.description)},
                  {"Keywords", anyTexts(metadata.keywords)},
                  {"Maintainers", TemplateValue::list(std::move(maintainers))},
                  {"Icon", string(metadata.icon)},
                  {"APIVersion", string(metadata.apiVersion)},
                  {"Condition", string(metadata.condition)},
                  {"Tags", string(metadata.tags)},
                  {"AppVersion", string(metadata.appVersion)},
                  {"Deprecated", TemplateValue::boolean(metadata.isDeprecated)},
                  {"Annotations", annotations.empty() ? TemplateValue::nilOf(types::kStringMap)
                                                      : TemplateValue::map(std::move(annotations), types::kStringMap)},
                  {"KubeVersion", string(metadata.kubeVersion)},
                  {"Dependencies", dependenciesOf(metadata)},
                  {"Type", string(metadata.type)},
                  {"IsRoot", TemplateValue::boolean(isRoot)}});
}

TemplateValue filesObject(const std::vector<ChartFile> &files)
{
    std::vector<MapEntry> entries;
    for (const ChartFile &file : files)
        entries.push_back({string(file.name), TemplateValue::bytes(file.owner, file.text)});
    return TemplateValue::map(std::move(entries), kFiles);
}

TemplateValue capabilitiesObject(const KubeVersion &version, const std::vector<std::string> &apiVersions)
{
    std::vector<TemplateValue> versions;
    for (const std::string &apiVersion : apiVersions)
        versions.push_back(string(apiVersion));
    return structOf(
        kCapabilitiesPointer,
        {{"KubeVersion", structOf(kKubeVersion, {{"Version", string(version.version)},
                                                 {"Major", string(version.major)},
                                                 {"Minor", string(version.minor)},
                                                 {KubeVersionMethods::kNormalized, string(version.normalized)}})},
         {"APIVersions", TemplateValue::list(std::move(versions), kVersionSet)},
         {"HelmVersion", structOf(kBuild, {{"Version", string("v4.2.4")},
                                           {"GitCommit", string("")},
                                           {"GitTreeState", string("")},
                                           {"GoVersion", string("go1.26.8")},
                                           {"KubeClientVersion", string("v1.36")}})}});
}

} // namespace tiphys::render
