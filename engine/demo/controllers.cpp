// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/controllers.h"

namespace tiphys::demo {

void Controllers::step()
{
    if (m_store->revision() == m_seenRevision)
        return;
    m_seenRevision = m_store->revision();
    m_store->collectGarbage();
}

void Controllers::settle()
{
    while (m_store->revision() != m_seenRevision)
        step();
}

} // namespace tiphys::demo
