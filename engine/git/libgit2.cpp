// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/libgit2.h"

#include "base/text.h"

#include <mutex>

namespace tiphys::git {

namespace {

ErrorCode errorCodeOf(int code, int area)
{
    switch (code) {
    case GIT_ENOTFOUND: return ErrorCode::NotFound;
    case GIT_EUSER: return ErrorCode::Cancelled;
    case GIT_EAUTH: return ErrorCode::Unauthorized;
    case GIT_ECERTIFICATE:
    case GIT_EOWNER: return ErrorCode::Denied;
    case GIT_EEXISTS:
    case GIT_ELOCKED:
    case GIT_EMODIFIED: return ErrorCode::Conflict;
    case GIT_EAMBIGUOUS:
    case GIT_EINVALIDSPEC: return ErrorCode::InvalidInput;
    case GIT_TIMEOUT: return ErrorCode::Timeout;
    default: break;
    }
    switch (area) {
    case GIT_ERROR_NET:
    case GIT_ERROR_HTTP:
    case GIT_ERROR_SSH:
    case GIT_ERROR_SSL: return ErrorCode::Unavailable;
    case GIT_ERROR_OS: return ErrorCode::Unavailable;
    case GIT_ERROR_ZLIB:
    case GIT_ERROR_ODB:
    case GIT_ERROR_OBJECT:
    case GIT_ERROR_TREE:
    case GIT_ERROR_REFERENCE:
    case GIT_ERROR_INVALID: return ErrorCode::InvalidInput;
    default: return ErrorCode::Internal;
    }
}

} // namespace

void startLibgit2()
{
    static std::once_flag started;
    std::call_once(started, [] {
        git_libgit2_init();
        git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
        git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
        // Of git:// alone: the other transports are our own.
        git_libgit2_opts(GIT_OPT_SET_SERVER_CONNECT_TIMEOUT, 15'000);
        git_libgit2_opts(GIT_OPT_SET_SERVER_TIMEOUT, 90'000);
    });
}

Error libgit2Error(int code, const std::string &doing)
{
    const git_error *last = git_error_last();
    std::string message = last && last->message ? last->message : "error " + std::to_string(code);
    if (message.size() > 1 && message[0] >= 'A' && message[0] <= 'Z' && !(message[1] >= 'A' && message[1] <= 'Z'))
        message[0] = static_cast<char>(message[0] - 'A' + 'a');
    while (message.ends_with('.'))
        message.pop_back();
    return Error(errorCodeOf(code, last ? last->klass : GIT_ERROR_NONE), std::move(message)).in(doing);
}

std::string hexOf(const git_oid &id)
{
    std::string hex(GIT_OID_SHA1_HEXSIZE, '0');
    git_oid_fmt(hex.data(), &id);
    return hex;
}

Expected<git_oid> idOf(const std::string &hex)
{
    git_oid id;
    if (hex.size() != GIT_OID_SHA1_HEXSIZE || git_oid_fromstr(&id, hex.c_str()) != 0)
        return failure(ErrorCode::InvalidInput, "no object id: " + quoted(hex));
    return id;
}

} // namespace tiphys::git
