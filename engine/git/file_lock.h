// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <stop_token>
#include <string>

namespace tiphys::git {

/// A lock that at most one holder has, across threads and processes; it ends with the process.
class FileLock
{
public:
    /// Waits for the lock on the file \p path, which is made if absent. Cancelled on a stop request.
    static Expected<FileLock> wait(const std::string &path, const std::stop_token &cancel);
    FileLock(FileLock &&other) noexcept;
    ~FileLock();

private:
    explicit FileLock(int file) : m_file(file) {}

    int m_file;
};

} // namespace tiphys::git
