// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/resume.h"
#include "base/error.h"

#include <coroutine>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace tiphys::async {

/// One answer that comes later, from a callback or signal of this thread: set() once, awaited by any number.
/// Copies share the answer. Whoever waits goes on from the event loop, never inside of set().
template <typename T>
class Completion
{
public:
    /// The answer; only the first one counts.
    void set(Expected<T> result) const
    {
        if (m_state->result)
            return;
        m_state->result.emplace(std::move(result));
        for (const std::coroutine_handle<> handle : std::exchange(m_state->waiting, {}))
            resumeAddress().post(handle);
    }
    void fail(Error error) const { set(std::unexpected(std::move(error))); }
    bool isSet() const { return m_state->result.has_value(); }

    struct Awaiter;
    /// Gives a copy of the answer.
    Awaiter operator co_await() const { return Awaiter{m_state}; }

private:
    struct State
    {
        std::optional<Expected<T>> result;
        std::vector<std::coroutine_handle<>> waiting;
    };
    std::shared_ptr<State> m_state = std::make_shared<State>();
};

template <typename T>
struct Completion<T>::Awaiter
{
    std::shared_ptr<State> state;

    bool await_ready() const { return state->result.has_value(); }
    void await_suspend(std::coroutine_handle<> handle) const { state->waiting.push_back(handle); }
    Expected<T> await_resume() const { return *state->result; }
};

} // namespace tiphys::async
