// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/resource.h"
#include "object/value.h"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::demo {

/// One entry of `details.causes` of a Status.
struct Cause
{
    std::string reason; ///< "FieldValueInvalid"
    std::string message;
    std::string field; ///< "metadata.name"
};

/// Why a request is refused: what the API server answers as a Status.
struct Refusal
{
    int code = 400;
    std::string reason = "BadRequest";
    std::string message;
    std::string group;
    std::string kind; ///< plural of the resource, or the kind where the API server names kinds
    std::string name;
    std::vector<Cause> causes;
    int retryAfterSeconds = 0;
    std::string continueToken; ///< where an expired list may go on

    /// The Status object that stands in the body.
    object::Value status() const;
};

/// A result, or the Status that stands in its place.
template <typename T>
using Answer = std::expected<T, Refusal>;

/// 400 BadRequest with \p message.
Refusal badRequest(std::string message);
/// 404: `deployments.apps "web" not found`.
Refusal notFound(const Resource &resource, std::string_view name);
/// 409 AlreadyExists.
Refusal alreadyExists(const Resource &resource, std::string_view name);
/// 409 Conflict: `Operation cannot be fulfilled on …: why`.
Refusal conflict(const Resource &resource, std::string_view name, std::string_view why);
/// 409 Conflict of a write that is based on an old resource version.
Refusal staleWrite(const Resource &resource, std::string_view name);
/// 422 Invalid: `Deployment.apps "web" is invalid: …` with every cause.
Refusal invalid(const Resource &resource, std::string_view name, std::vector<Cause> causes);
/// 410 Expired: the resource version is older than what is kept.
Refusal expired(std::string message);
/// 403 Forbidden with the whole sentence \p message.
Refusal forbidden(const Resource &resource, std::string_view name, std::string message);
/// 405: the verb is not served here.
Refusal methodNotAllowed();
/// 404 for a path that nothing answers.
Refusal noSuchPath();
/// 415: the body of a patch is of a kind that is not taken.
Refusal unsupportedMediaType(std::string message);

/// A Status that says Success, as deletes answer.
object::Value successStatus(const Resource &resource, std::string_view name, std::string_view uid);

} // namespace tiphys::demo
