// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/remote.h"
#include "git/repository.h"

#include <string>
#include <vector>

namespace tiphys::git {

/// What a fetch should bring besides all branches and tags.
struct FetchOptions
{
    int depth = 0;                      ///< commits of history; 0 is all of it. Not for local repositories.
    std::vector<std::string> extraRefs; ///< full names or patterns: refs/pull/7/head, refs/pull/*/head
};

/// A bare copy of a remote repository in the cache folder. Any number of readers, one writer across processes; readers
/// see all refs of one fetch or those of the fetch before.
class Mirror
{
public:
    /// The mirror of \p url below \p cacheFolder; nothing is touched yet. URLs that name the same repository share one.
    Mirror(const std::string &cacheFolder, std::string url);

    /// Bare repository folder.
    const std::string &path() const { return m_path; }
    const std::string &url() const { return m_url; }

    /// Brings the mirror up to date and gives the refs it has then. Blocks, waits for other writers. A fetch that fails
    /// or is cancelled leaves the mirror as it was. After many fetches small packs are joined.
    /// Errors: as remoteRefs.
    Expected<std::vector<Ref>> fetch(const RemoteAccess &access, const FetchOptions &options = {}) const;

    /// The mirror for reading; NotFound if it was never fetched.
    Expected<Repository> repository() const;

private:
    Expected<std::vector<Ref>> fetchLocked(const RemoteAccess &access, const FetchOptions &options) const;

    std::string m_path;
    std::string m_url;
};

/// Joins the small packs of the bare repository at \p path into one while more than \p most are there; packs that are
/// much larger stay as they are. The caller holds the mirror's lock.
Expected<void> consolidatePacks(const std::string &path, std::size_t most);

} // namespace tiphys::git
