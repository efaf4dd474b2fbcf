// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/repo_url.h"

#include "base/text.h"

#include <algorithm>

namespace tiphys {

std::string normalizedRepoUrl(std::string_view url)
{
    std::string text = asciiLower(trimmed(url));
    const bool hasScheme = text.contains("://");
    if (!hasScheme && text.contains('@')) {
        if (const auto colon = text.find(':'); colon != std::string::npos)
            text[colon] = '/';
    }
    if (text.starts_with("ssh://"))
        text.erase(0, 6);
    if (text.ends_with(".git"))
        text.resize(text.size() - 4);
    return text;
}

std::string repoPlace(std::string_view url)
{
    std::string text = asciiLower(trimmed(url));
    const std::size_t mark = text.find("://");
    const std::size_t colon = text.find(':');
    bool hasHost = mark != std::string::npos;
    if (hasHost) {
        hasHost = !text.starts_with("file://");
        text.erase(0, mark + 3);
    } else if (colon != std::string::npos && colon > 1 && colon < text.find('/')) {
        text[colon] = '/';
        hasHost = true;
    }
    while (text.size() > 1 && text.ends_with('/'))
        text.pop_back();
    if (text.ends_with(".git"))
        text.resize(text.size() - 4);
    if (!hasHost)
        return text;
    const std::size_t slash = std::min(text.find('/'), text.size());
    std::string host = text.substr(0, slash);
    host.erase(0, host.rfind('@') + 1);
    if (const std::size_t port = host.rfind(':');
        port != std::string::npos && host.find(']', port) == std::string::npos)
        host.resize(port);
    return host + '/' + text.substr(std::min(text.find_first_not_of('/', slash), text.size()));
}

std::string urlWithoutUser(std::string_view url)
{
    const std::size_t mark = url.find("://");
    if (mark == std::string_view::npos)
        return std::string(url);
    const std::size_t end = std::min(url.find('/', mark + 3), url.size());
    const std::size_t at = url.substr(0, end).rfind('@');
    if (at == std::string_view::npos || at < mark)
        return std::string(url);
    return std::string(url.substr(0, mark + 3)) + std::string(url.substr(at + 1));
}

std::string shownUrl(std::string_view url)
{
    constexpr std::size_t kLongestName = 20;
    const std::size_t mark = url.find("://");
    if (mark == std::string_view::npos)
        return std::string(url);
    const std::size_t start = mark + 3;
    const std::size_t at = url.substr(0, url.find('/', start)).rfind('@');
    if (at == std::string_view::npos || at < start)
        return std::string(url);
    const std::string_view user = url.substr(start, std::min(at, url.find(':', start)) - start);
    const bool hasPassword = user.size() < at - start;
    return std::string(url.substr(0, start)) + (user.size() > kLongestName ? "***" : std::string(user))
           + (hasPassword ? ":***" : "") + std::string(url.substr(at));
}

} // namespace tiphys
