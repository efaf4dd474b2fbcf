// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/repo_spec.h"

#include "base/text.h"

#include <vector>

namespace tiphys::render::kustomize {

namespace {

constexpr std::string_view kFileScheme = "file://";

bool startsWithAnyCase(std::string_view text, std::string_view prefix)
{
    return text.size() >= prefix.size() && asciiLower(text.substr(0, prefix.size())) == prefix;
}

/// "user@" at the start of \p text, "" if there is none.
std::string_view userOf(std::string_view text)
{
    const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    std::size_t at = 0;
    while (at < text.size()
           && (isLetter(text[at]) || (at > 0 && ((text[at] >= '0' && text[at] <= '9') || text[at] == '-'))))
        ++at;
    return at > 0 && at < text.size() && text[at] == '@' ? text.substr(0, at + 1) : std::string_view();
}

std::string decoded(std::string_view text)
{
    std::string out;
    const auto digit = [](char c) {
        return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            out += ' ';
        } else if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
            out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

/// The first value of \p key in a query, "" if absent.
std::string queryValue(std::string_view query, std::string_view key)
{
    for (const std::string_view pair : split(query, '&')) {
        const std::size_t equals = pair.find('=');
        if (decoded(pair.substr(0, equals)) == key)
            return equals == std::string_view::npos ? "" : decoded(pair.substr(equals + 1));
    }
    return {};
}

struct HostAndPath
{
    std::string host;
    std::string_view path;
};

std::optional<HostAndPath> hostOf(std::string_view text)
{
    constexpr std::string_view kForced = "git::";
    if (startsWithAnyCase(text, kForced))
        text.remove_prefix(kForced.size());
    std::string_view scheme;
    for (const std::string_view known :
         {std::string_view("ssh://"), std::string_view("https://"), std::string_view("http://"), kFileScheme}) {
        if (!startsWithAnyCase(text, known))
            continue;
        scheme = known;
        text.remove_prefix(known.size());
        break;
    }
    std::string user(userOf(text));
    text.remove_prefix(user.size());
    const bool isGithub = startsWithAnyCase(text, "github.com/") || startsWithAnyCase(text, "github.com:");
    const bool mayBeScp = scheme.empty() && (!user.empty() || isGithub);
    if (scheme.empty() && !mayBeScp)
        return std::nullopt;
    if (scheme == kFileScheme)
        return HostAndPath{std::string(kFileScheme), text};
    std::size_t separator = text.find('/');
    if (mayBeScp) {
        const std::size_t colon = text.find(':');
        if (separator == std::string_view::npos || (colon != std::string_view::npos && colon > 0 && colon < separator))
            separator = colon;
    }
    const bool hasPath = separator != std::string_view::npos;
    std::string host(hasPath ? text.substr(0, separator + 1) : text);
    const std::string_view rest = hasPath ? text.substr(separator + 1) : std::string_view();
    std::string shownScheme(scheme);
    if (isGithub) {
        const bool usesSsh = scheme == "ssh://" || !user.empty();
        shownScheme = usesSsh ? "" : "https://";
        host = usesSsh ? "github.com:" : "github.com/";
        if (!usesSsh)
            user.clear();
    }
    if (host.empty())
        return std::nullopt;
    return HostAndPath{shownScheme + user + host, rest};
}

struct RepositoryAndFolder
{
    std::string_view repository;
    std::string_view folder;
};

std::optional<RepositoryAndFolder> splitRepository(std::string_view path, bool isFile)
{
    constexpr std::string_view kAzure = "_git/";
    constexpr std::string_view kSuffix = ".git";
    if (const std::size_t at = path.find(kAzure); at != std::string_view::npos) {
        const std::size_t end = path.find('/', at + kAzure.size());
        return RepositoryAndFolder{path.substr(0, end), end == std::string_view::npos ? "" : path.substr(end + 1)};
    }
    if (const std::size_t at = path.find("//"); at != std::string_view::npos)
        return RepositoryAndFolder{path.substr(0, at), path.substr(at + 2)};
    if (const std::size_t at = path.find(kSuffix); at != std::string_view::npos)
        return RepositoryAndFolder{path.substr(0, at + kSuffix.size()), path.substr(at + kSuffix.size())};
    if (isFile)
        return RepositoryAndFolder{path, ""};
    const std::size_t first = path.find('/');
    if (first == std::string_view::npos)
        return std::nullopt;
    const std::size_t second = path.find('/', first + 1);
    return RepositoryAndFolder{path.substr(0, second), second == std::string_view::npos ? "" : path.substr(second + 1)};
}

/// True if the folder, cleaned, leads out of the repository.
bool leavesRepository(std::string_view folder)
{
    int depth = 0;
    for (const std::string_view part : split(folder, '/')) {
        if (part == "..")
            --depth;
        else if (!part.empty() && part != ".")
            ++depth;
        if (depth < 0)
            return true;
    }
    return false;
}

} // namespace

std::optional<RepoSpec> repoSpecOf(std::string_view url)
{
    if (url.starts_with('/'))
        return std::nullopt;
    const std::size_t question = url.find('?');
    const std::string_view query = question == std::string_view::npos ? std::string_view() : url.substr(question + 1);
    const std::optional<HostAndPath> host = hostOf(url.substr(0, question));
    if (!host)
        return std::nullopt;
    std::optional<RepositoryAndFolder> parts = splitRepository(host->path, host->host == kFileScheme);
    if (!parts || parts->repository.empty() || leavesRepository(parts->folder))
        return std::nullopt;
    if (parts->folder.starts_with('/'))
        parts->folder.remove_prefix(1);
    RepoSpec spec{std::string(url), host->host, std::string(parts->repository), std::string(parts->folder), "", true};
    spec.ref = queryValue(query, "ref");
    if (spec.ref.empty())
        spec.ref = queryValue(query, "version");
    const std::string submodules = queryValue(query, "submodules");
    for (const std::string_view no : {"0", "f", "F", "false", "FALSE", "False"})
        spec.withSubmodules = spec.withSubmodules && submodules != no;
    return spec;
}

bool isRemoteFile(std::string_view path)
{
    return startsWithAnyCase(path, "http://") || startsWithAnyCase(path, "https://");
}

} // namespace tiphys::render::kustomize
