// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::control {

/// Lines of the application table of one context, as they were last seen.
struct RememberedRows
{
    std::string context;
    std::string server; ///< whose Applications they are: the API address
    std::string user;   ///< and who may see them: the kubeconfig's user entry
    service::WallTime seen = 0;
    std::vector<service::AppRowPtr> rows; ///< sorted by id
};

/// More lines than this are not remembered: those that sort last are left out.
inline constexpr std::size_t kMostRememberedRows = 20'000;

/// \p remembered as text to be kept: names, places, statuses and times. Credentials in repository addresses, labels,
/// images, conditions and what an operation said stay out; long texts are cut.
std::string textOf(const RememberedRows &remembered);
/// The lines of such a text; nothing where it is of another version or damaged. Never more than was asked for:
/// operations are none, since they went on meanwhile.
std::optional<RememberedRows> rememberedRowsOf(std::string_view text);

} // namespace tiphys::control
