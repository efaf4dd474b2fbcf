// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tiphys::object::detail {

/// True if a line break of YAML 1.1 stands at \p at: LF, CR, NEL, LS or PS.
bool isYamlBreak(std::string_view text, std::size_t at);
/// True if the character at \p at may stand in YAML unescaped (go-yaml: not above U+FFFF).
bool isYamlPrintable(std::string_view text, std::size_t at);

/// A text and how it may be written.
/// Source: go.yaml.in/yaml/v2 emitterc.go (analyze_scalar, select_scalar_style), encode.go (stringv)@v2.4.2
class YamlText
{
public:
    enum class Use { Key, Value };
    enum class Style { Plain, SingleQuoted, DoubleQuoted, Literal };

    /// \p text must be valid UTF-8 and outlive this.
    explicit YamlText(std::string_view text);
    std::string_view text() const { return m_text; }
    bool isMultiline() const { return m_isMultiline; }
    Style styleFor(Use use) const;

private:
    struct Finding
    {
        bool hasSpecial = false;
        bool hasIndicator = false;
        bool spaceBeforeBreak = false;
        bool breakBeforeSpace = false;
    };
    void analyse();
    void analyseCharacters();
    void allow(const Finding &found);

    std::string_view m_text;
    bool m_isMultiline = false;
    bool m_allowsPlain = true;
    bool m_allowsSingleQuoted = true;
    bool m_allowsLiteral = true;
};

} // namespace tiphys::object::detail
