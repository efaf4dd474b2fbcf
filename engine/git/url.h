// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/repo_url.h"

#include <string>
#include <string_view>

namespace tiphys::git {

/// How a repository is reached.
enum class UrlKind { Local, Http, Ssh, Git };

/// A repository URL in parts: scheme form, scp form ("git@host:path") or a local path.
struct RepositoryUrl
{
    UrlKind kind = UrlKind::Local;
    std::string scheme; ///< "https", "ssh", …; "" for scp form and local paths
    std::string user;   ///< without password; "" if absent
    std::string host;
    std::string port; ///< digits; "" if absent
    std::string path; ///< scheme form: from the first '/'; scp form: after ':'; local: the path, percent codes undone
};

/// The parts of \p url.
RepositoryUrl parsedUrl(std::string_view url);

/// Path that a file:// URL names, percent codes undone; other text as it is.
std::string localPathOf(std::string_view url);

/// Whether two http URLs have the same scheme, host and port.
bool sameOrigin(std::string_view left, std::string_view right);

} // namespace tiphys::git
