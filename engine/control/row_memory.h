// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/task_scope.h"
#include "control/remembered_rows.h"
#include "ports/connections.h"
#include "ports/shelf.h"

#include <QThreadPool>

#include <map>
#include <string>
#include <vector>

namespace tiphys::control {

/// What the application table showed when the program last ran, for a first list before any cluster has answered.
/// Engine thread only.
class RowMemory
{
public:
    /// \p shelf may be null: nothing is remembered then.
    RowMemory(ports::ShelfPtr shelf, QThreadPool *pool);

    /// Reads the lines of a context that was ticked; those of another server or user are none.
    void recall(const ports::ContextFacts &facts);
    /// The lines of \p context as last seen; null where there are none, or live ones have come.
    const RememberedRows *find(const std::string &context) const;
    /// \p now are the live lines: the old ones end, and these are kept, soon, by a task of \p tasks.
    void take(RememberedRows now, async::TaskScope &tasks);
    /// The old lines of \p context end without new ones.
    void end(const std::string &context) { m_old.erase(context); }
    /// Nothing of \p context stays, here and on the shelf.
    void forget(const std::string &context);
    /// Keeps what has not been kept yet; the program ends.
    void finish();

private:
    struct Kept
    {
        RememberedRows now;
        bool isWritten = false;
    };

    Async<void> writeLater(CancelToken cancel);
    /// Lines that changed since they were written, which now count as written.
    std::vector<RememberedRows> changed();

    ports::ShelfPtr m_shelf;
    QThreadPool *m_pool;
    std::map<std::string, RememberedRows> m_old;
    std::map<std::string, Kept> m_kept;
    bool m_isWriting = false;
    bool m_hasWritten = false;
};

} // namespace tiphys::control
