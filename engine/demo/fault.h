// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace tiphys::demo {

/// Something that goes wrong on purpose, so that callers can be tested.
struct Fault
{
    enum class Kind {
        CutConnection,   ///< the connection ends instead of an answer; nothing is done
        DropAnswer,      ///< the request is carried out, then the connection ends without an answer
        Delay,           ///< the answer comes later
        TooManyRequests, ///< 429 with Retry-After: 1
        Gone,            ///< 410 Expired, also of a watch
        ServerError,     ///< 500 InternalError
    };
    Kind kind = Kind::CutConnection;
    std::string method;   ///< "GET"; "" for any
    std::string pathPart; ///< text that the path contains; "" for any
    int times = 1;        ///< how many requests it hits
    int milliseconds = 0; ///< of Delay
};

} // namespace tiphys::demo
