// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace tiphys::compare {

/// True if \p image is pulled by a tag that may move: "latest", or neither tag nor digest. False for malformed names.
/// Source: kubernetes/pkg/util/parsers/parsers.go@v1.36.3
bool isLatestImage(std::string_view image);

} // namespace tiphys::compare
