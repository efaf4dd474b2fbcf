// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/row_memory.h"

#include "async/delay.h"
#include "async/run_on.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace tiphys::control {

using namespace std::chrono_literals;

namespace {

/// The start of the program is not the moment to write; later, changes of this time are written together.
constexpr std::chrono::milliseconds kFirstPause = 3s;
constexpr std::chrono::milliseconds kPause = 30s;

std::string shelfName(const std::string &context)
{
    return "applications of " + context;
}

} // namespace

RowMemory::RowMemory(ports::ShelfPtr shelf, QThreadPool *pool) : m_shelf(std::move(shelf)), m_pool(pool) {}

void RowMemory::recall(const ports::ContextFacts &facts)
{
    if (!m_shelf)
        return;
    const std::optional<std::string> text = m_shelf->read(shelfName(facts.name));
    if (!text)
        return;
    std::optional<RememberedRows> remembered = rememberedRowsOf(*text);
    if (remembered && remembered->context == facts.name && remembered->server == facts.server
        && remembered->user == facts.user)
        m_old.insert_or_assign(facts.name, std::move(*remembered));
}

const RememberedRows *RowMemory::find(const std::string &context) const
{
    const auto found = m_old.find(context);
    return found == m_old.end() ? nullptr : &found->second;
}

void RowMemory::take(RememberedRows now, async::TaskScope &tasks)
{
    m_old.erase(now.context);
    if (!m_shelf)
        return;
    Kept &kept = m_kept[now.context];
    kept.isWritten =
        kept.isWritten && kept.now.rows == now.rows && kept.now.server == now.server && kept.now.user == now.user;
    kept.now = std::move(now);
    if (!kept.isWritten && !std::exchange(m_isWriting, true))
        tasks.start(writeLater(tasks.token()));
}

void RowMemory::forget(const std::string &context)
{
    m_old.erase(context);
    m_kept.erase(context);
    if (m_shelf)
        m_shelf->remove(shelfName(context));
}

void RowMemory::finish()
{
    for (const auto &[context, kept] : m_kept)
        ignoreError(m_shelf->write(shelfName(context), textOf(kept.now)), "the next start waits for the cluster");
}

std::vector<RememberedRows> RowMemory::changed()
{
    std::vector<RememberedRows> changed;
    for (auto &[context, kept] : m_kept) {
        if (!std::exchange(kept.isWritten, true))
            changed.push_back(kept.now);
    }
    return changed;
}

Async<void> RowMemory::writeLater(CancelToken cancel)
{
    const Expected<void> waited = co_await async::delay(m_hasWritten ? kPause : kFirstPause, cancel);
    m_isWriting = false;
    if (!waited)
        co_return {};
    m_hasWritten = true;
    const std::vector<RememberedRows> changes = changed();
    const ports::ShelfPtr shelf = m_shelf;
    // A context that was unticked meanwhile leaves nothing behind.
    const Expected<bool> written = co_await async::runOn(m_pool, [shelf, changes] {
        for (const RememberedRows &one : changes)
            ignoreError(shelf->write(shelfName(one.context), textOf(one)), "the next start waits for the cluster");
        return true;
    });
    ignoreError(written, "the job gives no error");
    for (const RememberedRows &one : changes) {
        if (!m_kept.contains(one.context))
            shelf->remove(shelfName(one.context));
    }
    co_return {};
}

} // namespace tiphys::control
