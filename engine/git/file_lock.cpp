// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/file_lock.h"

#include "base/text.h"

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace tiphys::git {

namespace {

/// Between two tries; a stop request ends it at once.
void pauseFor(std::chrono::milliseconds time, const std::stop_token &cancel)
{
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    changed.wait_for(lock, cancel, time, [] { return false; });
}

} // namespace

Expected<FileLock> FileLock::wait(const std::string &path, const std::stop_token &cancel)
{
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return failure(errno == EACCES ? ErrorCode::Denied : ErrorCode::Unavailable,
                       "cannot open " + tiphys::quoted(path) + ": " + std::strerror(errno));
    FileLock lock(file);
    while (flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return failure(ErrorCode::Unavailable, "cannot lock " + tiphys::quoted(path) + ": " + std::strerror(errno));
        if (cancel.stop_requested())
            return failure(ErrorCode::Cancelled, "cancelled while waiting for " + tiphys::quoted(path));
        pauseFor(std::chrono::milliseconds(20), cancel);
    }
    return lock;
}

FileLock::FileLock(FileLock &&other) noexcept : m_file(std::exchange(other.m_file, -1)) {}

FileLock::~FileLock()
{
    if (m_file >= 0)
        close(m_file);
}

} // namespace tiphys::git
