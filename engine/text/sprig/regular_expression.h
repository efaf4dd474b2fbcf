// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/function.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::text::sprig {

/// A regular expression with the syntax, the matches and the error texts of Go's package regexp.
class RegularExpression
{
public:
    /// Errors: "error parsing regexp: missing closing ): `(`".
    static TemplateExpected<RegularExpression> compile(std::string_view pattern);

    bool matches(std::string_view text) const;
    /// The first match; nothing if there is none.
    std::optional<std::string_view> find(std::string_view text) const;
    /// At most \p limit matches, all of them if it is negative; nothing (Go's nil) if there is none.
    /// Source: golang src/regexp/regexp.go (FindAllString)@go1.26
    std::vector<std::string_view> findAll(std::string_view text, std::int64_t limit) const;
    enum class Replacement { Expanded, Literal };
    /// Each match replaced; if expanded, $1, ${1} and $name stand for groups.
    /// Errors: LimitExceeded above \p limitBytes of result.
    /// Source: golang src/regexp/regexp.go (ReplaceAllString, Expand)@go1.26
    TemplateExpected<std::string> replaceAll(std::string_view text, std::string_view with, Replacement kind,
                                             std::size_t limitBytes) const;
    /// The texts between matches, at most \p limit; all of them if it is negative.
    /// Source: golang src/regexp/regexp.go (Split)@go1.26
    std::vector<std::string_view> split(std::string_view text, std::int64_t limit) const;

private:
    struct Program;
    struct Span
    {
        std::size_t begin, end;
    };
    explicit RegularExpression(std::shared_ptr<const Program> program) : m_program(std::move(program)) {}
    std::vector<Span> spans(std::string_view text, std::int64_t limit) const;
    void expand(std::string &out, std::string_view with, std::string_view text, Span match) const;

    std::shared_ptr<const Program> m_program;
};

/// \p text with a backslash before each character of `\.+*?()|[]{}^$`.
std::string quotedForRegex(std::string_view text);

} // namespace tiphys::text::sprig
