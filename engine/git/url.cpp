// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/url.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace tiphys::git {

namespace {

std::string percentDecoded(std::string_view text)
{
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned code = 0;
        if (text[i] == '%' && i + 2 < text.size()
            && std::from_chars(text.data() + i + 1, text.data() + i + 3, code, 16).ptr == text.data() + i + 3) {
            decoded += static_cast<char>(code);
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

UrlKind kindOf(std::string_view scheme)
{
    if (scheme == "http" || scheme == "https")
        return UrlKind::Http;
    if (scheme == "ssh" || scheme == "git+ssh" || scheme == "ssh+git")
        return UrlKind::Ssh;
    if (scheme == "git")
        return UrlKind::Git;
    return UrlKind::Local;
}

void takeAuthority(std::string_view authority, RepositoryUrl &url)
{
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        const std::string_view user = authority.substr(0, at);
        url.user = percentDecoded(user.substr(0, user.find(':')));
        authority.remove_prefix(at + 1);
    }
    const std::size_t close = authority.starts_with('[') ? authority.find(']') : std::string_view::npos;
    const std::size_t colon = authority.find(':', close == std::string_view::npos ? 0 : close);
    if (colon != std::string_view::npos)
        url.port = authority.substr(colon + 1);
    url.host = close == std::string_view::npos ? authority.substr(0, colon) : authority.substr(1, close - 1);
}

} // namespace

RepositoryUrl parsedUrl(std::string_view text)
{
    text = trimmed(text);
    RepositoryUrl url;
    if (const std::size_t mark = text.find("://"); mark != std::string_view::npos) {
        url.scheme = asciiLower(text.substr(0, mark));
        url.kind = kindOf(url.scheme);
        std::string_view rest = text.substr(mark + 3);
        const std::size_t slash = rest.find('/');
        if (url.kind == UrlKind::Local) {
            url.path = percentDecoded(slash == std::string_view::npos ? "" : rest.substr(slash));
            return url;
        }
        takeAuthority(rest.substr(0, slash), url);
        url.path = slash == std::string_view::npos ? "/" : percentDecoded(rest.substr(slash));
        return url;
    }
    const std::size_t colon = text.find(':');
    const std::size_t slash = text.find('/');
    if (colon != std::string_view::npos && colon < slash && colon > 1) {
        url.kind = UrlKind::Ssh;
        takeAuthority(text.substr(0, colon), url);
        url.path = text.substr(colon + 1);
        return url;
    }
    url.path = text;
    return url;
}

std::string localPathOf(std::string_view url)
{
    if (!url.starts_with("file://"))
        return std::string(url);
    return parsedUrl(url).path;
}

bool sameOrigin(std::string_view left, std::string_view right)
{
    const auto portOf = [](const RepositoryUrl &url) {
        return !url.port.empty() ? url.port : std::string(url.scheme == "https" ? "443" : "80");
    };
    const RepositoryUrl one = parsedUrl(left);
    const RepositoryUrl other = parsedUrl(right);
    return one.scheme == other.scheme && asciiLower(one.host) == asciiLower(other.host) && portOf(one) == portOf(other);
}

} // namespace tiphys::git
