// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tiphys::object::detail {

/// A YAML text made ready for the scanner: UTF-8 without byte order mark, ended by NUL bytes.
///
/// go-yaml decodes its input in pieces while it scans, so a byte that it refuses is an error only if the scanner
/// gets as far as the piece with that byte. `trouble` is the start of that piece.
struct YamlInput
{
    static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
    static constexpr std::size_t kPadding = 8;

    std::string text;               ///< up to the trouble, if there is one; then kPadding NUL bytes
    std::size_t trouble = kNowhere; ///< offset in text, kNowhere if all of it is fine
    std::string_view problem;       ///< go-yaml's words for the trouble
    std::size_t refused = kNowhere; ///< offset in the source of what is refused
};

/// Source: go.yaml.in/yaml/v2 readerc.go@v2.4.2
YamlInput yamlInputOf(std::string_view source);

/// True if every byte of \p text may stand in YAML and none is special to the fast reader: printable ASCII, line
/// feeds, tabs, and valid UTF-8 without exotic line breaks and marks.
bool isOrdinaryYamlText(std::string_view text);

} // namespace tiphys::object::detail
