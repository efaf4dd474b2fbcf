// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/submodule.h"

#include "base/text.h"

#include <algorithm>

namespace tiphys::git {

namespace {

/// A value of Git's configuration format: quotes and backslashes undone, comments cut off.
std::string configValue(std::string_view text)
{
    std::string value;
    bool inQuotes = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') {
            inQuotes = !inQuotes;
        } else if (text[i] == '\\' && i + 1 < text.size()) {
            value += text[++i];
        } else if (!inQuotes && (text[i] == '#' || text[i] == ';')) {
            break;
        } else {
            value += text[i];
        }
    }
    return std::string(trimmed(value));
}

} // namespace

std::vector<Submodule> submodulesIn(std::string_view gitmodules)
{
    std::vector<Submodule> submodules;
    bool inside = false;
    for (const std::string_view rawLine : split(gitmodules, '\n')) {
        const std::string_view line = trimmed(rawLine);
        if (line.starts_with('[')) {
            const std::size_t open = line.find('"');
            const std::size_t close = line.rfind('"');
            inside = line.starts_with("[submodule") && open < close;
            if (inside)
                submodules.push_back({std::string(line.substr(open + 1, close - open - 1)), "", "", ""});
            continue;
        }
        const std::size_t sign = line.find('=');
        if (!inside || sign == std::string_view::npos)
            continue;
        const std::string key = asciiLower(trimmed(line.substr(0, sign)));
        const std::string value = configValue(trimmed(line.substr(sign + 1)));
        if (key == "path")
            submodules.back().path = value.ends_with('/') ? value.substr(0, value.size() - 1) : value;
        if (key == "url")
            submodules.back().url = value;
    }
    std::erase_if(submodules, [](const Submodule &submodule) { return submodule.path.empty(); });
    return submodules;
}

std::string submoduleUrl(std::string_view parentUrl, std::string_view url)
{
    if (!url.starts_with("./") && !url.starts_with("../"))
        return std::string(url);
    std::string base(parentUrl);
    while (base.ends_with('/'))
        base.pop_back();
    while (true) {
        if (url.starts_with("./")) {
            url.remove_prefix(2);
        } else if (url.starts_with("../")) {
            url.remove_prefix(3);
            const std::size_t cut = base.find_last_of("/:");
            base.resize(cut == std::string::npos ? 0 : base[cut] == ':' ? cut + 1 : cut);
        } else {
            break;
        }
    }
    return base.ends_with(':') || base.empty() ? base + std::string(url) : base + "/" + std::string(url);
}

} // namespace tiphys::git
