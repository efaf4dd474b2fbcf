// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::rollout::expression {

enum class TokenKind { Identifier, Number, String, Operator, Bracket, End };

struct Token
{
    TokenKind kind = TokenKind::End;
    std::string text; ///< of a string: what it means

    bool is(TokenKind wanted) const { return kind == wanted; }
    bool is(TokenKind wanted, std::string_view value) const { return kind == wanted && text == value; }
    bool isOperator(std::string_view value) const { return is(TokenKind::Operator, value); }
    bool isBracket(std::string_view value) const { return is(TokenKind::Bracket, value); }
    /// As messages name it: `Operator(">")`, `EOF`.
    std::string shown() const;
};

/// The tokens of \p text, ended by one of kind End. Errors: InvalidInput in the words of the original; LimitExceeded.
/// Source: antonmedv/expr parser/lexer/{state,utils}.go@v1.15.5
Expected<std::vector<Token>> tokensOf(std::string_view text);

} // namespace tiphys::rollout::expression
