// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/local_tools.h"

#include "base/glob.h"
#include "base/text.h"
#include "object/json.h"
#include "process/tool.h"
#include "render/directory.h"
#include "render/kustomize/kustomization.h"
#include "render/kustomize/tool_edits.h"
#include "store/folder_tree.h"
#include "store/written_tree.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <mutex>

namespace tiphys::compose {

using object::Object;

namespace {

constexpr std::int64_t kMostFile = 10'000'000;
/// For a program to tell its version.
constexpr int kVersionMilliseconds = 10'000;

/// The program's own words, one line.
std::string wordsOf(const process::ToolResult &result)
{
    std::string words(
        trimmed(result.errors.empty() ? std::string_view(result.output) : std::string_view(result.errors)));
    return words.empty() ? "exit code " + std::to_string(result.exitCode) : words;
}

Expected<std::string> outputOf(process::ToolCommand command)
{
    const std::string name = command.arguments.front();
    const Expected<process::ToolResult> result = process::runTool(command);
    if (!result)
        return std::unexpected(result.error());
    if (result->exitCode != 0)
        return failure(ErrorCode::InvalidInput, name + ": " + wordsOf(*result));
    return result->output;
}

Expected<ToolAnswer> answerOf(std::string tool, const Expected<std::string> &output)
{
    if (!output)
        return std::unexpected(output.error());
    const Expected<std::vector<Object>> documents = render::manifestsIn(*output, "output of " + tool);
    if (!documents)
        return std::unexpected(documents.error());
    Expected<std::vector<Object>> objects = render::withoutLists(*documents);
    if (!objects)
        return std::unexpected(objects.error());
    return ToolAnswer{std::move(tool), std::move(*objects)};
}

std::string_view flagOf(render::SetKind kind)
{
    switch (kind) {
    case render::SetKind::Json: return "--set-json";
    case render::SetKind::Typed: return "--set";
    case render::SetKind::String: return "--set-string";
    case render::SetKind::File: return "--set-file";
    case render::SetKind::Literal: return "--set-literal";
    }
    return "--set";
}

/// Writes the texts that the flags name to \p folder. `--set-file k=path` names a copy of what our own rules read.
Expected<std::vector<std::string>> helmArguments(const render::HelmOptions &options,
                                                 const std::filesystem::path &folder)
{
    std::vector<std::string> arguments{"helm",        "template", ".", "--name-template", options.releaseName,
                                       "--namespace", options.ns};
    const auto add = [&arguments](std::string_view flag, const std::string &value) {
        arguments.emplace_back(flag);
        arguments.push_back(value);
    };
    int count = 0;
    const auto written = [&](const std::string &text) -> Expected<std::string> {
        const std::filesystem::path file = folder / ("values-" + std::to_string(++count) + ".yaml");
        const Expected<void> done = store::writeFile(file, text);
        return done ? Expected<std::string>(file.string()) : Expected<std::string>(std::unexpected(done.error()));
    };
    for (const render::ValuesText &values : options.valueTexts) {
        const Expected<std::string> file = written(values.text);
        if (!file)
            return std::unexpected(file.error());
        add("--values", *file);
    }
    for (const render::SetFlag &flag : options.setFlags) {
        const auto equals = flag.text.find('=');
        if (flag.kind != render::SetKind::File || equals == std::string::npos) {
            add(flagOf(flag.kind), flag.text);
            continue;
        }
        const Expected<std::string> text = options.readSetFile(flag.text.substr(equals + 1));
        const Expected<std::string> file = text ? written(*text) : text;
        if (!file)
            return std::unexpected(file.error());
        add("--set-file", flag.text.substr(0, equals + 1) + *file);
    }
    if (!options.kubeVersion.empty())
        add("--kube-version", options.kubeVersion);
    for (const std::string &version : options.apiVersions)
        add("--api-versions", version);
    const std::pair<bool, const char *> switches[] = {{options.includesCrds, "--include-crds"},
                                                      {options.skipsSchemaValidation, "--skip-schema-validation"},
                                                      {options.skipsTests, "--skip-tests"}};
    for (const auto &[isOn, flag] : switches) {
        if (isOn)
            arguments.emplace_back(flag);
    }
    return arguments;
}

/// "v4.2.4". Errors: of runTool, InvalidInput with the program's own words.
Expected<std::string> toldVersion(const std::string &tool)
{
    std::vector<std::string> arguments{tool, "version"};
    if (tool == "helm")
        arguments.emplace_back("--short");
    const Expected<std::string> output = outputOf(
        {.arguments = std::move(arguments), .folder = {}, .environment = {}, .milliseconds = kVersionMilliseconds});
    if (!output)
        return output;
    const std::string_view version = trimmed(*output);
    return std::string(version.substr(0, version.find_first_of("+\n")));
}

std::string versionOf(const std::string &tool)
{
    const Expected<std::string> version = toldVersion(tool);
    return version ? tool + " " + *version : tool;
}

} // namespace

Expected<ToolAnswer> helmAnswer(const std::string &folder, const render::HelmOptions &options)
{
    const auto temporary = store::TemporaryFolder::make();
    if (!temporary)
        return std::unexpected(temporary.error());
    const Expected<std::vector<std::string>> arguments = helmArguments(options, (*temporary)->path());
    if (!arguments)
        return std::unexpected(arguments.error());
    const Expected<std::string> output = outputOf({.arguments = *arguments, .folder = folder, .environment = {}});
    return answerOf(versionOf("helm"), output);
}

Expected<ToolAnswer> kustomizeAnswer(const std::string &folder, const std::vector<std::string> &flags)
{
    std::vector<std::string> arguments{"kustomize", "build", "."};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const Expected<std::string> output =
        outputOf({.arguments = std::move(arguments), .folder = folder, .environment = {}});
    return answerOf(versionOf("kustomize"), output);
}

namespace {

/// Appends patches to the kustomization file of \p folder.
Expected<void> addPatches(const std::filesystem::path &folder, const object::Value &patches)
{
    for (const std::string_view name : render::kustomize::kFileNames) {
        const std::filesystem::path file = folder / name;
        std::error_code problem;
        if (!std::filesystem::exists(file, problem))
            continue;
        const Expected<std::string> text = store::fileContent(file.string(), kMostFile);
        const Expected<std::string> patched = text ? render::withPatches(*text, patches) : text;
        return patched ? store::writeFile(file, *patched) : std::unexpected(patched.error().in(std::string(name)));
    }
    return failure(ErrorCode::InvalidInput, "kustomization file not found in the path");
}

Expected<void> runEdit(std::vector<std::string> words, const std::string &folder)
{
    words.insert(words.begin(), "kustomize");
    const Expected<std::string> output = outputOf({.arguments = std::move(words), .folder = folder, .environment = {}});
    return output ? Expected<void>() : std::unexpected(output.error());
}

Expected<void> edit(const std::filesystem::path &folder, const render::ToolEdits &edits)
{
    for (const std::vector<std::string> &command : edits.commands) {
        if (const Expected<void> done = runEdit(command, folder.string()); !done)
            return done;
    }
    if (!edits.patches.isEmpty()) {
        if (const Expected<void> done = addPatches(folder, edits.patches); !done)
            return done;
    }
    return edits.lastCommand.empty() ? Expected<void>() : runEdit(edits.lastCommand, folder.string());
}

} // namespace

Expected<ToolAnswer> editedKustomizeAnswer(const render::FileTree &files, const std::string &folder,
                                           const render::KustomizeCall &call)
{
    const Expected<render::ToolEdits> edits = render::toolEditsOf(call, files, folder);
    if (!edits)
        return std::unexpected(edits.error());
    const auto copy = store::TemporaryFolder::make();
    if (!copy)
        return std::unexpected(copy.error());
    if (const Expected<void> written = store::writeTree(files, (*copy)->path()); !written)
        return std::unexpected(written.error());
    const std::filesystem::path place = (*copy)->path() / folder;
    if (const Expected<void> edited = edit(place, *edits); !edited)
        return std::unexpected(edited.error());
    return kustomizeAnswer(place.string(), call.flags);
}

bool isChosen(const std::vector<std::string> &names, const std::string &application)
{
    return !application.empty()
           && std::ranges::any_of(names, [&](const std::string &name) { return globMatches(name, application); });
}

std::vector<render::ToolProgram> toolPrograms()
{
    std::vector<render::ToolProgram> programs;
    for (const char *name : {"helm", "kustomize"}) {
        const Expected<std::string> version = toldVersion(name);
        programs.push_back({.name = name,
                            .path = process::toolPath(name).value_or(std::string()),
                            .version = version.value_or(std::string()),
                            .problem = version ? std::string() : version.error().text()});
    }
    return programs;
}

std::string firstDifference(const std::vector<Object> &ours, const std::vector<Object> &theirs)
{
    for (std::size_t i = 0; i < ours.size() && i < theirs.size(); ++i) {
        if (ours[i].key() != theirs[i].key())
            return "object " + std::to_string(i + 1) + " is " + ours[i].key().text() + " here and "
                   + theirs[i].key().text() + " there";
        if (object::toJson(ours[i].value()) != object::toJson(theirs[i].value()))
            return ours[i].key().text() + " has other content";
    }
    if (ours.size() != theirs.size())
        return std::to_string(ours.size()) + " objects here, " + std::to_string(theirs.size()) + " there";
    return {};
}

namespace {

/// Two commits of a comparison, or of a few repositories of a cluster.
constexpr std::size_t kMostCheckouts = 4;

using render::Rendered;
using Checkout = std::shared_ptr<const store::TemporaryFolder>;

Expected<Rendered> renderedBy(Expected<ToolAnswer> answer, render::SourceType type)
{
    if (!answer)
        return std::unexpected(answer.error());
    Rendered rendered{.type = type, .objects = {}, .warnings = {}};
    for (object::Object &object : answer->objects)
        rendered.objects.push_back({std::move(object), {}});
    return rendered;
}

class LocalTools final : public render::ExternalTools
{
public:
    LocalTools(std::vector<std::string> names, std::string diskRoot)
        : m_names(std::move(names)), m_diskRoot(std::move(diskRoot))
    {
    }

    bool areChosenFor(const std::string &application) const override { return isChosen(m_names, application); }

    Expected<Rendered> chart(const render::FileTree &files, const std::string &folder,
                             const render::HelmOptions &options) override
    {
        Checkout keeps;
        const Expected<std::string> place = onDisk(files, folder, keeps);
        return place ? renderedBy(helmAnswer(*place, options), render::SourceType::Helm)
                     : std::unexpected(place.error());
    }

    Expected<Rendered> kustomization(const render::FileTree &files, const std::string &folder,
                                     const render::KustomizeCall &call) override
    {
        if (!call.options.isEmpty())
            return renderedBy(editedKustomizeAnswer(files, folder, call), render::SourceType::Kustomize);
        Checkout keeps;
        const Expected<std::string> place = onDisk(files, folder, keeps);
        return place ? renderedBy(kustomizeAnswer(*place, call.flags), render::SourceType::Kustomize)
                     : std::unexpected(place.error());
    }

private:
    /// Where \p folder of \p files stands; \p keeps holds what was written for it.
    Expected<std::string> onDisk(const render::FileTree &files, const std::string &folder, Checkout &keeps)
    {
        if (!m_diskRoot.empty())
            return (std::filesystem::path(m_diskRoot) / folder).string();
        const Expected<Checkout> checkout = checkoutOf(files);
        if (!checkout)
            return std::unexpected(checkout.error());
        keeps = *checkout;
        return (keeps->path() / folder).string();
    }

    Expected<Checkout> checkoutOf(const render::FileTree &files)
    {
        const std::lock_guard lock(m_mutex);
        const Expected<render::FileEntry> root = files.entry("");
        const std::string id = root ? root->id : std::string();
        const auto known = std::ranges::find(m_checkouts, id, &std::pair<std::string, Checkout>::first);
        if (!id.empty() && known != m_checkouts.end())
            return known->second;
        Expected<std::unique_ptr<store::TemporaryFolder>> made = store::TemporaryFolder::make();
        if (!made)
            return std::unexpected(made.error());
        if (const Expected<void> written = store::writeTree(files, (*made)->path()); !written)
            return std::unexpected(written.error());
        Checkout checkout = std::move(*made);
        if (id.empty())
            return checkout;
        if (m_checkouts.size() == kMostCheckouts)
            m_checkouts.pop_front();
        m_checkouts.emplace_back(id, checkout);
        return checkout;
    }

    std::vector<std::string> m_names;
    std::string m_diskRoot;
    std::mutex m_mutex; ///< guards the checkouts: applications are rendered side by side
    std::deque<std::pair<std::string, Checkout>>
        m_checkouts; ///< by the id of their root, oldest first; who uses one keeps it
};

} // namespace

std::unique_ptr<render::ExternalTools> localTools(std::vector<std::string> names, std::string diskRoot)
{
    return std::make_unique<LocalTools>(std::move(names), std::move(diskRoot));
}

} // namespace tiphys::compose
