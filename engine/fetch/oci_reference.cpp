// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch/oci_reference.h"

#include "base/text.h"

#include <algorithm>

namespace tiphys::fetch {

namespace {

bool isLowerOrDigit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool isWordCharacter(char c)
{
    return isLowerOrDigit(c) || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Letters and digits with single separators between them.
bool isPathPart(std::string_view part)
{
    return !part.empty() && isLowerOrDigit(part.front()) && isLowerOrDigit(part.back())
           && std::ranges::all_of(part, [](char c) { return isLowerOrDigit(c) || c == '.' || c == '_' || c == '-'; });
}

bool isHost(std::string_view host)
{
    return !host.empty() && host.front() != ':' && std::ranges::all_of(host, [](char c) {
        return isWordCharacter(c) || c == '.' || c == '-' || c == ':' || c == '[' || c == ']';
    });
}

} // namespace

std::string OciRepository::server() const
{
    return host == "docker.io" ? "registry-1.docker.io" : host;
}

Expected<OciRepository> ociRepositoryOf(std::string_view reference)
{
    std::string_view rest = reference;
    if (rest.starts_with("oci://"))
        rest.remove_prefix(6);
    while (rest.ends_with('/'))
        rest.remove_suffix(1);
    const auto slash = rest.find('/');
    const OciRepository repository{std::string(rest.substr(0, slash)),
                                   slash == std::string_view::npos ? "" : std::string(rest.substr(slash + 1))};
    const std::vector<std::string_view> parts = split(repository.path, '/');
    if (!isHost(repository.host) || !std::ranges::all_of(parts, isPathPart))
        return failure(ErrorCode::InvalidInput, "invalid reference " + tiphys::quoted(reference)
                                                    + ": host and a path in lower case are expected");
    return repository;
}

OciChart ociChartOf(std::string_view url, std::string_view version)
{
    const auto digest = url.find('@', url.rfind('/'));
    const std::string_view named = url.substr(0, digest);
    // The host may have a port: only the last part of the path has a tag.
    const auto tag = named.find(':', named.rfind('/'));
    const std::string repository(named.substr(0, tag));
    if (digest != std::string_view::npos)
        return {repository, std::string(url.substr(digest + 1))};
    return {repository, std::string(tag == std::string_view::npos ? version : named.substr(tag + 1))};
}

std::string tagOfVersion(std::string_view version)
{
    std::string tag(version);
    std::ranges::replace(tag, '+', '_');
    return tag;
}

std::string versionOfTag(std::string_view tag)
{
    std::string version(tag);
    std::ranges::replace(version, '_', '+');
    return version;
}

bool isSha256Digest(std::string_view text)
{
    return text.starts_with("sha256:") && text.size() == 71 && std::ranges::all_of(text.substr(7), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

bool isTag(std::string_view text)
{
    return !text.empty() && text.size() <= 128 && isWordCharacter(text.front())
           && std::ranges::all_of(text, [](char c) { return isWordCharacter(c) || c == '.' || c == '-'; });
}

} // namespace tiphys::fetch
