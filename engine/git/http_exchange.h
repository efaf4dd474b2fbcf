// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/http_transport.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

namespace tiphys::git {

/// One request and its answer, passed between the network thread, which fills it, and the caller, who waits.
class HttpExchange
{
public:
    struct Head
    {
        int status = 0;
        std::string url;
        std::map<std::string, std::string> headers; ///< names in lower case
    };

    explicit HttpExchange(HttpRequest request) : m_request(std::move(request)) {}

    const HttpRequest &request() const { return m_request; }

    void setHead(Head head);
    void append(std::string bytes);
    /// The end; the first call counts.
    void finish(std::optional<Error> error);
    /// Whether the caller has so much to read already that more should wait.
    bool isFull() const;
    bool isFinished() const;

    /// Waits for the head; the failure if none came.
    Expected<Head> head();
    /// Waits for bytes; \p wanted is called after some were taken, so that more can be fetched.
    Expected<std::size_t> read(char *buffer, std::size_t size, const std::function<void()> &wanted);

private:
    const HttpRequest m_request;
    mutable std::mutex m_mutex; ///< guards what follows
    std::condition_variable_any m_changed;
    std::optional<Head> m_head;
    std::deque<std::string> m_chunks;
    std::size_t m_offset = 0; ///< read of the first chunk
    std::size_t m_held = 0;   ///< bytes in all chunks
    bool m_finished = false;
    std::optional<Error> m_error;
};

} // namespace tiphys::git
