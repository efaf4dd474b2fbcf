// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/short_text.h"

#include <string_view>

/// Private to the folder.
namespace tiphys::rollout {

/// True if both are the same text. Names, hashes and words are short: a call of the C library costs more than they do.
inline bool isSame(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && object::detail::isSameText(a.data(), b.data(), a.size());
}

} // namespace tiphys::rollout
