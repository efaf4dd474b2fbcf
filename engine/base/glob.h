// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys {

/// A compiled glob: `*` any run without separators, `**` any run, `?` one character that is no separator, `[abc]`,
/// `[a-z]`, `[!a]` one character, `{a,b}` alternatives (nested too), `\` escapes. The whole text must match.
///
/// Matching takes time proportional to pattern times text, whatever the pattern.
/// Source: gobwas/glob syntax/lexer/lexer.go, syntax/ast/parser.go, compiler/compiler.go@v0.2.3
class Glob
{
public:
    /// \p separators  characters that `*` and `?` do not cross
    /// Errors: InvalidInput for a broken class or range, or text that is not UTF-8.
    static Expected<Glob> compile(std::string_view pattern, std::string_view separators = {});
    bool matches(std::string_view text) const;

private:
    struct Part
    {
        enum class Type { Text, Any, Super, Single, Range, OneOf, Alternatives } type;
        std::u32string text; ///< of Text and OneOf
        char32_t first = 0;
        char32_t last = 0;
        bool isNegated = false;
        std::vector<std::vector<Part>> alternatives;
    };
    using Parts = std::vector<Part>;
    using Positions = std::vector<bool>; ///< where in the text a partial match may end
    class Parser;
    class Matcher;

    Parts m_parts;
    std::u32string m_separators;
};

/// True if \p pattern is a valid glob that matches \p text; a broken pattern matches nothing.
/// Source: argo-cd util/glob/glob.go (Match)@v3.5.1
bool globMatches(std::string_view pattern, std::string_view text, std::string_view separators = {});

/// Go's path/filepath.Match on Unix: `*`, `?` and classes never match "/"; `[^a]` negates; no alternatives.
/// A broken pattern matches nothing.
bool pathGlobMatches(std::string_view pattern, std::string_view text);

} // namespace tiphys
