// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <string>
#include <string_view>

namespace tiphys::kube {

/// Whether a request that the server answers with a fault may have changed something.
enum class Effect { Read, Write };

/// The error for an answer with an HTTP status of 400 and above (or a watch's ERROR object).
///
/// \p body is the Status object if the server sent one: its `message` and `reason` are kept. Else the message is
/// made of \p what ("list pods in all namespaces"), \p httpStatus and the start of \p text. A fault of the server
/// that leaves open whether a write was done (gateway time-outs, a store that did not answer) is Unknown.
/// Source: apimachinery pkg/api/errors/errors.go@v0.36.1 (reasons)
Error statusError(int httpStatus, const object::Value &body, std::string_view text, const std::string &what,
                  Effect effect);

} // namespace tiphys::kube
