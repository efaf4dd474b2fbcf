// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QThreadPool>

namespace tiphys::async {

/// A thread pool whose threads have as much stack as a main thread has: documents are nested as deep as their limits allow,
/// and threads of macOS (512 KiB) and Windows (1 MiB) have too little for that when nothing is said.
class JobPool final : public QThreadPool
{
public:
    static constexpr unsigned kStackBytes = 8U << 20U;

    JobPool() { setStackSize(kStackBytes); }
};

} // namespace tiphys::async
