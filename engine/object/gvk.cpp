// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/gvk.h"

namespace tiphys::object {

std::string GroupKind::text() const
{
    return group.empty() ? kind : kind + "." + group;
}

std::string Gvk::apiVersion() const
{
    return group.empty() ? version : group + "/" + version;
}

std::string Gvk::text() const
{
    return apiVersion() + " " + kind;
}

Gvk gvkOf(std::string_view apiVersion, std::string_view kind)
{
    const auto slash = apiVersion.find('/');
    if (slash == std::string_view::npos)
        return {"", std::string(apiVersion), std::string(kind)};
    return {std::string(apiVersion.substr(0, slash)), std::string(apiVersion.substr(slash + 1)), std::string(kind)};
}

std::string ObjectKey::text() const
{
    std::string text = groupKind().text() + " " + name;
    return ns.empty() ? text : text + " in namespace " + ns;
}

std::string ObjectKey::path() const
{
    return group + "/" + kind + "/" + ns + "/" + name;
}

} // namespace tiphys::object
