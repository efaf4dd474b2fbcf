// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/status_error.h"

#include "base/text.h"

namespace tiphys::kube {

namespace {

ErrorCode codeOf(int httpStatus, std::string_view reason)
{
    if (reason == "Expired" || reason == "Gone")
        return ErrorCode::Expired;
    switch (httpStatus) {
    case 401: return ErrorCode::Unauthorized;
    case 403: return ErrorCode::Denied;
    case 404: return ErrorCode::NotFound;
    case 405:
    case 406:
    case 415: return ErrorCode::Unsupported;
    case 408:
    case 504: return ErrorCode::Timeout;
    case 409: return ErrorCode::Conflict;
    case 410: return ErrorCode::Expired;
    case 413: return ErrorCode::LimitExceeded;
    case 429: return ErrorCode::Unavailable;
    default: break;
    }
    return httpStatus >= 500 ? ErrorCode::Unavailable : ErrorCode::InvalidInput;
}

/// A refusal (401, 403, 409, …) or a fault before the store was asked changes nothing; other faults may have.
bool mayHaveBeenDone(int httpStatus, bool isStatus, std::string_view message)
{
    if (httpStatus == 502 || httpStatus == 504 || httpStatus == 408)
        return true;
    if (httpStatus != 500)
        return false;
    return !isStatus || message.find("etcdserver") != std::string_view::npos
           || message.find("timed out") != std::string_view::npos || message.find("timeout") != std::string_view::npos
           || message.find("context deadline") != std::string_view::npos;
}

} // namespace

Error statusError(int httpStatus, const object::Value &body, std::string_view text, const std::string &what,
                  Effect effect)
{
    const bool isStatus = body["kind"].stringOr() == "Status";
    const std::string reason(isStatus ? body["reason"].stringOr() : std::string_view());
    std::string message(isStatus ? body["message"].stringOr() : std::string_view());
    const bool isOpen = effect == Effect::Write && mayHaveBeenDone(httpStatus, isStatus, message);
    if (message.empty()) {
        message = what + ": the server answered " + std::to_string(httpStatus);
        const std::string_view start = trimmed(text.substr(0, 200));
        if (!start.empty())
            message += ": " + std::string(start.substr(0, start.find('\n')));
    }
    const ErrorCode code = isOpen ? ErrorCode::Unknown : codeOf(httpStatus, reason);
    const bool namesTheAct = message.find("cannot") != std::string::npos || message.find(what) != std::string::npos;
    if (code == ErrorCode::Denied && !namesTheAct)
        message = what + " is forbidden: " + message;
    return {code, std::move(message), reason};
}

} // namespace tiphys::kube
