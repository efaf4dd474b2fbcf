// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/evaluation.h"
#include "ports/repositories.h"
#include "remote/fetched_content.h"

#include <string>
#include <vector>

namespace tiphys::control {

class ContextSession;
struct ObserveRequest;

/// Reads what Git, registries and chart repositories have for the sources of one application. Engine thread only.
class SourceReader
{
public:
    /// Without \p artifacts nothing is fetched.
    SourceReader(ContextSession &home, ports::RepositoriesPtr repositories, ports::ArtifactsPtr artifacts);

    /// Files of all sources at their revisions, as \p request has them compared. What cannot be read is an error of its source;
    /// an error means that reading was cut off (Cancelled).
    Async<std::vector<SourceFiles>> files(crd::Application app, ObserveRequest request, CancelToken cancel);
    /// \p known with what \p needs names. Errors: Cancelled.
    Async<remote::FetchedContentPtr> fetched(crd::Application app, remote::FetchedContentPtr known,
                                             std::vector<render::RemoteNeed> needs, CancelToken cancel);

private:
    enum class IdForm { AsResolved, Whole };
    /// The commit that \p revision, as it was resolved, names. An only source is told by its whole id, as `git rev-parse HEAD`
    /// tells it; of several an abbreviated one stays, and so does what is written of files of this machine.
    /// Source: argo-cd reposerver/repository/repository.go (runRepoOperation)@v3.5.1
    Async<std::string> commitIdOf(std::string repoUrl, std::string revision, IdForm form, CancelToken cancel);
    /// Looks at the signatures of \p source where the project demands it; what cannot be checked is an error of the source.
    Async<SourceFiles> verified(crd::Application app, ports::RevisionRequest request, SourceFiles source,
                                CancelToken cancel);
    Async<remote::RemoteParts> remoteParts(crd::Application app, CancelToken cancel);

    ContextSession &m_home;
    ports::RepositoriesPtr m_repositories;
    ports::ArtifactsPtr m_artifacts;
};

/// What the signatures of \p sources are in the way of.
std::vector<std::string> integrityProblems(const std::vector<SourceFiles> &sources);
/// The revisions that were fetched stand in those of \p sources that come from elsewhere than Git.
void takeRevisions(std::vector<SourceFiles> &sources, const remote::FetchedContent &content);

} // namespace tiphys::control
