// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/resource_choice.h"

namespace tiphys::cli {

bool isChosen(const object::ObjectKey &key, const AppActionFlags &flags)
{
    return (!flags.group || key.group == *flags.group) && (flags.kind.empty() || key.kind == flags.kind)
           && (flags.ns.empty() || key.ns == flags.ns) && (flags.name.empty() || key.name == flags.name);
}

Expected<std::vector<std::size_t>> chosenPlaces(const std::vector<object::ObjectKey> &keys, const AppActionFlags &flags)
{
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (isChosen(keys[i], flags))
            places.push_back(i);
    }
    if (places.empty())
        return failure(ErrorCode::NotFound, "no matching resource found");
    if (places.size() > 1 && !flags.isAll)
        return failure(ErrorCode::InvalidInput,
                       "multiple resources match inputs, use the --all flag to patch multiple resources");
    return places;
}

} // namespace tiphys::cli
