// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/argo_source.h"

#include "base/text.h"
#include "render/file_glob.h"
#include "render/kustomize/kustomization_fields.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace tiphys::render {

using namespace kustomize;
using object::Value;

namespace {

constexpr std::string_view kKept = "*";

/// "[old=]new[:tag][@digest]" as `kustomize edit set image` reads it.
/// Source: kustomize kustomize/commands/edit/set/setimage.go (parse)@v5.8.1
Expected<Image> imageOf(const std::string &argument)
{
    const std::size_t equals = argument.find('=');
    const bool hasKey = equals != std::string::npos;
    const std::string value = hasKey ? argument.substr(equals + 1) : argument;
    // A port stands in front of the first slash, a tag behind the last one.
    const std::size_t at = value.find('@');
    const std::string named = value.substr(0, at);
    const std::size_t slash = named.find('/');
    const std::size_t colon = named.find(':', slash == std::string::npos ? 0 : slash);
    Image image;
    std::string name = named.substr(0, colon);
    if (colon != std::string::npos)
        image.newTag = named.substr(colon + 1);
    if (at != std::string::npos)
        image.digest = value.substr(at + 1);
    if (name == argument)
        return failure(ErrorCode::InvalidInput,
                       "invalid format of image, use one of the following options:\n- <image>=<newimage>:<newtag>\n- "
                       "<image>=<newimage>@<digest>\n- <image>=<newimage>:<newtag>@<digest>\n- <image>=<newimage>\n- "
                       "<image>:<newtag>\n- <image>:<newtag>@<digest>\n- <image>@<digest>");
    image.name = hasKey ? argument.substr(0, equals) : name;
    if (hasKey)
        image.newName = std::move(name);
    return image;
}

/// "*" keeps what the file has.
void keepMarked(Image &image, const Image &old)
{
    const auto keep = [](std::string &text, const std::string &was) {
        if (text == kKept)
            text = was;
    };
    keep(image.newName, old.newName);
    keep(image.newTag, old.newTag);
    keep(image.digest, old.digest);
}

class Edits
{
public:
    Edits(const Value &options, const FileTree &files, std::string folder, const EnvironmentSubstitution &substitute)
        : m_options(options), m_files(files), m_folder(std::move(folder)), m_substitute(substitute)
    {
    }

    Expected<void> apply(Kustomization &file) const
    {
        setText("namePrefix", file.namePrefix);
        setText("nameSuffix", file.nameSuffix);
        Expected<void> done = setImages(file);
        if (done)
            done = setReplicas(file);
        if (done)
            done = addLabels(file);
        if (done)
            done = addAnnotations(file);
        setText("namespace", file.ns);
        if (done)
            done = addPatches(file);
        if (done)
            done = addComponents(file);
        return done;
    }

private:
    void setText(std::string_view member, std::string &into) const
    {
        const std::string_view text = m_options[member].stringOr();
        if (!text.empty())
            into = text;
    }

    std::string substituted(std::string_view text) const
    {
        return m_substitute ? m_substitute(text) : std::string(text);
    }

    Expected<void> setImages(Kustomization &file) const
    {
        const Value arguments = m_options["images"];
        if (arguments.size() == 0)
            return {};
        std::map<std::string, Image> images;
        for (const Value &argument : arguments.items()) {
            const Expected<Image> image = imageOf(substituted(argument.stringOr()));
            if (!image)
                return std::unexpected(image.error());
            images[image->name] = *image;
        }
        for (const Image &old : file.images) {
            const auto [found, isNew] = images.try_emplace(old.name, old);
            if (!isNew)
                keepMarked(found->second, old);
        }
        file.images.clear();
        for (auto &[name, image] : images) {
            keepMarked(image, {});
            file.images.push_back(image);
        }
        return {};
    }

    Expected<void> setReplicas(Kustomization &file) const
    {
        const Value given = m_options["replicas"];
        if (given.size() == 0)
            return {};
        std::map<std::string, Replica> replicas;
        for (const Value &each : given.items()) {
            const Expected<std::int64_t> count = replicaCount(each);
            if (!count)
                return std::unexpected(count.error());
            const std::string name(each["name"].stringOr());
            replicas[name] = Replica{name, *count};
        }
        for (const Replica &old : file.replicas)
            replicas.try_emplace(old.name, old);
        file.replicas.clear();
        for (const auto &[name, replica] : replicas)
            file.replicas.push_back(replica);
        return {};
    }

    enum class Substitutes { No, Yes };
    /// Texts of a map, outer double quotes of each value dropped.
    StringMap textsOf(std::string_view member, Substitutes substitutes) const
    {
        StringMap texts;
        const Value map = m_options[member];
        for (const auto &[key, value] : map.entries()) {
            std::string text =
                substitutes == Substitutes::Yes ? substituted(value.stringOr()) : std::string(value.stringOr());
            if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
                text = text.substr(1, text.size() - 2);
            texts[std::string(key)] = std::move(text);
        }
        return texts;
    }

    static Expected<void> addTo(StringMap &into, const StringMap &texts, std::string_view kind, bool isForced)
    {
        for (const auto &[key, text] : texts) {
            if (into.contains(key) && !isForced)
                return failure(ErrorCode::InvalidInput,
                               std::string(kind) + " " + key
                                   + " already in kustomization file. Use --force to override.");
            into[key] = text;
        }
        return {};
    }

    Expected<void> addLabels(Kustomization &file) const
    {
        const StringMap texts = textsOf("commonLabels", Substitutes::Yes);
        if (texts.empty())
            return {};
        const bool isForced = m_options["forceCommonLabels"].boolOr(false);
        const bool includesTemplates = m_options["labelIncludeTemplates"].boolOr(false);
        if (!m_options["labelWithoutSelector"].boolOr(false)) {
            if (includesTemplates)
                return failure(ErrorCode::InvalidInput,
                               "--without-selector flag must be specified for --include-templates to work");
            return addTo(file.commonLabels, texts, "label", isForced);
        }
        auto label = std::ranges::find_if(file.labels, [&](const Label &each) {
            return !each.includesSelectors && each.includesTemplates == includesTemplates;
        });
        if (label == file.labels.end()) {
            file.labels.emplace_back();
            label = file.labels.end() - 1;
            label->includesTemplates = includesTemplates;
        }
        return addTo(label->pairs, texts, "label", isForced);
    }

    Expected<void> addAnnotations(Kustomization &file) const
    {
        const bool substitutes = m_options["commonAnnotationsEnvsubst"].boolOr(false);
        return addTo(file.commonAnnotations,
                     textsOf("commonAnnotations", substitutes ? Substitutes::Yes : Substitutes::No), "annotation",
                     m_options["forceCommonAnnotations"].boolOr(false));
    }

    Expected<void> addPatches(Kustomization &file) const
    {
        std::vector<Patch> patches;
        StructReader reader(Unknown::Refused);
        reader.read(m_options["patches"], patches);
        if (reader.problem())
            return failure(ErrorCode::InvalidInput, "invalid Kustomization: " + *reader.problem());
        file.patches.insert(file.patches.end(), patches.begin(), patches.end());
        return {};
    }

    Expected<void> addComponents(Kustomization &file) const
    {
        const bool ignoresMissing = m_options["ignoreMissingComponents"].boolOr(false);
        const Value components = m_options["components"];
        for (const Value &component : components.items()) {
            const std::string path(component.stringOr());
            const Expected<std::string> whole = cleanPath(m_folder.empty() ? path : m_folder + "/" + path);
            const bool isThere = whole && resolvedPath(m_files, *whole);
            if (!isThere && ignoresMissing)
                continue;
            Expected<std::vector<std::string>> paths = componentsOf(path);
            if (!paths)
                return std::unexpected(paths.error());
            for (std::string &each : *paths) {
                if (std::ranges::find(file.components, each) == file.components.end())
                    file.components.push_back(std::move(each));
            }
        }
        return {};
    }

    /// What `kustomize edit add component` makes of a pattern: paths, else what is elsewhere.
    /// Source: kustomize kustomize/commands/internal/util/util.go (GlobPatternsWithLoader)@v5.8.1
    Expected<std::vector<std::string>> componentsOf(const std::string &pattern) const
    {
        Expected<std::vector<std::string>> paths = globPaths(m_files, m_folder, pattern);
        if (!paths)
            return paths;
        if (!isHidden(pattern))
            std::erase_if(*paths, isHidden);
        if (paths->empty() && !repoSpecOf(pattern)) {
            const std::string place =
                cleanPath(m_folder.empty() ? pattern : m_folder + "/" + pattern).value_or(pattern);
            return failure(
                ErrorCode::NotFound,
                pattern + " has no match: must build at directory: not a valid directory: evalsymlink failure on '"
                    + place + "' : lstat " + place + ": no such file or directory");
        }
        return paths->empty() ? std::vector<std::string>{pattern} : std::move(*paths);
    }

    static bool isHidden(std::string_view path)
    {
        while (path.size() > 1 && path.ends_with('/'))
            path.remove_suffix(1);
        return path.substr(path.rfind('/') + 1).starts_with('.');
    }

    const Value &m_options;
    const FileTree &m_files;
    std::string m_folder;
    const EnvironmentSubstitution &m_substitute;
};

} // namespace

Expected<Rendered> renderKustomizeSource(const Value &kustomize, const FileTree &files, std::string_view folder,
                                         KustomizeOptions options, const EnvironmentSubstitution &substitute)
{
    const Edits edits(kustomize, files, std::string(folder), substitute);
    options.edit = [&edits](Kustomization &file) { return edits.apply(file); };
    return renderKustomization(files, folder, options);
}

Expected<std::int64_t> replicaCount(const Value &replica)
{
    const std::optional<std::string_view> text = replica["count"].asString();
    if (!text)
        return replica["count"].intOr(0);
    std::int64_t count = 0;
    const char *end = text->data() + text->size();
    const auto read = std::from_chars(text->data(), end, count);
    if (read.ec != std::errc() || read.ptr != end)
        return failure(ErrorCode::InvalidInput, "expected integer value for count. Received: " + std::string(*text));
    return count;
}

Expected<KustomizeOptions> kustomizeBuildOptions(std::string_view flags)
{
    KustomizeOptions options;
    std::vector<std::string> words;
    constexpr std::string_view kSpace = " \t\n\v\f\r";
    for (std::size_t start = flags.find_first_not_of(kSpace); start != std::string_view::npos;) {
        const std::size_t end = std::min(flags.find_first_of(kSpace, start), flags.size());
        words.emplace_back(flags.substr(start, end - start));
        start = flags.find_first_not_of(kSpace, end);
    }
    for (std::size_t i = 0; i < words.size(); ++i) {
        std::string flag = words[i];
        const std::size_t equals = flag.find('=');
        std::string value = equals == std::string::npos ? "" : flag.substr(equals + 1);
        flag = flag.substr(0, equals);
        const auto takeValue = [&] {
            if (equals == std::string::npos && i + 1 < words.size())
                value = words[++i];
        };
        const bool isOn = value != "false";
        if (flag == "--enable-helm") {
            options.enablesHelm = isOn;
        } else if (flag == "--enable-managedby-label") {
            options.addsManagedByLabel = isOn;
        } else if (flag == "--load-restrictor" || flag == "--load_restrictor") {
            takeValue();
            options.restriction =
                value == "LoadRestrictionsNone" || value == "none" ? LoadRestriction::None : LoadRestriction::RootOnly;
        } else if (flag == "--reorder") {
            takeValue();
            options.reorder = value == "none" ? Reorder::None : Reorder::Legacy;
        } else if (flag == "--helm-kube-version") {
            takeValue();
            options.helmKubeVersion = value;
        } else if (flag == "--helm-api-versions") {
            takeValue();
            for (const std::string_view version : split(value, ','))
                options.helmApiVersions.emplace_back(version);
        } else if (flag == "--helm-command" || flag == "--network-name") {
            takeValue();
        } else if (flag != "--helm-debug" && flag != "--enable-alpha-plugins" && flag != "--enable-exec"
                   && flag != "--enable-star" && flag != "--network" && flag != "--as-current-user") {
            return failure(ErrorCode::Unsupported, "unknown kustomize build option " + tiphys::quoted(flag));
        }
    }
    return options;
}

} // namespace tiphys::render
