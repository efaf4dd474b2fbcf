// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <filesystem>
#include <string>

namespace tiphys::store {

/// What somebody allowed to run, remembered in a file of lines: the digest of a content and the place it stands at. Another
/// content or another place is not allowed. Reads the file anew for each question.
class Consents
{
public:
    explicit Consents(std::filesystem::path file) : m_file(std::move(file)) {}

    bool has(const std::string &digest, const std::string &place) const;
    /// Errors: Denied (the file cannot be written).
    Expected<void> add(const std::string &digest, const std::string &place) const;
    /// What was not allowed stays so. Errors: Denied (the file cannot be written).
    Expected<void> remove(const std::string &digest, const std::string &place) const;

private:
    std::filesystem::path m_file;
};

} // namespace tiphys::store
