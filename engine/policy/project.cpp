// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/project.h"

#include "base/glob.h"
#include "base/text.h"
#include "crd/names.h"

#include <algorithm>

namespace tiphys::policy {

namespace {

template <typename T>
void append(std::vector<T> &list, const std::vector<T> &more)
{
    list.insert(list.end(), more.begin(), more.end());
}

bool isDenied(std::string_view pattern)
{
    return pattern.starts_with('!');
}

/// A glob where a leading "!" turns the answer around.
bool matchesOrNot(std::string_view pattern, std::string_view text, std::string_view separators = {})
{
    if (isDenied(pattern))
        return !globMatches(pattern.substr(1), text, separators);
    return pattern == "*" || globMatches(pattern, text, separators);
}

bool matchesKind(const crd::KindPattern &pattern, const object::GroupKind &kind)
{
    return pathGlobMatches(pattern.kind, kind.kind) && pathGlobMatches(pattern.group, kind.group);
}

bool listsKind(const std::vector<crd::KindPattern> &list, const object::GroupKind &kind)
{
    return std::ranges::any_of(list, [&](const crd::KindPattern &pattern) { return matchesKind(pattern, kind); });
}

bool listsNamed(const std::vector<crd::KindPattern> &list, const object::GroupKind &kind, std::string_view name)
{
    return std::ranges::any_of(list, [&](const crd::KindPattern &pattern) {
        return matchesKind(pattern, kind) && (pattern.name.empty() || pathGlobMatches(pattern.name, name));
    });
}

bool matchesDestination(const std::vector<crd::Destination> &list, const Cluster &cluster, std::string_view ns)
{
    bool isMatched = false;
    for (const crd::Destination &item : list) {
        const bool byName = !cluster.name.empty() && matchesOrNot(item.name, cluster.name);
        const bool byServer = !cluster.server.empty() && matchesOrNot(item.server, cluster.server);
        const bool byNamespace = matchesOrNot(item.ns, ns);
        if ((byServer || byName) && byNamespace) {
            isMatched = true;
            continue;
        }
        const bool isDeniedCluster =
            (!byName && isDenied(item.name)) || (!byServer && isDenied(item.server) && byNamespace);
        const bool isDeniedNamespace = !byNamespace && isDenied(item.ns) && byServer;
        if (isDeniedCluster || isDeniedNamespace)
            return false;
    }
    return isMatched;
}

/// "user@host:path" and "ssh://user@host/path": one user without slash or colon, one "@".
bool isSshUrl(std::string_view url)
{
    const std::string_view rest = url.starts_with("ssh://") ? url.substr(6) : url;
    const std::size_t at = rest.find('@');
    if (at == std::string_view::npos || at + 1 == rest.size() || rest.find('@', at + 1) != std::string_view::npos)
        return false;
    return rest.substr(0, at).find_first_of("/:") == std::string_view::npos;
}

/// What Go's URL printer escapes in a path that was given plainly.
std::string withEscapedPath(std::string_view url)
{
    constexpr std::string_view hex = "0123456789ABCDEF";
    constexpr std::string_view escaped = "{}\" <>\\^`|";
    std::string text;
    for (const char c : url) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80 || escaped.find(c) != std::string_view::npos) {
            text += '%';
            text += hex[byte >> 4];
            text += hex[byte & 15];
        } else {
            text += c;
        }
    }
    return text;
}

crd::Condition invalidSpec(std::string message)
{
    return {.type = std::string(crd::kInvalidSpecError), .message = std::move(message), .lastTransitionTime = {}};
}

std::optional<crd::Condition> sourceProblem(const crd::ApplicationSource &source, bool isOneOfMany)
{
    if (isOneOfMany && (source.repoUrl.empty() || (source.path.empty() && source.chart.empty() && source.ref.empty())))
        return invalidSpec("spec.source.repoURL and either source.path, source.chart, or source.ref are required for "
                           "source {"
                           + source.repoUrl + ' ' + source.path + ' ' + source.targetRevision + '}');
    if (!isOneOfMany && (source.repoUrl.empty() || (source.path.empty() && source.chart.empty())))
        return invalidSpec("spec.source.repoURL and either spec.source.path or spec.source.chart are required");
    if (!source.chart.empty() && source.targetRevision.empty())
        return invalidSpec("spec.source.targetRevision is required if the manifest source is a helm chart");
    return std::nullopt;
}

/// What a refusal adds where it may be due to what is not known.
std::string doubt(const EffectiveProject &project)
{
    return project.unseen.empty() ? std::string()
                                  : "; repositories and clusters of the project alone are not known: " + project.unseen;
}

crd::Condition repoNotPermitted(const std::string &repoUrl, const EffectiveProject &project, std::string_view what)
{
    return invalidSpec(std::string(what) + " repo " + repoUrl + " is not permitted in project " + quoted(project.name)
                       + doubt(project));
}

/// Conditions about sources; \p isComplete becomes false when nothing else is worth checking.
std::vector<crd::Condition> sourceConditions(const crd::ApplicationSpec &spec, const EffectiveProject &project,
                                             bool &isComplete)
{
    std::vector<crd::Condition> conditions;
    const std::vector<crd::ApplicationSource> sources =
        spec.hasMultipleSources() ? spec.sources : std::vector{spec.effectiveSource()};
    for (const crd::ApplicationSource &source : sources) {
        if (std::optional<crd::Condition> problem = sourceProblem(source, spec.hasMultipleSources())) {
            conditions.push_back(std::move(*problem));
            isComplete = false;
            return conditions;
        }
        if (!permitsSource(project, source.repoUrl))
            conditions.push_back(repoNotPermitted(source.repoUrl, project, "application"));
    }
    return conditions;
}

std::vector<crd::Condition> hydratorConditions(const crd::SourceHydrator &hydrator, const EffectiveProject &project,
                                               bool &isComplete)
{
    std::vector<crd::Condition> conditions;
    if (hydrator.drySource.repoUrl.empty())
        conditions.push_back(invalidSpec("spec.sourceHydrator.drySource.repoURL is required"));
    if (hydrator.syncBranch.empty())
        conditions.push_back(invalidSpec("spec.sourceHydrator.syncSource.targetBranch is required"));
    const object::Value hydrateTo = hydrator.value["hydrateTo"];
    if (!hydrateTo.isNull() && hydrator.hydrateToBranch.empty())
        conditions.push_back(invalidSpec("when spec.sourceHydrator.hydrateTo is set, "
                                         "spec.sourceHydrator.hydrateTo.targetBranch is required"));
    isComplete = conditions.empty();
    if (!isComplete)
        return conditions;
    if (!permitsSource(project, hydrator.drySource.repoUrl))
        conditions.push_back(repoNotPermitted(hydrator.drySource.repoUrl, project, "application"));
    const crd::ApplicationSource syncSource = hydrator.syncSource();
    if (syncSource.repoUrl != hydrator.drySource.repoUrl && !permitsSource(project, syncSource.repoUrl))
        conditions.push_back(repoNotPermitted(syncSource.repoUrl, project, "sync source"));
    return conditions;
}

void addScoped(EffectiveProject &effective, const Registry &registry)
{
    for (const RegisteredRepository &repository : registry.repositories) {
        if (repository.project == effective.name)
            effective.spec.sourceRepos.push_back(repository.url);
    }
    for (const Cluster &cluster : registry.clusters) {
        if (cluster.project != effective.name)
            continue;
        effective.scopedClusters.push_back(cluster);
        const std::vector<std::string> namespaces =
            cluster.namespaces.empty() ? std::vector<std::string>{"*"} : cluster.namespaces;
        for (const std::string &ns : namespaces)
            effective.spec.destinations.push_back({.server = cluster.server, .ns = ns, .name = {}});
    }
}

} // namespace

EffectiveProject effectiveProject(const crd::Project &project, const std::vector<crd::Project> &globals,
                                  const Registry &registry)
{
    EffectiveProject effective{
        .name = std::string(project.name()), .spec = project.spec, .scopedClusters = {}, .unseen = registry.unseen};
    addScoped(effective, registry);
    crd::ProjectSpec &spec = effective.spec;
    for (const crd::Project &global : globals) {
        append(spec.clusterResourceWhitelist, global.spec.clusterResourceWhitelist);
        append(spec.clusterResourceBlacklist, global.spec.clusterResourceBlacklist);
        // Appending nothing leaves an absent list absent, which allows everything.
        if (global.spec.namespaceResourceWhitelist && !global.spec.namespaceResourceWhitelist->empty()) {
            if (!spec.namespaceResourceWhitelist)
                spec.namespaceResourceWhitelist.emplace();
            append(*spec.namespaceResourceWhitelist, *global.spec.namespaceResourceWhitelist);
        }
        append(spec.namespaceResourceBlacklist, global.spec.namespaceResourceBlacklist);
        append(spec.syncWindows, global.spec.syncWindows);
        append(spec.sourceRepos, global.spec.sourceRepos);
        append(spec.destinations, global.spec.destinations);
        append(spec.destinationServiceAccounts, global.spec.destinationServiceAccounts);
    }
    return effective;
}

std::string loadingProblem(std::string_view name, const Error &error)
{
    if (error.code() != ErrorCode::NotFound)
        return error.text();
    const std::string project = '"' + std::string(name) + '"';
    return "error getting app project " + project + ": appproject.argoproj.io " + project + " not found";
}

std::string normalizedRepoUrl(std::string_view url)
{
    std::string text = asciiLower(trimmed(url));
    if (isSshUrl(text) && !text.starts_with("ssh://")) {
        if (const std::size_t colon = text.find(':'); colon != std::string::npos)
            text[colon] = '/';
    }
    if (text.ends_with(".git"))
        text.resize(text.size() - 4);
    if (text.starts_with("ssh://"))
        text.erase(0, 6);
    return withEscapedPath(text);
}

bool permitsSource(const EffectiveProject &project, std::string_view repoUrl)
{
    const std::string url = normalizedRepoUrl(repoUrl);
    bool isMatched = false;
    for (const std::string &entry : project.spec.sourceRepos) {
        const bool denies = isDenied(entry);
        const std::string pattern =
            denies ? '!' + normalizedRepoUrl(std::string_view(entry).substr(1)) : normalizedRepoUrl(entry);
        if (matchesOrNot(pattern, url, "/"))
            isMatched = true;
        else if (denies)
            return false;
    }
    return isMatched;
}

bool permitsDestination(const EffectiveProject &project, const Cluster &cluster, std::string_view ns)
{
    if (!matchesDestination(project.spec.destinations, cluster, ns))
        return false;
    if (!project.spec.permitOnlyProjectScopedClusters)
        return true;
    return std::ranges::any_of(project.scopedClusters, [&](const Cluster &scoped) {
        return scoped.name == cluster.name || scoped.server == cluster.server;
    });
}

bool permitsKind(const EffectiveProject &project, const object::GroupKind &kind, std::string_view name, Scope scope)
{
    const crd::ProjectSpec &spec = project.spec;
    if (scope == Scope::Cluster)
        return listsNamed(spec.clusterResourceWhitelist, kind, name)
               && !listsNamed(spec.clusterResourceBlacklist, kind, name);
    const bool isListed = !spec.namespaceResourceWhitelist || listsKind(*spec.namespaceResourceWhitelist, kind);
    return isListed && !listsKind(spec.namespaceResourceBlacklist, kind);
}

bool permitsLive(const EffectiveProject &project, const object::ObjectKey &key, const Cluster &cluster)
{
    const Scope scope = key.ns.empty() ? Scope::Cluster : Scope::Namespaced;
    return permitsKind(project, key.groupKind(), key.name, scope)
           && (key.ns.empty() || permitsDestination(project, cluster, key.ns));
}

std::optional<std::string> syncViolation(const EffectiveProject &project, const object::ObjectKey &key,
                                         const Cluster &cluster, Scope scope)
{
    if (!permitsKind(project, key.groupKind(), key.name, scope))
        return "resource " + key.group + ':' + key.kind + " is not permitted in project " + project.name;
    if (scope == Scope::Namespaced && !permitsDestination(project, cluster, key.ns))
        return "namespace " + key.ns + " is not permitted in project " + quoted(project.name);
    return std::nullopt;
}

bool permitsAppNamespace(const EffectiveProject &project, std::string_view appNamespace,
                         std::string_view controlPlaneNamespace, const RegexMatches &regex)
{
    if (appNamespace.empty() || appNamespace == controlPlaneNamespace)
        return true;
    return std::ranges::any_of(project.spec.sourceNamespaces, [&](const std::string &entry) {
        const std::string_view pattern = entry;
        if (pattern.size() > 2 && pattern.starts_with('/') && pattern.ends_with('/'))
            return regex && regex(pattern.substr(1, pattern.size() - 2), appNamespace);
        return globMatches(pattern, appNamespace);
    });
}

std::vector<crd::Condition> specConditions(const crd::Application &app, const EffectiveProject &project,
                                           const std::optional<Cluster> &cluster)
{
    bool isComplete = true;
    std::vector<crd::Condition> conditions = app.spec.sourceHydrator
                                                 ? hydratorConditions(*app.spec.sourceHydrator, project, isComplete)
                                                 : sourceConditions(app.spec, project, isComplete);
    if (!isComplete)
        return conditions;
    const crd::Destination &destination = app.spec.destination;
    if (const std::optional<std::string> problem = destinationProblem(destination)) {
        conditions.push_back(invalidSpec(*problem));
        return conditions;
    }
    if (cluster && !permitsDestination(project, *cluster, destination.ns)) {
        const std::string &server = destination.name.empty() ? cluster->server : cluster->name;
        conditions.push_back(invalidSpec(
            "application destination server " + quoted(server) + " and namespace " + quoted(destination.ns)
            + " do not match any of the allowed destinations in project " + quoted(project.name) + doubt(project)));
    }
    return conditions;
}

std::optional<std::string> destinationProblem(const crd::Destination &destination)
{
    if (!destination.name.empty() && !destination.server.empty())
        return "application destination can't have both name and server defined: " + destination.name + ' '
               + destination.server;
    if (destination.name.empty() && destination.server.empty())
        return "Destination server missing from app spec";
    return std::nullopt;
}

} // namespace tiphys::policy
