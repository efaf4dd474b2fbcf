// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"

namespace tiphys::process {

/// Answers one request of a JsonnetWorker:
///
///   request: {"id":7,"jsonnet":"app/a.jsonnet","files":{"app/a.jsonnet":"…","lib/x.libsonnet":null},
///             "importFolders":["app","lib"],"externals":[{"name","value","code"}],"arguments":[…]}
///   answer:  {"id":7,"output":"…"}, {"id":7,"need":["app/x.libsonnet"]} or {"id":7,"error":{"message":"…"}}
object::Value jsonnetAnswer(const object::Value &request);

} // namespace tiphys::process
