// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/http_exchange.h"

#include <algorithm>

namespace tiphys::git {

namespace {
constexpr std::size_t kMostHeldBytes = 4 << 20;
}

void HttpExchange::setHead(Head head)
{
    const std::lock_guard lock(m_mutex);
    m_head = std::move(head);
    m_changed.notify_all();
}

void HttpExchange::append(std::string bytes)
{
    const std::lock_guard lock(m_mutex);
    m_held += bytes.size();
    m_chunks.push_back(std::move(bytes));
    m_changed.notify_all();
}

void HttpExchange::finish(std::optional<Error> error)
{
    const std::lock_guard lock(m_mutex);
    if (m_finished)
        return;
    m_finished = true;
    m_error = std::move(error);
    m_changed.notify_all();
}

bool HttpExchange::isFull() const
{
    const std::lock_guard lock(m_mutex);
    return m_held >= kMostHeldBytes;
}

bool HttpExchange::isFinished() const
{
    const std::lock_guard lock(m_mutex);
    return m_finished;
}

Expected<HttpExchange::Head> HttpExchange::head()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, m_request.cancel, [this] { return m_head || m_finished; });
    if (m_request.cancel.stop_requested())
        return failure(ErrorCode::Cancelled, "cancelled");
    if (m_error)
        return std::unexpected(*m_error);
    if (!m_head)
        return failure(ErrorCode::Unavailable, "the connection ended without an answer");
    return *m_head;
}

Expected<std::size_t> HttpExchange::read(char *buffer, std::size_t size, const std::function<void()> &wanted)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, m_request.cancel, [this] { return !m_chunks.empty() || m_finished; });
    if (m_request.cancel.stop_requested())
        return failure(ErrorCode::Cancelled, "cancelled");
    if (m_chunks.empty()) {
        if (m_error)
            return std::unexpected(*m_error);
        return std::size_t{0};
    }
    const std::string &chunk = m_chunks.front();
    const std::size_t count = std::min(size, chunk.size() - m_offset);
    std::copy_n(chunk.data() + m_offset, count, buffer);
    m_offset += count;
    if (m_offset == chunk.size()) {
        m_held -= chunk.size();
        m_chunks.pop_front();
        m_offset = 0;
    }
    lock.unlock();
    wanted();
    return count;
}

} // namespace tiphys::git
