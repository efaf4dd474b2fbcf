// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <string>
#include <string_view>

namespace tiphys::git {

/// A folder that only this user may enter, for texts that a program wants as files. It is removed with the object.
class SecretFiles
{
public:
    SecretFiles() = default;
    ~SecretFiles();
    SecretFiles(const SecretFiles &) = delete;

    /// Writes \p text, ended by a line end, which only this user may read, and gives its path.
    Expected<std::string> add(const std::string &name, std::string text);
    /// The same without adding a line end.
    Expected<std::string> addExactly(const std::string &name, std::string_view text);

private:
    std::string m_folder;
};

} // namespace tiphys::git
