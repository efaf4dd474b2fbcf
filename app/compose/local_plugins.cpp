// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/local_plugins.h"

#include "base/sha256.h"
#include "base/text.h"
#include "process/tool.h"
#include "store/consents.h"
#include "store/folder_tree.h"
#include "store/workspace.h"
#include "store/written_tree.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>

namespace tiphys::compose {

namespace fs = std::filesystem;
using render::Plugin;
using render::PluginCommand;
using render::PluginRun;

namespace {

constexpr std::size_t kMostOutput = std::size_t(64) << 20;
constexpr std::size_t kMostShownErrors = 4096;
constexpr int kGraceMilliseconds = 5000; // as Argo CD gives its plugins
constexpr std::int64_t kMostFileBytes = 1 << 20;

/// The end of what a program said on standard error.
std::string shownErrors(std::string_view errors)
{
    errors = trimmed(errors);
    return errors.size() <= kMostShownErrors ? std::string(errors)
                                             : "…" + std::string(errors.substr(errors.size() - kMostShownErrors));
}

std::string endOf(int exitCode)
{
    return exitCode > 128 ? "signal " + std::to_string(exitCode - 128) : "exit status " + std::to_string(exitCode);
}

Error commandError(const PluginCommand &command, const std::string &cause, std::string_view errors)
{
    const std::string shown = shownErrors(errors);
    return Error(ErrorCode::InvalidInput,
                 "`" + command.text() + "` failed " + cause + (shown.empty() ? "" : ": " + shown));
}

class LocalPlugins final : public render::PluginHost
{
public:
    explicit LocalPlugins(PluginChoice choice)
        : m_choice(std::move(choice)), m_consents(m_choice.userFolder / "allowed-plugins")
    {
        for (const std::string &file : m_choice.files)
            readFile(file);
        if (!m_choice.workspace.empty())
            readFolder(store::workspacePluginFolder(m_choice.workspace));
        if (!m_choice.userFolder.empty())
            readFolder(m_choice.userFolder / "plugins");
        std::ranges::stable_sort(m_plugins, {},
                                 [](const Plugin &plugin) { return plugin.config.fullName() + ".sock"; });
    }

    const std::vector<Plugin> &plugins() const override { return m_plugins; }
    const std::vector<Error> &problems() const override { return m_problems; }

    Expected<void> allow(const Plugin &plugin) override
    {
        const std::string name = plugin.config.fullName();
        const std::lock_guard lock(m_mutex);
        if (mayRun(plugin))
            return {};
        return failure(ErrorCode::Denied, "plugin " + tiphys::quoted(name) + " (" + plugin.file
                                              + ") is not allowed to run; allow it with --allow-plugins " + name);
    }

    Expected<void> withdraw(const std::string &name) override
    {
        const auto plugin =
            std::ranges::find(m_plugins, name, [](const Plugin &each) { return each.config.fullName(); });
        if (plugin == m_plugins.end())
            return failure(ErrorCode::NotFound, "no plugin " + tiphys::quoted(name) + " is known");
        const std::lock_guard lock(m_mutex);
        m_answers.erase(name);
        const Expected<void> removed =
            m_choice.userFolder.empty() ? Expected<void>() : m_consents.remove(m_digests.at(name), plugin->file);
        // What is still remembered, against the person's will, does not count.
        m_withdrawn[name] = removed.has_value();
        return removed;
    }

    Expected<std::string> run(const PluginRun &run) override
    {
        if (const Expected<void> allowed = allow(run.plugin); !allowed)
            return std::unexpected(allowed.error()); // before its files are written
        const auto checkout = store::TemporaryFolder::make();
        if (!checkout)
            return std::unexpected(checkout.error());
        const fs::path root = (*checkout)->path();
        const store::WriteOptions options{.keepsLinks = true, .keepsExecutable = run.plugin.config.preservesFileMode};
        if (const Expected<void> written = store::writeTree(run.files, root, options); !written)
            return std::unexpected(written.error());
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(m_choice.milliseconds);
        std::string output;
        for (const PluginCommand &command : run.commands) {
            if (const Expected<void> allowed = allow(run.plugin); !allowed)
                return std::unexpected(allowed.error());
            const auto left =
                std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
            Expected<std::string> printed =
                runOne(command, (root / run.folder).string(), run.environment, static_cast<int>(left));
            if (!printed)
                return printed;
            output = std::move(*printed);
        }
        // Consent may have been taken back while it ran.
        if (const Expected<void> allowed = allow(run.plugin); !allowed)
            return std::unexpected(allowed.error());
        return output;
    }

private:
    Expected<std::string> runOne(const PluginCommand &command, const std::string &folder,
                                 const render::PluginEnvironment &environment, int milliseconds) const
    {
        const Expected<process::ToolResult> result =
            process::runTool({.arguments = command.words(),
                              .folder = folder,
                              .environment = environment,
                              .milliseconds = milliseconds,
                              .graceMilliseconds = std::min(kGraceMilliseconds, m_choice.milliseconds),
                              .limitBytes = kMostOutput});
        if (!result && result.error().code() == ErrorCode::Timeout)
            return failure(ErrorCode::Timeout, "`" + command.text() + "` failed: the plugin took longer than "
                                                   + std::to_string(m_choice.milliseconds / 1000) + " s");
        if (!result)
            return std::unexpected(result.error().in("`" + command.text() + "` failed"));
        if (result->exitCode != 0)
            return std::unexpected(commandError(command, endOf(result->exitCode), result->errors));
        std::string output = result->output;
        if (output.ends_with('\n'))
            output.pop_back();
        return output;
    }

    void readFolder(const fs::path &folder)
    {
        const Expected<std::vector<store::WorkspaceFile>> files = store::yamlFilesIn(folder);
        if (!files) {
            m_problems.push_back(files.error());
            return;
        }
        for (const store::WorkspaceFile &file : *files)
            read(file.path, file.text);
    }

    void readFile(const std::string &path)
    {
        const Expected<std::string> text = store::fileContent(path, kMostFileBytes);
        std::error_code ignored;
        if (text)
            read(fs::absolute(path, ignored).lexically_normal().string(), *text);
        else
            m_problems.push_back(text.error());
    }

    void read(const std::string &path, const std::string &text)
    {
        Expected<render::PluginConfig> config = render::readPluginConfig(text);
        if (!config) {
            m_problems.push_back(config.error().in("plugin file '" + path + "'"));
            return;
        }
        const std::string name = config->fullName();
        if (m_digests.try_emplace(name, sha256Of(text)).second)
            m_plugins.push_back({std::move(*config), path});
    }

    bool mayRun(const Plugin &plugin)
    {
        const std::string name = plugin.config.fullName();
        const std::string &digest = m_digests.at(name);
        const bool canRemember = !m_choice.userFolder.empty();
        const auto withdrawn = m_withdrawn.find(name);
        const bool isRemembered = canRemember && m_consents.has(digest, plugin.file);
        if (withdrawn != m_withdrawn.end())
            return withdrawn->second && isRemembered; // somebody allowed it since
        if (isRemembered) {
            m_answers[name] = {.isAllowed = true, .isKept = true};
            return true;
        }
        // Nobody is asked twice; what was kept and is no longer there was taken back elsewhere.
        if (const auto known = m_answers.find(name); known != m_answers.end())
            return known->second.isAllowed && !known->second.isKept;
        const bool isNamed =
            std::ranges::contains(m_choice.allowed, name) || std::ranges::contains(m_choice.allowed, "*");
        if (!isNamed && !m_choice.ask)
            return false;
        Answer &answer = m_answers[name];
        answer.isAllowed = isNamed || m_choice.ask(questionAbout(plugin));
        if (answer.isAllowed && canRemember)
            answer.isKept = m_consents.add(digest, plugin.file).has_value(); // else it is asked again the next time
        return answer.isAllowed;
    }

    static std::string questionAbout(const Plugin &plugin)
    {
        const render::PluginConfig &config = plugin.config;
        std::string text = "Plugin " + config.fullName() + " (" + plugin.file + ") wants to run, with your rights:\n";
        for (const PluginCommand *command :
             {&config.init, &config.generate, &config.discovery.command, &config.dynamicParameters}) {
            if (command->isSet())
                text += "  " + command->text() + "\n";
        }
        return text + "Allow it, until the file changes?";
    }

    /// What this process was told.
    struct Answer
    {
        bool isAllowed = false;
        bool isKept = false; ///< it stands where other processes see it, and can take it back
    };

    PluginChoice m_choice;
    store::Consents m_consents;
    std::vector<Plugin> m_plugins;
    std::vector<Error> m_problems;
    std::map<std::string, std::string> m_digests; ///< of the file, by full name
    std::mutex m_mutex;                           ///< guards the answers: applications are rendered side by side
    std::map<std::string, Answer> m_answers;      ///< by full name
    std::map<std::string, bool> m_withdrawn;      ///< by full name: whether that could be kept
};

} // namespace

std::shared_ptr<render::PluginHost> localPlugins(PluginChoice choice)
{
    return std::make_shared<LocalPlugins>(std::move(choice));
}

} // namespace tiphys::compose
