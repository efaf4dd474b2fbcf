// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/tool_edits.h"

#include "object/yaml.h"
#include "render/kustomize/argo_source.h"

namespace tiphys::render {

using object::Value;

namespace {

using Words = std::vector<std::string>;

/// Whether the texts of a map have the build environment put in.
enum class Environment { Ignored, PutIn };

class EditCommands
{
public:
    EditCommands(const KustomizeCall &call, const FileTree &files, std::string_view folder)
        : m_call(call), m_options(call.options), m_files(files), m_folder(folder)
    {
    }

    Expected<ToolEdits> made()
    {
        set("nameprefix", "namePrefix");
        set("namesuffix", "nameSuffix");
        setImages();
        const Expected<void> counted = setReplicas();
        if (!counted)
            return std::unexpected(counted.error());
        addLabels();
        addAnnotations();
        set("namespace", "namespace");
        m_edits.patches = m_options["patches"].size() > 0 ? m_options["patches"] : Value();
        addComponents();
        return std::move(m_edits);
    }

private:
    std::string substituted(std::string_view text) const
    {
        return m_call.substitute ? m_call.substitute(text) : std::string(text);
    }

    void set(const std::string &word, std::string_view member)
    {
        const std::string_view text = m_options[member].stringOr();
        if (!text.empty())
            m_edits.commands.push_back({"edit", "set", word, "--", std::string(text)});
    }

    void setImages()
    {
        const Value images = m_options["images"];
        Words words{"edit", "set", "image"};
        for (const Value &image : images.items())
            words.push_back(substituted(image.stringOr()));
        if (images.size() > 0)
            m_edits.commands.push_back(std::move(words));
    }

    Expected<void> setReplicas()
    {
        const Value replicas = m_options["replicas"];
        Words words{"edit", "set", "replicas"};
        for (const Value &replica : replicas.items()) {
            const Expected<std::int64_t> count = replicaCount(replica);
            if (!count)
                return std::unexpected(count.error());
            words.push_back(std::string(replica["name"].stringOr()) + "=" + std::to_string(*count));
        }
        if (replicas.size() > 0)
            m_edits.commands.push_back(std::move(words));
        return {};
    }

    void addTexts(Words words, const Value &texts, Environment environment)
    {
        if (texts.size() == 0)
            return;
        for (const auto &[key, value] : texts.entries())
            words.push_back(
                std::string(key) + ":"
                + (environment == Environment::PutIn ? substituted(value.stringOr()) : std::string(value.stringOr())));
        m_edits.commands.push_back(std::move(words));
    }

    void addLabels()
    {
        Words words{"edit", "add", "label"};
        if (m_options["forceCommonLabels"].boolOr(false))
            words.emplace_back("--force");
        if (m_options["labelWithoutSelector"].boolOr(false))
            words.emplace_back("--without-selector");
        if (m_options["labelIncludeTemplates"].boolOr(false))
            words.emplace_back("--include-templates");
        addTexts(std::move(words), m_options["commonLabels"], Environment::PutIn);
    }

    void addAnnotations()
    {
        Words words{"edit", "add", "annotation"};
        if (m_options["forceCommonAnnotations"].boolOr(false))
            words.emplace_back("--force");
        const bool putsIn = m_options["commonAnnotationsEnvsubst"].boolOr(false);
        addTexts(std::move(words), m_options["commonAnnotations"], putsIn ? Environment::PutIn : Environment::Ignored);
    }

    void addComponents()
    {
        const bool ignoresMissing = m_options["ignoreMissingComponents"].boolOr(false);
        Words words{"edit", "add", "component"};
        const std::size_t none = words.size();
        const Value components = m_options["components"];
        for (const Value &component : components.items()) {
            const std::string path(component.stringOr());
            const Expected<std::string> whole = cleanPath(m_folder.empty() ? path : m_folder + "/" + path);
            if (!ignoresMissing || (whole && resolvedPath(m_files, *whole)))
                words.push_back(path);
        }
        if (words.size() > none)
            m_edits.lastCommand = std::move(words);
    }

    const KustomizeCall &m_call;
    const Value &m_options;
    const FileTree &m_files;
    std::string m_folder;
    ToolEdits m_edits;
};

} // namespace

Expected<ToolEdits> toolEditsOf(const KustomizeCall &call, const FileTree &files, std::string_view folder)
{
    return EditCommands(call, files, folder).made();
}

Expected<std::string> withPatches(std::string_view file, const Value &patches)
{
    const Expected<Value> kustomization = object::parseYaml(file);
    if (!kustomization)
        return std::unexpected(kustomization.error());
    if (!kustomization->isMap())
        return failure(ErrorCode::InvalidInput, "a kustomization file must hold a map");
    Value all = (*kustomization)["patches"];
    if (all.isNull())
        return object::toYaml(kustomization->with("patches", patches));
    if (!all.isList())
        return failure(ErrorCode::InvalidInput, "'patches' of a kustomization file must be a list");
    for (const Value &patch : patches.items())
        all = all.appended(patch);
    return object::toYaml(kustomization->with("patches", all));
}

} // namespace tiphys::render
