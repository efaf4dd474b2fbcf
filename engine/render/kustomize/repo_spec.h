// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tiphys::render::kustomize {

/// What a URL in `resources` or `components` names: a repository, a folder in it and a revision.
/// Source: kustomize api/internal/git/repospec.go@v5.8.1
struct RepoSpec
{
    std::string url;        ///< as written
    std::string host;       ///< "https://github.com/", "git@host:"
    std::string repository; ///< path on the host
    std::string folder;     ///< in the repository; "" is its root
    std::string ref;        ///< "" is the default branch
    bool withSubmodules = true;

    /// What git clones.
    std::string cloneUrl() const { return host + repository; }
};

/// The parts of \p url; nothing if it names no repository.
std::optional<RepoSpec> repoSpecOf(std::string_view url);

/// True for http and https URLs.
bool isRemoteFile(std::string_view path);

} // namespace tiphys::render::kustomize
