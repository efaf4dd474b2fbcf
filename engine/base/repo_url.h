// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace tiphys {

/// One spelling for all addresses of one repository: lower case, no ".git" at the end, the scp form
/// "git@host:path" as "git@host/path". Two addresses name the same repository if these are equal.
/// Source: argo-cd util/git/git.go (NormalizeGitURL)@v3.5.1
std::string normalizedRepoUrl(std::string_view url);

/// Host and path of a repository, whichever way it is reached: "host/path" for an address by https, by ssh or in the scp
/// form, with any user and port. A folder of this machine stays as it is, without slashes at its end.
std::string repoPlace(std::string_view url);

/// \p url without "user:password@".
std::string urlWithoutUser(std::string_view url);

/// \p url as people may see it: "***" in place of a password, and of a user that is long enough to be a token.
std::string shownUrl(std::string_view url);

} // namespace tiphys
