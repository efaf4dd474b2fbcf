// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/function.h"

#include <string>
#include <string_view>

namespace tiphys::text::sprig {

/// What writing TOML gives.
struct TomlText
{
    std::string text;
    /// Set where the encoder itself refuses: `toToml` answers with this text.
    std::string refusal;
};

/// \p value as TOML: plain members by key, then tables, two spaces deeper each; a scalar or list alone gives its
/// literal. Errors: what makes the original panic (nil).
/// Source: BurntSushi/toml encode.go@v1.6.0
TemplateExpected<TomlText> tomlTextOf(const TemplateValue &value);

/// Reads a TOML document. The words of errors are not the original's.
TemplateExpected<TemplateValue> parseToml(std::string_view text);

} // namespace tiphys::text::sprig
