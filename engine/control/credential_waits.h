// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <utility>

namespace tiphys::control {

/// Between who runs the programs that give credentials and who shows what a context waits for. Engine thread only.
class CredentialWaits
{
public:
    /// A program of \c context takes its time, or is over with it after that was told.
    struct Wait
    {
        std::string context;
        std::string command;
        bool isOver = false;
    };
    using Listener = std::function<void(const Wait &wait)>;

    void setListener(Listener listener) { m_listener = std::move(listener); }
    void tell(const Wait &wait) const
    {
        if (m_listener)
            m_listener(wait);
    }

private:
    Listener m_listener;
};

} // namespace tiphys::control
