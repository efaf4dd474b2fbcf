// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/jsonnet_files.h"

#include "base/text.h"
#include "object/json.h"

namespace tiphys::render {

using object::Object;
using object::Value;

namespace {

std::vector<script::JsonnetVariable> variablesOf(const Value &list, const BuildEnvironment &environment)
{
    std::vector<script::JsonnetVariable> variables;
    for (const Value &item : list.items())
        variables.push_back({.name = std::string(item["name"].stringOr()),
                             .value = environment.substituted(item["value"].stringOr()),
                             .isCode = item["code"].boolOr(false)});
    return variables;
}

std::optional<std::string> textAt(const FileTree &files, const std::string &path)
{
    const Expected<std::string> place = resolvedPath(files, path);
    const Expected<FileContent> content = place ? files.read(*place) : std::unexpected(place.error());
    return content ? std::optional(std::string(content->text)) : std::nullopt;
}

/// The name of the file at \p path, as errors tell it: without its folders.
std::string shownName(const std::string &path)
{
    return '"' + path.substr(path.rfind('/') + 1) + '"';
}

std::unexpected<Error> unreadable(const std::string &path, const std::string &why)
{
    return failure(ErrorCode::InvalidInput, "Failed to unmarshal generated json " + shownName(path) + ": " + why);
}

} // namespace

Expected<JsonnetOptions> jsonnetOptionsOf(const Value &jsonnet, const BuildEnvironment &environment)
{
    JsonnetOptions options;
    options.externals = variablesOf(jsonnet["extVars"], environment);
    options.arguments = variablesOf(jsonnet["tlas"], environment);
    const Value libraries = jsonnet["libs"];
    for (const Value &library : libraries.items()) {
        const std::string_view path = library.stringOr();
        const Expected<std::string> clean = cleanPath(path);
        if (!clean)
            return failure(ErrorCode::InvalidInput, "error resolving jsonnet library " + tiphys::quoted(path)
                                                        + ": it is outside of the repository");
        options.libraries.push_back(*clean);
    }
    return options;
}

Expected<std::vector<Object>> jsonnetManifests(const FileTree &files, const std::string &path,
                                               const std::string &folder, const JsonnetOptions &options)
{
    if (!options.engine)
        return failure(ErrorCode::Unsupported, "not yet supported: Jsonnet file " + tiphys::quoted(path));
    script::JsonnetRequest request{
        .file = path, .importFolders = {folder}, .externals = options.externals, .arguments = options.arguments};
    request.importFolders.insert(request.importFolders.end(), options.libraries.begin(), options.libraries.end());
    const Expected<std::string> json =
        options.engine->evaluate(request, [&files](const std::string &each) { return textAt(files, each); });
    if (!json)
        return std::unexpected(json.error().in("Failed to evaluate jsonnet " + shownName(path)));
    const Expected<Value> value = object::parseJson(*json);
    if (!value)
        return unreadable(path, value.error().text());
    std::vector<Object> objects;
    const Value one = *value;
    const std::vector<Value> items =
        one.isList() ? std::vector<Value>(one.items().begin(), one.items().end()) : std::vector<Value>{one};
    for (const Value &item : items) {
        if (item.isNull() && one.isList())
            continue;
        if (!item.isMap())
            return unreadable(path, "not an object");
        if (item["kind"].stringOr().empty())
            return unreadable(path, "Object 'Kind' is missing in '" + object::toJson(item) + "'");
        objects.emplace_back(item);
    }
    return objects;
}

} // namespace tiphys::render
