// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/repo_url.h"

#include "base/text.h"

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

} // namespace tiphys
