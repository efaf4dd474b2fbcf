// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/provider/aws_profile.h"

#include "base/text.h"

#include <algorithm>
#include <vector>

namespace tiphys::rollout::provider {

namespace {

/// \p value without a comment behind it, which a space sets apart.
std::string_view withoutComment(std::string_view value)
{
    for (const std::string_view mark : {" #", " ;", "\t#", "\t;"})
        value = value.substr(0, value.find(mark));
    return trimmed(value);
}

/// The settings of the sections that \p titles name; nothing if there are none.
std::optional<AwsProfile> sectionOf(std::string_view file, const std::vector<std::string> &titles)
{
    std::optional<AwsProfile> found;
    bool isInside = false;
    for (std::string_view line : split(file, '\n')) {
        const bool isNested = line.starts_with(' ') || line.starts_with('\t');
        line = trimmed(line);
        if (line.empty() || line.starts_with('#') || line.starts_with(';'))
            continue;
        if (line.starts_with('[')) {
            std::string title;
            // Words of a title may be apart by any space.
            for (const std::string_view word : split(line.substr(1, line.find(']') - 1), ' ')) {
                if (!trimmed(word).empty())
                    title += (title.empty() ? "" : " ") + std::string(trimmed(word));
            }
            isInside = std::ranges::contains(titles, title);
            if (isInside && !found)
                found.emplace();
            continue;
        }
        const std::size_t equals = line.find('=');
        if (isInside && !isNested && equals != std::string_view::npos)
            found->insert_or_assign(asciiLower(trimmed(line.substr(0, equals))),
                                    std::string(withoutComment(line.substr(equals + 1))));
    }
    return found;
}

bool hasKeys(const AwsProfile &profile)
{
    const auto has = [&profile](const char *name) {
        const auto found = profile.find(name);
        return found != profile.end() && !found->second.empty();
    };
    return has("aws_access_key_id") && has("aws_secret_access_key");
}

} // namespace

std::optional<AwsProfile> awsProfileOf(std::string_view config, std::string_view credentials, const std::string &name)
{
    std::vector<std::string> titles{"profile " + name};
    if (name == "default")
        titles.push_back(name);
    const std::optional<AwsProfile> settings = sectionOf(config, titles), keys = sectionOf(credentials, {name});
    if (!settings && !keys)
        return std::nullopt;
    AwsProfile profile = settings.value_or(AwsProfile());
    if (keys && hasKeys(*keys)) {
        for (const char *key : {"aws_access_key_id", "aws_secret_access_key", "aws_session_token"})
            profile.erase(key);
    }
    for (const auto &[key, value] : keys.value_or(AwsProfile()))
        profile.insert_or_assign(key, value);
    return profile;
}

} // namespace tiphys::rollout::provider
