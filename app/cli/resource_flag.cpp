// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/resource_flag.h"

#include "base/text.h"

#include <algorithm>

namespace tiphys::cli {

Expected<std::vector<object::ObjectKey>> resourceKeys(const std::vector<std::string> &flags)
{
    std::vector<object::ObjectKey> keys;
    for (const std::string &flag : flags) {
        const auto parts = split(flag, ':');
        if (parts.size() < 3 || parts[1].empty() || parts[2].empty())
            return failure(ErrorCode::InvalidInput,
                           "resource " + tiphys::quoted(flag) + " must have the form GROUP:KIND:[NAMESPACE/]NAME");
        // Names may hold colons.
        std::string name = flag.substr(parts[0].size() + parts[1].size() + 2);
        std::string ns;
        if (const auto slash = name.find('/'); slash != std::string::npos) {
            ns = name.substr(0, slash);
            name = name.substr(slash + 1);
        }
        keys.push_back({std::string(parts[0]), std::string(parts[1]), ns, name});
    }
    return keys;
}

bool isAmong(const std::vector<object::ObjectKey> &chosen, const object::ObjectKey &key)
{
    return std::ranges::any_of(chosen, [&key](const object::ObjectKey &one) {
        return one.group == key.group && one.kind == key.kind && one.name == key.name
               && (one.ns.empty() || one.ns == key.ns);
    });
}

} // namespace tiphys::cli
