// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/request_outcome.h"

#include "object/merge_patch.h"

namespace tiphys::control {

using object::Value;

namespace {

/// True if merging \p patch into \p value would change nothing.
bool holds(const Value &value, const Value &patch)
{
    return object::applyMergePatch(value, patch) == value;
}

bool isTakenUp(const Value &operation, const object::Object &application)
{
    return operation.isMap() && holds(application.path({"status", "operationState", "operation"}), operation);
}

} // namespace

bool hasTakenEffect(const Value &patch, const object::Object &application)
{
    for (const auto &[key, value] : patch.entries()) {
        const Value wanted = key == "metadata" ? value.without("resourceVersion") : value;
        const bool isThere =
            holds(application.value()[key], wanted) || (key == "operation" && isTakenUp(wanted, application));
        if (!isThere)
            return false;
    }
    return true;
}

bool isOfSameMaker(const object::Object &asked, const object::Object &live)
{
    const auto hasMarks = [&](std::string_view field) {
        const Value wanted = asked.path({"metadata", field});
        return wanted.isEmpty() || holds(live.path({"metadata", field}), wanted);
    };
    return hasMarks("labels") && hasMarks("annotations");
}

bool isPassing(const Error &error)
{
    return error.code() == ErrorCode::Unavailable || error.code() == ErrorCode::Timeout
           || error.code() == ErrorCode::Unknown;
}

} // namespace tiphys::control
