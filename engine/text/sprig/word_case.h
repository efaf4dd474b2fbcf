// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tiphys::text::sprig {

/// Words in lower case joined by '_' or '-'; words end at case changes, digits, spaces, '-' and '_'.
/// Source: huandu/xstrings convert.go (ToSnakeCase, ToKebabCase)@v1.5.0
std::string lowerWords(std::string_view text, char connector);
/// Words joined with an upper case letter each: "some words" is "SomeWords".
/// Source: huandu/xstrings convert.go (ToPascalCase)@v1.5.0
std::string pascalCase(std::string_view text);

/// Upper case for letters after what is no letter, digit or '_'.
/// Source: golang src/strings/strings.go (Title)@go1.26
std::string titleCase(std::string_view text);
/// Lower case for the first character of each word.
/// Source: Masterminds/goutils wordutils.go (Uncapitalize)@v1.1.1
std::string uncapitalized(std::string_view text);
/// Upper and lower case exchanged; title case after white space.
/// Source: Masterminds/goutils wordutils.go (SwapCase)@v1.1.1
std::string swappedCase(std::string_view text);
/// The first byte of each word, bytes taken as characters.
/// Source: Masterminds/goutils wordutils.go (Initials)@v1.1.1
std::string initialsOf(std::string_view text);
/// \p text without white space; if there is any, bytes are taken as characters.
/// Source: Masterminds/goutils stringutils.go (DeleteWhiteSpace)@v1.1.1
std::string withoutSpace(std::string_view text);

enum class LongWords { Kept, Cut };
/// Lines of at most \p width bytes where spaces allow it; an empty \p lineEnd is a line feed.
/// Source: Masterminds/goutils wordutils.go (WrapCustom)@v1.1.1
std::string wrapped(std::string_view text, std::int64_t width, std::string_view lineEnd, LongWords longWords);
/// At most \p width bytes from about \p offset on, with "..." for what is left out.
/// Source: Masterminds/goutils stringutils.go (AbbreviateFull)@v1.1.1
std::string abbreviated(std::string_view text, std::int64_t offset, std::int64_t width);

} // namespace tiphys::text::sprig
