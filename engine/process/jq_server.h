// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace tiphys::process {

/// How a worker ends that may not have more memory.
inline constexpr int kOutOfMemoryExitCode = 3;

/// Answers requests on standard input, one JSON line each, until it ends; returns the exit code. It first gives up
/// what programs must not reach: memory beyond 256 MiB, opening files, and more than a few
/// seconds of processor time for one request.
///
///   first line:  {"worker":1}
///   request:     {"id":7,"program":".a","input":{…}}; without input the program is only compiled
///   answer:      {"id":7,"results":[…]} or {"id":7,"error":{"code":"invalidInput","message":"…"}}
///   Lua request: {"id":7,"lua":"return obj","open":false,"input":{…},"params":{"a":"b"},"now":1700000000}; all but
///                id and lua may be absent; "script":3 keeps the script under that number, after which lua too
///   its answer:  {"id":7,"type":"table","value":…}; value for tables only
int runJqWorker();

} // namespace tiphys::process
