// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/function.h"

#include <string>
#include <string_view>

/// How Helm shows the errors of templates.
/// Source: helm pkg/engine/engine.go (cleanupParseError, reformatExecErrorMsg)@v4.2.4
namespace tiphys::render {

/// "parse error at (chart/templates/a.yaml:3): unclosed action".
Error parseErrorOf(std::string_view file, const text::TemplateError &error);
/// Each level with place, call and message on lines of their own; texts of `required` and `fail` stand alone:
/// "execution error at (chart/templates/a.yaml:1:3): need it".
Error executionErrorOf(std::string_view file, const text::TemplateError &error);

/// Marks \p text as one that stands alone, for `required` and `fail`.
text::TemplateError standaloneError(std::string_view text);

} // namespace tiphys::render
