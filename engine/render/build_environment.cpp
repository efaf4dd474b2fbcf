// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/build_environment.h"

namespace tiphys::render {

namespace {

bool isNameCharacter(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isSpecial(char c)
{
    return std::string_view("*#$@!?-0123456789").contains(c);
}

} // namespace

std::map<std::string, std::string> BuildEnvironment::variables() const
{
    return {{"ARGOCD_APP_NAME", appName},
            {"ARGOCD_APP_NAMESPACE", appNamespace},
            {"ARGOCD_APP_PROJECT_NAME", project},
            {"ARGOCD_APP_REVISION", revision},
            {"ARGOCD_APP_REVISION_SHORT", revision.substr(0, 7)},
            {"ARGOCD_APP_REVISION_SHORT_8", revision.substr(0, 8)},
            {"ARGOCD_APP_SOURCE_REPO_URL", repoUrl},
            {"ARGOCD_APP_SOURCE_PATH", path},
            {"ARGOCD_APP_SOURCE_TARGET_REVISION", targetRevision}};
}

std::string BuildEnvironment::substituted(std::string_view text) const
{
    if (!text.contains('$'))
        return std::string(text);
    const std::map<std::string, std::string> known = variables();
    std::string result;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] != '$' || i + 1 >= text.size()) {
            result += text[i++];
            continue;
        }
        ++i;
        std::string_view name;
        if (text[i] == '{') {
            const auto end = text.find('}', i);
            if (end == std::string_view::npos) {
                ++i; // as Go: a brace without its end is eaten
                continue;
            }
            name = text.substr(i + 1, end - i - 1);
            i = end + 1;
        } else if (isSpecial(text[i])) {
            name = text.substr(i, 1);
            ++i;
        } else {
            const std::size_t start = i;
            while (i < text.size() && isNameCharacter(text[i]))
                ++i;
            name = text.substr(start, i - start);
            if (name.empty()) {
                result += '$';
                continue;
            }
        }
        if (name == "$")
            result += '$';
        else if (const auto found = known.find(std::string(name)); found != known.end())
            result += found->second;
    }
    return result;
}

} // namespace tiphys::render
