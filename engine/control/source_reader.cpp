// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/source_reader.h"

#include "control/app_observer.h"
#include "control/repository_secrets.h"
#include "control/signature_check.h"
#include "control/source_rendering.h"
#include "render/source_type.h"

#include <algorithm>

namespace tiphys::control {

namespace {

/// Whether \p revision is another way to write the id of a commit than Git's own.
bool isUnusualId(const std::string &revision)
{
    const auto isDigit = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    const auto isUpper = [](char c) { return c >= 'A' && c <= 'F'; };
    return revision.size() >= 7 && revision.size() <= 40 && std::ranges::all_of(revision, isDigit)
           && (revision.size() < 40 || std::ranges::any_of(revision, isUpper));
}

} // namespace

SourceReader::SourceReader(ContextSession &home, ports::RepositoriesPtr repositories, ports::ArtifactsPtr artifacts)
    : m_home(home), m_repositories(std::move(repositories)), m_artifacts(std::move(artifacts))
{
}

Async<std::vector<SourceFiles>> SourceReader::files(crd::Application app, ObserveRequest request, CancelToken cancel)
{
    const std::vector<crd::ApplicationSource> sources =
        request.sources.empty() ? app.spec.effectiveSources() : request.sources;
    const std::vector<std::string> revisions = revisionsOf(request, sources);
    const IdForm form = hasSeveralSources(app, request) || request.areUnsigned ? IdForm::AsResolved : IdForm::Whole;
    std::vector<SourceFiles> files;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        SourceFiles one{.source = sources[i], .revision = revisions[i], .files = {}, .error = {}};
        if (render::isFetchedSource(one.source.value)) {
            // Rendering asks for the revision that is compared.
            one.source.targetRevision = one.revision;
            one.source.value = one.source.value.with("targetRevision", one.revision);
            one.files = render::memoryTree({});
            files.push_back(std::move(one));
            continue;
        }
        const ports::RevisionRequest wanted{one.source.repoUrl, one.revision, one.source.tagPrefix};
        const Expected<std::string> revision = co_await m_repositories->resolve(wanted, request.consistency, cancel);
        if (revision) {
            const Expected<std::string> id = co_await commitIdOf(one.source.repoUrl, *revision, form, cancel);
            one.revision = id.value_or(*revision);
            const auto tree = co_await m_repositories->tree(one.source.repoUrl, one.revision, cancel);
            if (tree)
                one.files = *tree;
            else
                one.error = tree.error();
        } else {
            one.error = revision.error();
        }
        if (!one.error && !request.areUnsigned) {
            const Expected<SourceFiles> checked = co_await verified(app, wanted, one, cancel);
            if (!checked)
                co_return std::unexpected(checked.error());
            one = *checked;
        }
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
        files.push_back(std::move(one));
    }
    co_return files;
}

Async<std::string> SourceReader::commitIdOf(std::string repoUrl, std::string revision, IdForm form, CancelToken cancel)
{
    if (form == IdForm::AsResolved || !isUnusualId(revision))
        co_return revision;
    const Expected<ports::CommitFacts> commit = co_await m_repositories->commit(repoUrl, revision, cancel);
    if (!commit)
        co_return std::unexpected(commit.error());
    co_return commit->revision;
}

Async<SourceFiles> SourceReader::verified(crd::Application app, ports::RevisionRequest request, SourceFiles source,
                                          CancelToken cancel)
{
    const Expected<policy::EffectiveProject> project = m_home.projectOf(app);
    if (!project)
        co_return source; // without its project nothing is synced
    const Expected<std::optional<policy::SignaturePolicy>> demand =
        policy::signaturePolicyOf(project->spec, request.repoUrl);
    if (!demand)
        source.error = demand.error();
    if (!demand || !*demand)
        co_return source;
    const SignatureParts parts{m_home.cluster(), m_home.controlPlaneNamespace(), m_repositories};
    const Expected<std::vector<std::string>> problems =
        co_await signatureProblemsOf(parts, **demand, request, source.revision, cancel);
    if (problems)
        source.signatureProblems = *problems;
    else
        source.error = problems.error();
    co_return source;
}

Async<remote::RemoteParts> SourceReader::remoteParts(crd::Application app, CancelToken cancel)
{
    remote::RemoteParts parts{.artifacts = m_artifacts, .repositories = m_repositories, .accessOf = {}};
    const Expected<RepositorySecrets> secrets =
        co_await readRepositorySecrets(m_home.cluster(), m_home.controlPlaneNamespace(), cancel);
    if (!secrets)
        co_return parts; // who may not read them uses their own credentials
    bool passesCredentials = false;
    for (const crd::ApplicationSource &source : app.spec.effectiveSources())
        passesCredentials = passesCredentials || (source.helm && source.helm->passCredentials);
    parts.accessOf = [secrets = *secrets, project = app.spec.effectiveProject(),
                      passesCredentials](const std::string &url) {
        std::optional<ports::RepositoryAccess> access = secrets.accessTo(url, project);
        if (access)
            access->passesCredentials = passesCredentials;
        return access;
    };
    co_return parts;
}

Async<remote::FetchedContentPtr> SourceReader::fetched(crd::Application app, remote::FetchedContentPtr known,
                                                       std::vector<render::RemoteNeed> needs, CancelToken cancel)
{
    const Expected<remote::RemoteParts> parts = co_await remoteParts(std::move(app), cancel);
    if (!parts)
        co_return std::unexpected(parts.error());
    const Expected<remote::FetchedContentPtr> content =
        co_await remote::withFetched(*parts, known, std::move(needs), cancel);
    co_return content;
}

std::optional<render::RemoteNeed> remoteNeedOf(const crd::ApplicationSource &source)
{
    render::RemoteNeed need{.url = source.repoUrl, .repository = {}, .chart = {}, .artifact = {}};
    if (source.isHelmChart())
        need.chart = render::ChartReference{
            .repository = source.repoUrl, .name = source.chart, .version = source.targetRevision};
    else if (source.isOci())
        need.artifact = render::ArtifactReference{source.repoUrl, source.targetRevision};
    else
        return std::nullopt;
    return need;
}

std::vector<std::string> integrityProblems(const std::vector<SourceFiles> &sources)
{
    std::vector<std::string> problems;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (const std::string text =
                signatureCondition(sources[i].signatureProblems, sources[i].source, i, sources.size());
            !text.empty())
            problems.push_back(text);
    }
    return problems;
}

void takeRevisions(std::vector<SourceFiles> &sources, const remote::FetchedContent &content)
{
    for (SourceFiles &source : sources) {
        const std::optional<render::RemoteNeed> need = remoteNeedOf(source.source);
        const std::string revision = need ? content.revisionOf(*need) : std::string();
        if (!revision.empty())
            source.revision = revision;
    }
}

} // namespace tiphys::control
