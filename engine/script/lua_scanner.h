// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::script {

/// A word of a script.
struct LuaToken
{
    enum class Kind : std::uint8_t { End, Name, Keyword, Number, Text, Symbol };
    Kind kind = Kind::End;
    std::string text;      ///< as messages show it: of a Text what it holds
    std::size_t begin = 0; ///< its place in the script, in bytes
    std::size_t end = 0;
    int line = 0; ///< where it begins, from 1
};

/// A place of the script that LuaJIT must see differently.
struct LuaEdit
{
    std::size_t begin = 0;
    std::size_t size = 0;
    std::string text; ///< instead
};

/// Splits a script into tokens as gopher-lua does, which knows fewer escapes, numbers and names than LuaJIT.
/// Source: github.com/yuin/gopher-lua parse/lexer.go@v1.1.2
class LuaScanner
{
public:
    /// Both must outlive the scanner; \p source is the name of the script in messages.
    LuaScanner(std::string_view script, std::string_view source) : m_script(script), m_source(source) {}

    /// Reads the next token; false after a failure, whose text is message().
    bool next(LuaToken &token);
    const std::string &message() const { return m_message; }
    /// The original's sentence of a failure at \p token, the one read last: its end is the place.
    std::string messageAt(std::string_view token, std::string_view problem) const;
    /// What gopher-lua takes and LuaJIT does not: escapes such as "\.", numbers with a name behind them. In order.
    const std::vector<LuaEdit> &edits() const { return m_edits; }

private:
    static constexpr int kEnd = -1;

    int peek() const;
    int read();
    int skipSpace(std::string_view spaces);
    bool fail(std::string_view token, std::string_view problem);
    bool skipComment();
    bool scan(int first, LuaToken &token);
    bool scanSymbol(int first, LuaToken &token);
    void scanDigits(int first, std::string &text);
    bool scanNumber(int first, std::string &text);
    bool scanQuoted(int quote, std::string &text);
    void scanEscape(std::string &text);
    bool scanLong(std::string &text);

    std::string_view m_script;
    std::string_view m_source;
    std::size_t m_at = 0;
    int m_line = 1; ///< -1 behind the end
    int m_column = 0;
    std::string m_message;
    std::vector<LuaEdit> m_edits;
};

} // namespace tiphys::script
