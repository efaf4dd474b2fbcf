// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/chart_loader.h"

#include "base/text.h"
#include "render/helm/chart_archive.h"
#include "render/helm/chart_metadata.h"
#include "render/helm/ignore_rules.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>

namespace tiphys::render {

namespace {

constexpr int kDeepestFolder = 100;
constexpr int kDeepestChart = 50;
/// Bytes of a chart that is a folder. Helm limits archives only (kChartLimit): umbrellas of unpacked charts are larger.
constexpr std::size_t kFolderLimit = std::size_t(1) << 30;
/// Fewer folders or subcharts are not worth a thread: each takes some twenty microseconds.
constexpr std::size_t kLeastSpread = 16;

std::string_view withoutMark(std::string_view text)
{
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    return text;
}

std::string below(std::string_view folder, std::string_view name)
{
    return folder.empty() ? std::string(name) : std::string(folder) + "/" + std::string(name);
}

/// Collects the files of a chart's folder.
class Walk
{
public:
    Walk(const FileTree &tree, const IgnoreRules &rules, const ForEach *forEach)
        : m_tree(tree), m_rules(rules), m_forEach(forEach)
    {
    }

    std::vector<ChartFile> files;

    /// \p folder in the tree is \p inside in the chart.
    Expected<void> visit(const std::string &folder, const std::string &inside, int depth)
    {
        if (depth > kDeepestFolder)
            return failure(ErrorCode::LimitExceeded, "folders of the chart are nested too deeply at '" + inside + "'");
        const Expected<std::vector<FileEntry>> entries = m_tree.list(folder);
        if (!entries)
            return std::unexpected(entries.error());
        const auto folders = std::ranges::count(*entries, FileKind::Folder, &FileEntry::kind);
        if (m_forEach && *m_forEach && static_cast<std::size_t>(folders) >= kLeastSpread) {
            if (const std::optional<Expected<void>> seen = visitAside(*entries, folder, inside, depth))
                return *seen;
        }
        for (const FileEntry &entry : *entries) {
            if (const Expected<void> seen = visitEntry(entry, folder, inside, depth); !seen)
                return seen;
        }
        return {};
    }

private:
    /// Each of \p entries by a walk of its own, and then what they found in order. Nothing, and nothing kept, where they
    /// are too large together: which file is one too many shows in turn.
    std::optional<Expected<void>> visitAside(const std::vector<FileEntry> &entries, const std::string &folder,
                                             const std::string &inside, int depth)
    {
        std::vector<Walk> walks(entries.size(), Walk(m_tree, m_rules, nullptr));
        std::vector<Expected<void>> seen(entries.size());
        std::atomic<std::size_t> bytes = m_bytes;
        (*m_forEach)(entries.size(), [&](std::size_t i) {
            if (bytes.load(std::memory_order_relaxed) > kFolderLimit)
                return;
            seen[i] = walks[i].visitEntry(entries[i], folder, inside, depth);
            bytes.fetch_add(walks[i].m_bytes, std::memory_order_relaxed);
        });
        if (bytes.load() > kFolderLimit)
            return std::nullopt;
        for (std::size_t i = 0; i < entries.size(); ++i) {
            if (!seen[i])
                return seen[i];
            std::ranges::move(walks[i].files, std::back_inserter(files));
        }
        m_bytes = bytes.load();
        return Expected<void>();
    }

    Expected<void> visitEntry(FileEntry entry, const std::string &folder, const std::string &inside, int depth)
    {
        const std::string name = below(inside, entry.name);
        std::string path = below(folder, entry.name);
        if (entry.kind == FileKind::Symlink) {
            const Expected<std::string> target = resolvedPath(m_tree, path);
            if (!target)
                return std::unexpected(target.error().in("error evaluating symlink " + path));
            const Expected<FileEntry> found = m_tree.entry(*target);
            if (!found)
                return std::unexpected(found.error().in("error evaluating symlink " + path));
            path = *target;
            entry.kind = found->kind;
        }
        const bool isFolder = entry.kind == FileKind::Folder;
        if (m_rules.ignores(name, isFolder))
            return {};
        if (isFolder)
            return visit(path, name, depth + 1);
        if (entry.kind == FileKind::Submodule)
            return failure(ErrorCode::Unsupported, "submodule '" + name + "' is not there");
        const Expected<FileContent> content = m_tree.read(path);
        if (!content)
            return std::unexpected(content.error().in("error reading " + name));
        if (content->text.size() > kChartFileLimit)
            return failure(ErrorCode::LimitExceeded, "chart file \"" + entry.name
                                                         + "\" is larger than the maximum file size "
                                                         + std::to_string(kChartFileLimit));
        m_bytes += content->text.size();
        if (m_bytes > kFolderLimit)
            return failure(ErrorCode::LimitExceeded,
                           "chart is larger than the maximum size " + std::to_string(kFolderLimit));
        files.push_back({name, withoutMark(content->text), content->owner});
        return {};
    }

    const FileTree &m_tree;
    const IgnoreRules &m_rules;
    const ForEach *m_forEach; ///< null: everything in turn
    std::size_t m_bytes = 0;
};

bool isManifest(std::string_view name)
{
    const std::string lower = asciiLower(name);
    return lower.ends_with(".yaml") || lower.ends_with(".yml") || lower.ends_with(".json");
}

bool isTarball(std::string_view name)
{
    return name.ends_with(".tgz");
}

/// One chart from its files.
class Assembly
{
public:
    Assembly(int depth, const ForEach &forEach) : m_depth(depth), m_forEach(forEach) {}

    Expected<Chart> build(std::vector<ChartFile> files)
    {
        if (m_depth > kDeepestChart)
            return failure(ErrorCode::LimitExceeded, "charts are nested too deeply");
        // Chart.yaml first: others are read over it.
        for (const ChartFile &file : files) {
            if (file.name != "Chart.yaml")
                continue;
            m_hasMetadata = true;
            if (const Expected<void> read = readChartMetadata(file.text, m_chart.metadata); !read)
                return std::unexpected(read.error().in("cannot load Chart.yaml"));
            if (m_chart.metadata.apiVersion.empty())
                m_chart.metadata.apiVersion = "v1";
        }
        for (ChartFile &file : files) {
            if (const Expected<void> taken = take(std::move(file)); !taken)
                return std::unexpected(taken.error());
        }
        if (!m_hasMetadata)
            return failure(ErrorCode::InvalidInput, "Chart.yaml file is missing");
        if (m_depth == 0 && m_chart.metadata.apiVersion != "v1" && m_chart.metadata.apiVersion != "v2")
            return failure(ErrorCode::InvalidInput, "unsupported chart version");
        if (const Expected<void> valid = validateChartMetadata(m_chart.metadata); !valid)
            return std::unexpected(valid.error());
        m_chart.content = std::make_shared<const ChartContent>(std::move(m_content));
        if (const Expected<void> added = addSubcharts(); !added)
            return std::unexpected(added.error());
        return std::move(m_chart);
    }

private:
    Expected<void> take(ChartFile file)
    {
        const bool isOld = m_chart.metadata.apiVersion == "v1";
        if (file.name == "Chart.yaml")
            return {};
        if (file.name == "Chart.lock") {
            m_content.lock = file.text;
            return {};
        }
        if (file.name == "values.yaml") {
            const Expected<object::Value> values = readValues(file.text);
            if (!values)
                return std::unexpected(values.error().in("cannot load values.yaml"));
            m_chart.values = *values;
            return {};
        }
        if (file.name == "values.schema.json") {
            m_content.schema = file.text;
            return {};
        }
        if (file.name == "requirements.yaml") {
            if (const Expected<void> read = readChartMetadata(file.text, m_chart.metadata); !read)
                return std::unexpected(read.error().in("cannot load requirements.yaml"));
            if (isOld)
                m_content.files.push_back(std::move(file));
            return {};
        }
        if (file.name == "requirements.lock") {
            m_content.lock = file.text;
            if (isOld)
                m_content.files.push_back(std::move(file));
            return {};
        }
        if (file.name.starts_with("templates/"))
            m_content.templates.push_back(std::move(file));
        else if (file.name.starts_with("charts/"))
            takeForSubchart(std::move(file));
        else
            takePlain(std::move(file));
        return {};
    }

    void takeForSubchart(ChartFile file)
    {
        if (file.name.ends_with(".prov")) {
            m_content.files.push_back(std::move(file));
            return;
        }
        std::string inside = file.name.substr(7);
        const std::string folder = inside.substr(0, inside.find('/'));
        m_subcharts[folder].push_back({std::move(inside), file.text, std::move(file.owner)});
    }

    void takePlain(ChartFile file)
    {
        if (file.name.starts_with("crds/") && isManifest(file.name))
            m_content.crds.push_back(m_content.files.size());
        m_content.files.push_back(std::move(file));
    }

    Expected<void> addSubcharts()
    {
        std::vector<std::pair<const std::string, std::vector<ChartFile>> *> parts;
        for (auto &part : m_subcharts)
            parts.push_back(&part);
        std::vector<std::optional<Expected<std::optional<Chart>>>> made(parts.size());
        const auto make = [&](std::size_t i) { made[i] = subchartOf(parts[i]->first, std::move(parts[i]->second)); };
        const bool isSpread = m_forEach && parts.size() >= kLeastSpread;
        if (isSpread)
            m_forEach(parts.size(), make);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (!isSpread)
                make(i);
            Expected<std::optional<Chart>> &subchart = *made[i];
            if (!subchart)
                return std::unexpected(
                    subchart.error().in("error unpacking subchart " + parts[i]->first + " in " + m_chart.name()));
            if (*subchart)
                m_chart.dependencies.push_back(**std::move(subchart));
        }
        return {};
    }

    /// The chart of \p files; nothing for names that hide it.
    Expected<std::optional<Chart>> subchartOf(const std::string &name, std::vector<ChartFile> files) const
    {
        if (name.starts_with('_') || name.starts_with('.'))
            return std::nullopt;
        if (isTarball(name)) {
            if (files.front().name != name)
                return failure(ErrorCode::InvalidInput, "error unpacking subchart tar in " + m_chart.name()
                                                            + ": expected " + name + ", got " + files.front().name);
            Expected<std::vector<ChartFile>> unpacked = chartArchiveFiles(files.front().text);
            if (!unpacked)
                return std::unexpected(unpacked.error());
            files = std::move(*unpacked);
        } else {
            std::vector<ChartFile> inside;
            for (ChartFile &file : files) {
                const auto slash = file.name.find('/');
                if (slash != std::string::npos)
                    inside.push_back({file.name.substr(slash + 1), file.text, std::move(file.owner)});
            }
            files = std::move(inside);
        }
        return Assembly(m_depth + 1, m_forEach).build(std::move(files));
    }

    int m_depth;
    const ForEach &m_forEach;
    Chart m_chart;
    ChartContent m_content;
    bool m_hasMetadata = false;
    std::map<std::string, std::vector<ChartFile>> m_subcharts;
};

} // namespace

Expected<Chart> loadChartFiles(std::vector<ChartFile> files, const ForEach &forEach)
{
    return Assembly(0, forEach).build(std::move(files));
}

Expected<Chart> loadChart(const FileTree &files, std::string_view folder, const ForEach &forEach)
{
    std::string ignore;
    if (const Expected<FileContent> text = files.read(below(folder, ".helmignore")))
        ignore = text->text;
    const Expected<IgnoreRules> rules = IgnoreRules::parse(ignore);
    if (!rules)
        return std::unexpected(rules.error().in(".helmignore"));
    Walk walk(files, *rules, &forEach);
    if (const Expected<void> walked = walk.visit(std::string(folder), "", 0); !walked)
        return std::unexpected(walked.error());
    return loadChartFiles(std::move(walk.files), forEach);
}

} // namespace tiphys::render
