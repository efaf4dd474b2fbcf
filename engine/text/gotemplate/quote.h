// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tiphys::text {

/// Appends \p text as strconv.AppendQuote does (`%q`): printable characters stay, invalid bytes are `\xNN`.
void appendQuoted(std::string &out, std::string_view text);
/// Appends \p text as strconv.AppendQuoteToASCII does (`%+q`).
void appendQuotedAscii(std::string &out, std::string_view text);
/// Go's strconv.Quote.
std::string goQuoted(std::string_view text);
/// Appends a character as strconv.AppendQuoteRune does, or its ASCII form.
void appendQuotedCharacter(std::string &out, char32_t character);
void appendQuotedCharacterAscii(std::string &out, char32_t character);
/// Go's strconv.CanBackquote: one line of valid UTF-8 without backquotes and control characters but the tab.
bool canBackquote(std::string_view text);

/// Go's strconv.Unquote of a "quoted", `raw` or 'c' literal; nothing if it is none.
std::optional<std::string> unquoted(std::string_view literal);
/// The character of a literal such as `'a'` or `'\n'` and what follows it ("'" when well formed): Go's
/// strconv.UnquoteChar without the opening quote. Nothing for bad escapes.
struct UnquotedCharacter
{
    char32_t value = 0;
    bool isMultibyte = false;
    std::string_view rest;
};
std::optional<UnquotedCharacter> unquotedCharacter(std::string_view text, char quote);

} // namespace tiphys::text
