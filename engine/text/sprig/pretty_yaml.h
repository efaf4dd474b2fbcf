// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/function.h"

#include <string>

namespace tiphys::text::sprig {

/// \p value as `toYamlPretty` writes it, without the last line feed: keys sorted, lists two spaces below their key,
/// long lines whole, floats as Go prints them ("1.2345678e+07"). Errors: functions and what else cannot be written.
/// Source: go.yaml.in/yaml/v3 encode.go, emitterc.go@v3.0.4
TemplateExpected<std::string> prettyYamlOf(const TemplateValue &value);

} // namespace tiphys::text::sprig
