// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys {

/// A compiled glob in the syntax of gobwas/glob without separators: `*` and `**` match any text ('/' too), `?` one
/// character, `[a-c]`, `[!abc]` classes, `{a,b*}` alternatives, `\` quotes. Matches whole texts, by UTF-8
/// characters, in time linear in the text for each alternative.
/// Source: argo-cd util/glob/glob.go@v3.5.1
class Glob
{
public:
    /// Errors: InvalidInput for unclosed classes or alternatives.
    static Expected<Glob> compile(std::string_view pattern);

    bool matches(std::string_view text) const;

private:
    struct Token
    {
        enum class Kind { Text, Any, One, Class } kind = Kind::Text;
        std::string text;                                     ///< bytes of Text
        std::vector<std::pair<char32_t, char32_t>> ranges;    ///< of Class
        bool isNegated = false;
    };
    using Sequence = std::vector<Token>;
    static bool matchesSequence(const Sequence &tokens, std::string_view text);

    std::vector<Sequence> m_alternatives; ///< braces multiplied out
};

/// True if \p pattern matches \p text; a pattern that does not compile matches nothing.
bool globMatches(std::string_view pattern, std::string_view text);

} // namespace tiphys
