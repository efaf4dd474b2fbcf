// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace tiphys::crd {

/// A span of \p seconds as kubectl shows ages: "45s", "5m30s", "3h", "2d4h", "1y35d"; "<invalid>" below -1.
/// Source: apimachinery pkg/util/duration/duration.go (HumanDuration)@v0.36.1
std::string humanDuration(std::int64_t seconds);

} // namespace tiphys::crd
