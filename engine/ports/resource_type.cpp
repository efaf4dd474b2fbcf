// SPDX-License-Identifier: GPL-3.0-or-later
#include "ports/resource_type.h"

#include "base/text.h"

namespace tiphys::ports {

std::string ResourceType::text() const
{
    return group.empty() ? plural : plural + "." + group;
}

std::string ObjectRef::text() const
{
    const std::string named = type.text() + " " + tiphys::quoted(name);
    return ns.empty() ? named : named + " in namespace " + tiphys::quoted(ns);
}

} // namespace tiphys::ports
