// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/cancel.h"

#include <atomic>
#include <map>
#include <utility>

namespace tiphys::async {

namespace detail {

struct CancelState
{
    std::atomic<bool> isCancelled = false;
    std::uint64_t nextId = 1;
    std::map<std::uint64_t, std::function<void()>> callbacks;

    void cancel()
    {
        if (isCancelled.exchange(true))
            return;
        // A callback may add or take away others.
        while (!callbacks.empty()) {
            const auto first = callbacks.begin();
            const std::function<void()> callback = std::move(first->second);
            callbacks.erase(first);
            callback();
        }
    }
};

} // namespace detail

CancelRegistration::CancelRegistration(std::weak_ptr<detail::CancelState> state, std::uint64_t id)
    : m_state(std::move(state)), m_id(id)
{
}

CancelRegistration::CancelRegistration(CancelRegistration &&other) noexcept
    : m_state(std::move(other.m_state)), m_id(std::exchange(other.m_id, 0))
{
}

CancelRegistration &CancelRegistration::operator=(CancelRegistration &&other) noexcept
{
    std::swap(m_state, other.m_state);
    std::swap(m_id, other.m_id);
    return *this;
}

CancelRegistration::~CancelRegistration()
{
    if (const std::shared_ptr<detail::CancelState> state = m_state.lock())
        state->callbacks.erase(m_id);
}

bool CancelToken::isCancelled() const
{
    return m_state && m_state->isCancelled;
}

CancelRegistration CancelToken::onCancel(std::function<void()> callback) const
{
    if (!m_state)
        return {};
    if (m_state->isCancelled) {
        callback();
        return {};
    }
    const std::uint64_t id = m_state->nextId++;
    m_state->callbacks.emplace(id, std::move(callback));
    return {m_state, id};
}

CancelSource::CancelSource() : m_state(std::make_shared<detail::CancelState>()) {}

CancelSource::CancelSource(const CancelToken &parent) : CancelSource()
{
    m_parent = parent.onCancel([state = std::weak_ptr(m_state)] {
        if (const std::shared_ptr<detail::CancelState> locked = state.lock())
            locked->cancel();
    });
}

void CancelSource::cancel()
{
    const std::shared_ptr<detail::CancelState> state = m_state; // a callback may destroy this source
    state->cancel();
}

Error cancelledError()
{
    return {ErrorCode::Cancelled, "cancelled"};
}

} // namespace tiphys::async
