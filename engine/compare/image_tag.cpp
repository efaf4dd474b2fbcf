// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/image_tag.h"

#include "base/text.h"

#include <algorithm>

namespace tiphys::compare {

namespace {

bool isLowerAlphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool isWordCharacter(char c)
{
    return isLowerAlphanumeric(c) || (c >= 'A' && c <= 'Z') || c == '_';
}

/// "nginx", "my-app", "a__b": lower case runs joined by ".", "_", "__" or dashes.
bool isPathComponent(std::string_view part)
{
    if (part.empty() || !isLowerAlphanumeric(part.front()) || !isLowerAlphanumeric(part.back()))
        return false;
    while (!part.empty()) {
        const std::size_t run =
            static_cast<std::size_t>(std::ranges::find_if_not(part, isLowerAlphanumeric) - part.begin());
        part.remove_prefix(run);
        const auto end = std::ranges::find_if(part, isLowerAlphanumeric);
        const std::string_view joint = part.substr(0, static_cast<std::size_t>(end - part.begin()));
        const bool isDashes = std::ranges::all_of(joint, [](char c) { return c == '-'; });
        if (!isDashes && joint != "." && joint != "_" && joint != "__")
            return false;
        part.remove_prefix(joint.size());
    }
    return true;
}

bool isTag(std::string_view tag)
{
    return !tag.empty() && tag.size() <= 128 && isWordCharacter(tag.front())
           && std::ranges::all_of(tag, [](char c) { return isWordCharacter(c) || c == '.' || c == '-'; });
}

bool isDomain(std::string_view part)
{
    return part.find_first_of(".:") != std::string_view::npos || part == "localhost" || asciiLower(part) != part;
}

bool isHexIdentifier(std::string_view image)
{
    return image.size() == 64 && image.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

} // namespace

bool isLatestImage(std::string_view image)
{
    if (isHexIdentifier(image))
        return false;
    const auto at = image.find('@');
    const bool hasDigest = at != std::string_view::npos;
    std::string_view name = image.substr(0, at);
    const auto slash = name.rfind('/');
    const auto colon = name.rfind(':');
    std::string_view tag;
    if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) {
        tag = name.substr(colon + 1);
        name = name.substr(0, colon);
        if (!isTag(tag))
            return false;
    }
    auto parts = split(name, '/');
    if (parts.size() > 1 && isDomain(parts.front()))
        parts.erase(parts.begin());
    if (!std::ranges::all_of(parts, isPathComponent))
        return false;
    return tag == "latest" || (tag.empty() && !hasDigest);
}

} // namespace tiphys::compare
