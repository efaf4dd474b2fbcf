// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/semver.h"
#include "text/gotemplate/function.h"

#include <string_view>

namespace tiphys::text::sprig {

/// Reads a version with the error texts that templates see ("invalid semantic version").
/// Source: Masterminds/semver version.go (NewVersion)@v3.5.0
TemplateExpected<SemVersion> parseVersion(std::string_view text);
/// Source: Masterminds/semver constraints.go (NewConstraint)@v3.5.0
TemplateExpected<SemConstraint> parseConstraint(std::string_view text);

/// A `*semver.Version` with its methods: Major, Minor, Patch, Prerelease, Metadata, Original, Compare, …
TemplateValue versionValue(SemVersion version);

} // namespace tiphys::text::sprig
