// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/task_scope.h"

#include <cassert>

namespace tiphys::async {

TaskScope::TaskScope(std::function<void(const Error &)> onError) : TaskScope(CancelToken(), std::move(onError)) {}

TaskScope::TaskScope(const CancelToken &parent, std::function<void(const Error &)> onError)
    : m_state(std::make_shared<State>()), m_source(parent)
{
    m_state->onError = std::move(onError);
}

TaskScope::~TaskScope()
{
    assert(m_state->running == 0 && "destroyed while tasks run: co_await close() first");
}

void TaskScope::State::ended(const Error *error)
{
    --running;
    if (error && error->code() != ErrorCode::Cancelled && onError)
        onError(*error);
    if (running == 0 && drained)
        drained->set({});
}

Async<void> TaskScope::close()
{
    m_source.cancel();
    const Expected<void> result = co_await drained();
    co_return result;
}

Async<void> TaskScope::drained()
{
    const std::shared_ptr<State> state = m_state;
    while (state->running > 0) {
        if (!state->drained || state->drained->isSet())
            state->drained.emplace();
        const Completion<void> last = *state->drained;
        const Expected<void> result = co_await last;
        ignoreError(result, "a completion of void is only ever set to success");
    }
    co_return {};
}

} // namespace tiphys::async
