// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys {

/// What the receiver of an error can do about it.
enum class ErrorCode {
    InvalidInput,  ///< fix a file, flag or field
    NotFound,      ///< the named thing does not exist
    Denied,        ///< ask for rights (forbidden)
    Unauthorized,  ///< sign in again
    Conflict,      ///< read again and decide anew
    Unavailable,   ///< retry later: network, server down, throttled
    Timeout,       ///< took longer than allowed
    Expired,       ///< list again: the resource version is too old
    Cancelled,     ///< somebody asked to stop
    Unsupported,   ///< a named limit of this program
    LimitExceeded, ///< a size, depth or step limit was reached
    Unknown,       ///< outcome cannot be told: read the state again
    Internal,      ///< a fault of this program
};

/// English word of a code, for logs and JSON output ("notFound").
std::string_view codeName(ErrorCode code);

/// A failure: code, one sentence (lower case start, no period, no secret), and the path it took.
class Error
{
public:
    Error(ErrorCode code, std::string message) : m_code(code), m_message(std::move(message)) {}
    Error(ErrorCode code, std::string message, std::string reason)
        : m_code(code), m_message(std::move(message)), m_reason(std::move(reason))
    {
    }

    ErrorCode code() const { return m_code; }
    /// The innermost sentence, without the contexts.
    const std::string &message() const { return m_message; }
    /// The word of the outside for it ("AlreadyExists" of a Kubernetes Status), "" if there is none.
    const std::string &reason() const { return m_reason; }
    /// Contexts added on the way, outermost last.
    const std::vector<std::string> &contexts() const { return m_contexts; }
    /// The same error seen from one level up: "values of application 'shop'".
    Error in(std::string context) const &;
    Error in(std::string context) &&;
    /// The whole sentence: "outer context: inner context: message".
    std::string text() const;

    bool operator==(const Error &) const = default;

private:
    ErrorCode m_code;
    std::string m_message;
    std::string m_reason;
    std::vector<std::string> m_contexts;
};

template <typename T>
using Expected = std::expected<T, Error>;

/// Shorthand for the failing return of an Expected: `return failure(ErrorCode::NotFound, "…")`.
inline std::unexpected<Error> failure(ErrorCode code, std::string message)
{
    return std::unexpected(Error(code, std::move(message)));
}

/// Marks an error that is ignored on purpose; \p why says the reason to the reader.
template <typename T>
void ignoreError(const Expected<T> &, std::string_view /*why*/)
{
}

} // namespace tiphys
