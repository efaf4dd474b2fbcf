// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::store {

/// What a folder of kept texts may grow to.
struct ShelfLimits
{
    std::size_t textBytes = 16u << 20;
    std::size_t texts = 64; ///< beyond them the one that was written longest ago goes
};

/// Texts by name in a folder of this machine that only this user can read: a file each, replaced in one step.
class TextShelf
{
public:
    explicit TextShelf(std::filesystem::path folder, ShelfLimits limits = {});

    /// Nothing if there is none, or it is larger than a text may be.
    std::optional<std::string> read(std::string_view name) const;
    /// Errors: LimitExceeded, Denied naming the file.
    Expected<void> write(std::string_view name, std::string_view text) const;
    void remove(std::string_view name) const;
    /// Where the text of \p name is.
    std::filesystem::path fileOf(std::string_view name) const;

private:
    void makeRoom() const;

    std::filesystem::path m_folder;
    ShelfLimits m_limits;
};

} // namespace tiphys::store
