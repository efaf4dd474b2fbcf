// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/credential_helper.h"

#include "base/text.h"
#include "git/child_process.h"
#include "git/url.h"

namespace tiphys::git {

Expected<Credentials> credentialsFromGit(const std::string &url, const CredentialConsent &consent,
                                         std::stop_token cancel)
{
    const RepositoryUrl parts = parsedUrl(url);
    const std::string shown = shownUrl(url);
    // A line end would let the URL ask for the credentials of another host.
    if (parts.kind != UrlKind::Http || url.find('\n') != std::string::npos
        || (parts.host + parts.path + parts.user).find('\n') != std::string::npos)
        return failure(ErrorCode::InvalidInput,
                       "credential helpers are for http and https URLs, not " + tiphys::quoted(shown));
    const bool isAllowed = consent && consent(shown, cancel);
    if (cancel.stop_requested())
        return failure(ErrorCode::Cancelled, "cancelled while asking whether git's credential helpers may be run");
    if (!isAllowed)
        return failure(ErrorCode::Denied,
                       "running git's credential helpers for " + tiphys::quoted(shown) + " was not allowed");
    const Command command = {
        {"git", "credential", "fill"},
        {{"GIT_TERMINAL_PROMPT", "0"}, {"GIT_DIR", ""}, {"GIT_WORK_TREE", ""}, {"GIT_CONFIG_PARAMETERS", ""}}};
    Expected<std::unique_ptr<ChildProcess>> git = ChildProcess::start(command, cancel);
    if (!git)
        return std::unexpected(git.error());
    std::string question = "protocol=" + parts.scheme + "\nhost=" + parts.host
                           + (parts.port.empty() ? "" : ":" + parts.port)
                           + "\npath=" + parts.path.substr(parts.path.starts_with('/') ? 1 : 0) + "\n";
    if (!parts.user.empty())
        question += "username=" + parts.user + "\n";
    // If git stops early its exit code tells why.
    ignoreError((*git)->write(question + "\n"), "the exit code says more");
    (*git)->closeInput();
    std::string answer;
    char buffer[4096];
    while (true) {
        const Expected<std::size_t> count = (*git)->read(buffer, sizeof buffer);
        if (!count)
            return std::unexpected(count.error());
        if (*count == 0)
            break;
        answer.append(buffer, *count);
    }
    const int code = (*git)->wait();
    if (cancel.stop_requested())
        return failure(ErrorCode::Cancelled, "cancelled while asking git's credential helpers");
    Credentials credentials;
    for (const std::string_view line : split(answer, '\n')) {
        if (line.starts_with("username="))
            credentials.username = line.substr(9);
        if (line.starts_with("password="))
            credentials.password = line.substr(9);
    }
    if (code != 0 || credentials.password.empty())
        return failure(ErrorCode::Unauthorized, "git's credential helpers have nothing for " + tiphys::quoted(shown));
    return credentials;
}

} // namespace tiphys::git
