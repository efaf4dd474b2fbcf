// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstdint>
#include <functional>
#include <memory>

namespace tiphys::async {

namespace detail {
struct CancelState;
}

/// Keeps a callback of CancelToken::onCancel registered; its end takes the callback away.
class [[nodiscard]] CancelRegistration
{
public:
    CancelRegistration() = default;
    CancelRegistration(CancelRegistration &&other) noexcept;
    CancelRegistration &operator=(CancelRegistration &&other) noexcept;
    ~CancelRegistration();

private:
    friend class CancelToken;
    CancelRegistration(std::weak_ptr<detail::CancelState> state, std::uint64_t id);

    std::weak_ptr<detail::CancelState> m_state;
    std::uint64_t m_id = 0;
};

/// Tells an operation that nobody wants its answer any more. A default one is never cancelled.
class CancelToken
{
public:
    CancelToken() = default;

    /// True after the source's cancel(); may be asked from any thread.
    bool isCancelled() const;
    /// Runs \p callback once when the source is cancelled, in the thread of cancel(); at once if it already is.
    /// Only in the thread of the source.
    CancelRegistration onCancel(std::function<void()> callback) const;

private:
    friend class CancelSource;
    explicit CancelToken(std::shared_ptr<detail::CancelState> state) : m_state(std::move(state)) {}

    std::shared_ptr<detail::CancelState> m_state;
};

/// Hands out tokens and cancels them. Its end does not cancel.
class CancelSource
{
public:
    CancelSource();
    /// Cancelled too when \p parent is.
    explicit CancelSource(const CancelToken &parent);

    CancelToken token() const { return CancelToken(m_state); }
    bool isCancelled() const { return token().isCancelled(); }
    /// Cancels once; further calls do nothing. Only in the thread that made the source.
    void cancel();

private:
    std::shared_ptr<detail::CancelState> m_state;
    CancelRegistration m_parent;
};

/// The error of an operation that was cancelled (ErrorCode::Cancelled).
Error cancelledError();

} // namespace tiphys::async

namespace tiphys {
using async::CancelSource;
using async::CancelToken;
} // namespace tiphys
