// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/dependency_build.h"

#include "base/semver.h"
#include "base/text.h"
#include "render/helm/chart_archive.h"
#include "render/helm/chart_dependencies.h"
#include "render/helm/chart_loader.h"
#include "render/helm/chart_lock.h"

#include <algorithm>
#include <optional>

namespace tiphys::render {

namespace {

constexpr std::string_view kLocal = "file://";

bool isNamed(const std::string &repository)
{
    return repository.starts_with('@') || repository.starts_with("alias:");
}

/// "name" of "@name" and "alias:name".
std::string_view nameIn(std::string_view repository)
{
    return repository.substr(repository.starts_with('@') ? 1 : 6);
}

bool isAllowed(const std::string &constraint, const std::string &version)
{
    const Expected<SemConstraint> range = SemConstraint::parse(constraint);
    const Expected<SemVersion> parsed = SemVersion::parse(version);
    return range && parsed && range->allows(*parsed);
}

class DependencyBuild
{
public:
    DependencyBuild(Chart chart, const ChartPlace &place, const RemoteAccess &remote)
        : m_chart(std::move(chart)), m_place(place), m_remote(remote)
    {
    }

    Expected<Chart> run()
    {
        const std::vector<ChartDependency> original = m_chart.metadata.dependencies;
        Expected<std::vector<ChartDependency>> requested = withAddresses(original);
        if (!requested)
            return std::unexpected(requested.error());
        const Expected<std::vector<ChartDependency>> wanted = lockedOr(*requested, original);
        if (!wanted)
            return std::unexpected(wanted.error());
        for (const ChartDependency &dependency : *wanted) {
            if (const Expected<void> added = add(dependency); !added)
                return std::unexpected(added.error());
        }
        if (!m_missing.empty())
            return failure(ErrorCode::Unavailable,
                           join(m_missing, ", ") + (m_missing.size() == 1 ? " is" : " are") + " not fetched");
        std::erase_if(m_chart.dependencies,
                      [&](const Chart &old) { return std::ranges::contains(m_built, old.name(), &Chart::name); });
        std::ranges::move(m_built, std::back_inserter(m_chart.dependencies));
        return std::move(m_chart);
    }

private:
    /// \p dependencies with the addresses of repositories that are named.
    Expected<std::vector<ChartDependency>> withAddresses(std::vector<ChartDependency> dependencies) const
    {
        std::vector<std::string> unknown;
        bool hasPlainNames = false;
        for (ChartDependency &dependency : dependencies) {
            std::string &repository = dependency.repository;
            if (repository.empty() || repository.contains("://"))
                continue;
            if (isNamed(repository) && !m_remote.content)
                continue; // asked for by its name
            const std::string address =
                isNamed(repository) ? m_remote.content->repositoryNamed(nameIn(repository)) : std::string();
            hasPlainNames = hasPlainNames || !isNamed(repository);
            if (address.empty())
                unknown.push_back(repository);
            else
                repository = address;
        }
        if (unknown.empty())
            return dependencies;
        std::string text = "no repository definition for " + join(unknown, ", ") + "; add it with 'helm repo add'";
        if (hasPlainNames)
            text += " (a repository is written as its URL, or as \"@name\" or \"alias:name\")";
        return failure(ErrorCode::NotFound, text);
    }

    /// What the lock file says; \p requested where there is none.
    Expected<std::vector<ChartDependency>> lockedOr(const std::vector<ChartDependency> &requested,
                                                    const std::vector<ChartDependency> &original) const
    {
        if (m_chart.content->lock.empty())
            return requested;
        const bool isOld = m_chart.metadata.apiVersion == "v1";
        const std::string name = isOld ? "requirements" : "Chart";
        const Expected<ChartLock> lock = readChartLock(m_chart.content->lock);
        if (!lock)
            return std::unexpected(lock.error().in("cannot load " + name + ".lock"));
        // Named repositories have no address, and so no digest, while nothing may be fetched.
        const bool isComplete = m_remote.content || std::ranges::none_of(requested, [](const auto &each) {
                                    return isNamed(each.repository);
                                });
        const bool isKnown = lockDigestOf(requested, lock->dependencies) == lock->digest
                             || (isOld && oldLockDigestOf(original) == lock->digest);
        if (isComplete && !isKnown)
            return failure(ErrorCode::InvalidInput, "the lock file (" + name
                                                        + ".lock) is out of sync with the dependencies file (" + name
                                                        + ".yaml). Please update the dependencies"
                                                        + (isOld ? "" : " with 'helm dependency update'"));
        return lock->dependencies;
    }

    Expected<void> add(const ChartDependency &dependency)
    {
        if (dependency.repository.empty())
            return checkPresent(dependency);
        if (dependency.repository.starts_with(kLocal))
            return addLocal(dependency);
        const ChartReference wanted{
            .repository = dependency.repository, .name = dependency.name, .version = dependency.version};
        if (std::ranges::contains(m_references, wanted))
            return {};
        m_references.push_back(wanted);
        Fetched<ArchivePtr> archive;
        if (m_remote.content)
            archive = m_remote.content->chart(wanted);
        if (!archive) {
            m_remote.note({.url = wanted.repository, .repository = {}, .chart = wanted, .artifact = {}});
            m_missing.push_back(wanted.text());
            return {};
        }
        if (!*archive)
            return std::unexpected(fetchFailure(archive->error()).in("dependency " + quoted(dependency.name)));
        return addArchive(wanted, ***archive);
    }

    Expected<void> addArchive(const ChartReference &wanted, std::string_view bytes)
    {
        Expected<std::vector<ChartFile>> files = chartArchiveFiles(bytes);
        if (!files)
            return std::unexpected(files.error().in(wanted.text()));
        Expected<Chart> chart = loadChartFiles(std::move(*files));
        if (!chart)
            return std::unexpected(chart.error().in(wanted.text()));
        m_built.push_back(std::move(*chart));
        return {};
    }

    Expected<void> addLocal(const ChartDependency &dependency)
    {
        const std::string relative = dependency.repository.substr(kLocal.size());
        const std::string folder(m_place.folder);
        const Expected<std::string> path = cleanPath(folder.empty() ? relative : folder + "/" + relative);
        if (!path)
            return std::unexpected(path.error());
        const Expected<FileEntry> entry = m_place.files.entry(*path);
        if (!path->empty() && !entry && entry.error().code() == ErrorCode::NotFound)
            return failure(ErrorCode::NotFound, "directory " + *path + " not found: dependency "
                                                    + quoted(dependency.name) + " at " + dependency.repository);
        Expected<Chart> chart = loadChart(m_place.files, *path);
        if (!chart)
            return std::unexpected(
                chart.error().in("dependency '" + dependency.name + "' at " + dependency.repository));
        if (!isAllowed(dependency.version, chart->metadata.version))
            return failure(ErrorCode::InvalidInput,
                           "can't get a valid version for 1 subchart(s): \"" + dependency.name + "\" (repository \""
                               + dependency.repository + "\", version \"" + dependency.version
                               + "\"). Make sure a matching chart version exists in the repo, or change the "
                                 "version constraint in Chart.yaml");
        m_built.push_back(std::move(*chart));
        return {};
    }

    Expected<void> checkPresent(const ChartDependency &dependency) const
    {
        const auto found = std::ranges::find(m_chart.dependencies, dependency.name, &Chart::name);
        if (found == m_chart.dependencies.end())
            return failure(ErrorCode::NotFound, "dependency " + quoted(dependency.name)
                                                    + " has no repository, and charts/ does not have it");
        if (!isAllowed(dependency.version, found->metadata.version))
            return failure(ErrorCode::InvalidInput, "dependency " + dependency.name + " at version "
                                                        + found->metadata.version + " does not satisfy the constraint "
                                                        + dependency.version);
        return {};
    }

    Chart m_chart;
    const ChartPlace &m_place;
    const RemoteAccess &m_remote;
    std::vector<Chart> m_built;
    std::vector<ChartReference> m_references;
    std::vector<std::string> m_missing;
};

} // namespace

Expected<Chart> withBuiltDependencies(Chart chart, const ChartPlace &place, const RemoteAccess &remote)
{
    const std::vector<ChartDependency> missing = missingDependencies(chart);
    // Nothing can bring what has no repository: rendering says so.
    const bool isHopeless =
        std::ranges::any_of(missing, [](const ChartDependency &each) { return each.repository.empty(); });
    if (missing.empty() || isHopeless)
        return chart;
    return DependencyBuild(std::move(chart), place, remote).run();
}

} // namespace tiphys::render
