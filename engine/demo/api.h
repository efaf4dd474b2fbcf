// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/access.h"
#include "demo/request.h"
#include "demo/store.h"
#include "demo/success_rate.h"

#include <string>

namespace tiphys::demo {

/// Answers the requests of the Kubernetes API over a store. No sockets, no threads.
class Api
{
public:
    explicit Api(Store &store) : m_store(&store) {}

    /// The answer to \p request: an object, a list, a Status, or a watch to be streamed with watchLines.
    Response answer(const Request &request);
    /// What a watch has to send now, one JSON document a line, "" if there is nothing; advances the watch.
    std::string watchLines(Watch &watch) const;
    /// A bookmark of the store's revision, for a watch that wants them.
    std::string bookmarkLine(Watch &watch) const;

private:
    Store *m_store;
    SuccessRate m_successRate;
};

} // namespace tiphys::demo
