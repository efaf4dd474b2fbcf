// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/main_window/location.h"

#include <vector>

namespace tiphys::ui {

/// The places that were visited, with the one shown now.
class History
{
public:
    /// Goes to \p location; what was ahead is forgotten. Staying where one is changes nothing.
    void visit(const Location &location)
    {
        if (m_current >= 0 && m_places[static_cast<std::size_t>(m_current)] == location)
            return;
        m_places.resize(static_cast<std::size_t>(m_current + 1));
        m_places.push_back(location);
        ++m_current;
    }
    /// The same place with other options (another tab): no new entry.
    void replace(const Location &location)
    {
        if (m_current >= 0)
            m_places[static_cast<std::size_t>(m_current)] = location;
    }
    bool canGoBack() const { return m_current > 0; }
    bool canGoForward() const { return m_current + 1 < static_cast<int>(m_places.size()); }
    Location back() { return m_places[static_cast<std::size_t>(--m_current)]; }
    Location forward() { return m_places[static_cast<std::size_t>(++m_current)]; }

private:
    std::vector<Location> m_places;
    int m_current = -1;
};

} // namespace tiphys::ui
