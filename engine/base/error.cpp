// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"

namespace tiphys {

std::string_view codeName(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidInput: return "invalidInput";
    case ErrorCode::NotFound: return "notFound";
    case ErrorCode::Denied: return "denied";
    case ErrorCode::Unauthorized: return "unauthorized";
    case ErrorCode::Conflict: return "conflict";
    case ErrorCode::Unavailable: return "unavailable";
    case ErrorCode::Timeout: return "timeout";
    case ErrorCode::Expired: return "expired";
    case ErrorCode::Cancelled: return "cancelled";
    case ErrorCode::Unsupported: return "unsupported";
    case ErrorCode::LimitExceeded: return "limitExceeded";
    case ErrorCode::Unknown: return "unknown";
    case ErrorCode::Internal: return "internal";
    }
    return "internal";
}

Error Error::in(std::string context) const &
{
    Error copy = *this;
    copy.m_contexts.push_back(std::move(context));
    return copy;
}

Error Error::in(std::string context) &&
{
    m_contexts.push_back(std::move(context));
    return std::move(*this);
}

std::string Error::text() const
{
    std::string text;
    for (auto context = m_contexts.rbegin(); context != m_contexts.rend(); ++context)
        text += *context + ": ";
    return text + m_message;
}

} // namespace tiphys
