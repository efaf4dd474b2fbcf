// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/write.h"

namespace tiphys::sync {

std::string_view text(Act act)
{
    switch (act) {
    case Act::Look: return "look";
    case Act::Apply: return "apply";
    case Act::Prune: return "prune";
    case Act::DeleteHook: return "delete hook";
    case Act::RemoveHookFinalizer: return "remove hook finalizer";
    }
    return {};
}

std::string Write::place() const
{
    return object::ObjectKey{gvk.group, gvk.kind, ns, name}.path();
}

WriteResult WriteResult::done(std::string message, object::Object object)
{
    WriteResult result;
    result.message = std::move(message);
    result.object = std::move(object);
    return result;
}

WriteResult WriteResult::failed(const Error &error)
{
    WriteResult result = failed(error.text());
    result.isNotFound = error.code() == ErrorCode::NotFound;
    result.isAlreadyThere = error.code() == ErrorCode::Conflict && error.reason() == "AlreadyExists";
    return result;
}

WriteResult WriteResult::failed(std::string message)
{
    WriteResult result;
    result.message = std::move(message);
    result.isFailed = true;
    return result;
}

} // namespace tiphys::sync
