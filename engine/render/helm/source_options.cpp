// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/source_options.h"

#include "base/text.h"
#include "object/json.h"
#include "object/yaml.h"
#include "render/file_glob.h"
#include "render/helm/capabilities.h"
#include "render/instance_name.h"

#include <algorithm>
#include <optional>
#include <set>

namespace tiphys::render {

using object::Value;

namespace {

/// A file of this source or of another one.
struct Place
{
    const FileTree *files = nullptr; ///< null: the path is an address
    std::string path;
    std::string shown; ///< as the source names it

    bool operator==(const Place &other) const { return files == other.files && path == other.path; }
};

bool isAddress(std::string_view name)
{
    return name.starts_with("http://") || name.starts_with("https://");
}

bool isGlob(std::string_view name)
{
    return name.find_first_of("*?[") != std::string_view::npos;
}

std::string below(std::string_view folder, std::string_view name)
{
    return folder.empty() ? std::string(name) : std::string(folder) + "/" + std::string(name);
}

/// Where Argo CD looks for \p name: beside the chart, from the root, or in the source that "$ref" names.
Expected<Place> placeOf(const std::string &name, const FileTree &files, std::string_view folder,
                        const RenderContext &context)
{
    Place place{&files, {}, name};
    std::string path = name;
    if (name.starts_with('$')) {
        const auto slash = name.find('/');
        const auto found = context.references.find(name.substr(1, slash == std::string::npos ? slash : slash - 1));
        if (found != context.references.end() && slash != std::string::npos) {
            place.files = found->second.get();
            path = name.substr(slash);
        }
    }
    path = context.environment.substituted(path);
    if (isAddress(path)) {
        place.files = nullptr;
        place.path = path;
        return place;
    }
    const Expected<std::string> clean = cleanPath(path.starts_with('/') ? path.substr(1) : below(folder, path));
    if (!clean)
        return failure(ErrorCode::InvalidInput, "error resolving helm value files: value file " + quoted(name)
                                                    + " resolved to outside repository root");
    place.path = *clean;
    return place;
}

/// The file at an address.
Expected<std::string> contentAt(const std::string &url, const RenderContext &context)
{
    Fetched<std::string> text;
    if (context.remote)
        text = context.remote->file(url);
    if (!text) {
        context.remoteAccess().note({.url = url, .repository = {}, .chart = {}, .artifact = {}});
        return failure(ErrorCode::Unavailable, "values file " + url + " is not fetched");
    }
    if (!*text)
        return std::unexpected(fetchFailure(text->error()));
    return **text;
}

Expected<std::string> contentOf(const Place &place, const RenderContext &context)
{
    if (!place.files)
        return contentAt(place.path, context);
    const Expected<std::string> path = resolvedPath(*place.files, place.path);
    if (!path)
        return std::unexpected(path.error());
    const Expected<FileContent> content = place.files->read(*path);
    if (!content && (path->empty() || place.files->list(*path)))
        return failure(ErrorCode::InvalidInput, "read " + place.shown + ": is a directory");
    if (!content)
        return std::unexpected(content.error());
    return std::string(content->text);
}

Expected<std::vector<Place>> matchesOf(const Place &pattern)
{
    const Expected<std::vector<std::string>> paths = deepGlobPaths(*pattern.files, pattern.path);
    if (!paths)
        return std::unexpected(paths.error().in("values file " + quoted(pattern.shown)));
    std::vector<Place> found;
    for (const std::string &path : *paths)
        found.push_back({pattern.files, path, path});
    return found;
}

/// The values files of a source in the order in which they are merged.
class ValueFiles
{
public:
    ValueFiles(const FileTree &files, std::string_view folder, const RenderContext &context, bool ignoresMissing)
        : m_files(files), m_folder(folder), m_context(context), m_ignoresMissing(ignoresMissing)
    {
    }

    Expected<std::vector<ValuesText>> read(const Value &names)
    {
        std::vector<Place> places;
        for (const Value &name : names.items()) {
            const Expected<Place> place = placeOf(std::string(name.stringOr()), m_files, m_folder, m_context);
            if (!place)
                return std::unexpected(place.error());
            places.push_back(*place);
        }
        std::vector<Place> ordered;
        const auto add = [&ordered](const Place &place) {
            if (!std::ranges::contains(ordered, place))
                ordered.push_back(place);
        };
        for (const Place &place : places) {
            if (!place.files || !isGlob(place.path)) {
                add(place);
                continue;
            }
            const Expected<std::vector<Place>> matches = matchesOf(place);
            if (!matches)
                return std::unexpected(matches.error());
            if (matches->empty() && !m_ignoresMissing)
                return failure(ErrorCode::NotFound,
                               "values file glob " + object::toJson(Value(place.shown)) + " matched no files");
            for (const Place &match : *matches) {
                // One that is named explicitly keeps the position of its name.
                if (!std::ranges::contains(places, match))
                    add(match);
            }
        }
        return textsOf(ordered);
    }

private:
    Expected<std::vector<ValuesText>> textsOf(const std::vector<Place> &places) const
    {
        std::vector<ValuesText> texts;
        for (const Place &place : places) {
            Expected<std::string> text = contentOf(place, m_context);
            const bool isAbsent = place.files && !text && text.error().code() == ErrorCode::NotFound;
            if (isAbsent && m_ignoresMissing)
                continue;
            if (isAbsent)
                return failure(ErrorCode::NotFound, "open " + place.shown + ": no such file or directory");
            if (!text)
                return std::unexpected(text.error().in("values file " + quoted(place.shown)));
            texts.push_back({place.shown, std::move(*text)});
        }
        return texts;
    }

    const FileTree &m_files;
    std::string_view m_folder;
    const RenderContext &m_context;
    bool m_ignoresMissing;
};

/// Commas of a parameter are part of its value, unless it is a list or escapes them itself.
std::string withCommasEscaped(const std::string &value)
{
    if (value.starts_with('{') && value.ends_with('}'))
        return value;
    std::string escaped;
    char before = 0;
    for (const char c : value) {
        if (c == ',' && before != '\\')
            escaped += '\\';
        escaped += c;
        before = c;
    }
    return escaped;
}

void addParameters(HelmOptions &options, const Value &parameters, const BuildEnvironment &environment)
{
    std::map<std::string, SetFlag> flags; ///< the last of a name wins
    for (const Value &parameter : parameters.items()) {
        const std::string name(parameter["name"].stringOr());
        const SetKind kind = parameter["forceString"].boolOr(false) ? SetKind::String : SetKind::Typed;
        const std::string value = environment.substituted(parameter["value"].stringOr());
        flags[(kind == SetKind::String ? "s" : "t") + name] = {kind, name + "=" + withCommasEscaped(value)};
    }
    for (auto &[key, flag] : flags)
        options.setFlags.push_back(std::move(flag));
}

} // namespace

Expected<HelmOptions> helmOptionsOf(const Value &source, const FileTree &files, std::string_view folder,
                                    const RenderContext &context)
{
    const Value helm = source["helm"];
    HelmOptions options;
    options.forEach = context.forEach;
    const std::string_view application = applicationNameOf(context.environment.appName);
    options.releaseName = helm["releaseName"].stringOr(application);
    if (options.releaseName.empty())
        options.releaseName = application.empty() ? "release-name" : std::string(application);
    const std::string_view ns = helm["namespace"].stringOr();
    options.ns = ns.empty() ? context.environment.appNamespace : std::string(ns);
    if (options.ns.empty())
        options.ns = "default";
    const std::string_view kubeVersion = helm["kubeVersion"].stringOr();
    options.kubeVersion = plainKubeVersion(kubeVersion.empty() ? context.kubeVersion : kubeVersion);
    options.apiVersions = context.apiVersions;
    if (const Value own = helm["apiVersions"]; own.size() > 0) {
        options.apiVersions.clear();
        for (const Value &version : own.items())
            options.apiVersions.emplace_back(version.stringOr());
    }
    options.includesCrds = !helm["skipCrds"].boolOr(false);
    options.skipsTests = helm["skipTests"].boolOr(false);
    options.skipsSchemaValidation = helm["skipSchemaValidation"].boolOr(false);
    Expected<std::vector<ValuesText>> texts =
        ValueFiles(files, folder, context, helm["ignoreMissingValueFiles"].boolOr(false)).read(helm["valueFiles"]);
    if (!texts)
        return std::unexpected(texts.error());
    options.valueTexts = std::move(*texts);
    if (const Value values = helm["valuesObject"]; values.isMap())
        options.valueTexts.push_back({"valuesObject", object::toYaml(values)});
    else if (const std::string_view text = helm["values"].stringOr(); !text.empty())
        options.valueTexts.push_back({"values", std::string(text)});
    addParameters(options, helm["parameters"], context.environment);
    const Value fileParameters = helm["fileParameters"];
    for (const Value &parameter : fileParameters.items())
        options.setFlags.push_back({SetKind::File, std::string(parameter["name"].stringOr()) + "="
                                                       + withCommasEscaped(std::string(parameter["path"].stringOr()))});
    options.readSetFile = [&files, folder = std::string(folder),
                           &context](const std::string &name) -> Expected<std::string> {
        const Expected<Place> place = placeOf(name, files, folder, context);
        if (!place)
            return std::unexpected(place.error());
        return contentOf(*place, context);
    };
    return options;
}

} // namespace tiphys::render
