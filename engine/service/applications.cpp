// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/applications.h"

namespace tiphys::service {

std::string AppId::address() const
{
    return "tiphys://" + context + "/" + ns + "/" + name;
}

} // namespace tiphys::service
