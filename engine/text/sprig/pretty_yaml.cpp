// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/pretty_yaml.h"

#include "base/base64.h"
#include "base/text.h"
#include "object/utf8.h"
#include "object/yaml_key_order.h"
#include "object/yaml_text_style.h"
#include "text/gotemplate/float_text.h"
#include "text/sprig/base_text.h"
#include "text/sprig/go_json.h"
#include "text/sprig/go_layout.h"
#include "text/sprig/time_value.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace tiphys::text::sprig {

namespace {

using object::detail::YamlText;

constexpr int kDepthLimit = 1'000;
constexpr std::size_t kLongestSimpleKey = 128;

using Members = std::vector<std::pair<std::string, TemplateValue>>;

std::string doubleQuoted(std::string_view text)
{
    static constexpr std::u32string_view kValues = U"\x07\b\t\n\v\f\r\x1B\"\\\x85\xA0\u2028\u2029";
    static constexpr std::string_view kNames = "abtnvfre\"\\N_LP";
    static constexpr char kHex[] = "0123456789ABCDEF";
    std::string quoted = "\"";
    for (std::size_t at = 0; at < text.size();) {
        const object::detail::CodePoint point = object::detail::codePointAt(text, at);
        const bool isPlain = object::detail::isYamlPrintable(text, at) && !object::detail::isYamlBreak(text, at)
                             && text[at] != '"' && text[at] != '\\';
        if (isPlain) {
            quoted += text.substr(at, point.size);
        } else if (const std::size_t found = kValues.find(point.value); found != std::u32string_view::npos) {
            quoted += '\\';
            quoted += kNames[found];
        } else if (point.value == 0) {
            quoted += "\\0";
        } else {
            const int digits = point.value <= 0xFF ? 2 : point.value <= 0xFFFF ? 4 : 8;
            quoted += digits == 2 ? "\\x" : digits == 4 ? "\\u" : "\\U";
            for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
                quoted += kHex[point.value >> shift & 15];
        }
        at += point.size;
    }
    return quoted + "\"";
}

std::string singleQuoted(std::string_view text)
{
    std::string quoted = "'";
    for (const char c : text)
        quoted += c == '\'' ? "''" : std::string(1, c);
    return quoted + "'";
}

/// The style of a text. Unlike in v2 tabs may stand in literals.
YamlText::Style styleOf(std::string_view text, YamlText::Use use)
{
    if (text.find('\t') == std::string_view::npos)
        return YamlText(text).styleFor(use);
    std::string withoutTabs(text);
    std::ranges::replace(withoutTabs, '\t', 'x');
    const YamlText::Style style = YamlText(withoutTabs).styleFor(use);
    return style == YamlText::Style::Literal ? style : YamlText::Style::DoubleQuoted;
}

class PrettyWriter
{
public:
    TemplateExpected<std::string> write(const TemplateValue &value)
    {
        if (const TemplateExpected<void> result = block(value, 0, Start::Fresh, 0); !result)
            return std::unexpected(result.error());
        if (m_out.ends_with('\n'))
            m_out.pop_back();
        return std::move(m_out);
    }

private:
    /// Where a block begins: on a line that is indented already, or behind "key:" or "-".
    enum class Start { Fresh, AfterKey, AfterDash };

    /// Writes \p value up to the end of its last line.
    TemplateExpected<void> block(const TemplateValue &value, std::size_t indent, Start start, int depth)
    {
        if (depth > kDepthLimit)
            return std::unexpected(TemplateError(ErrorCode::LimitExceeded, "yaml: value nests too deeply"));
        if (const std::optional<Members> members = membersOf(value); members && !members->empty())
            return map(*members, indent, start, depth);
        if (value.isList() && value.size() > 0)
            return list(value, indent, start, depth);
        if (start == Start::AfterKey)
            m_out += ' ';
        return scalar(value, indent);
    }

    TemplateExpected<void> map(const Members &members, std::size_t indent, Start start, int depth)
    {
        bool isFresh = start != Start::AfterKey;
        if (!isFresh)
            m_out += '\n';
        for (const auto &[key, member] : members) {
            if (!isFresh)
                m_out.append(indent, ' ');
            isFresh = false;
            writeKey(key, indent);
            if (const TemplateExpected<void> result = block(member, indent + 2, Start::AfterKey, depth + 1); !result)
                return result;
        }
        return {};
    }

    void writeKey(std::string_view key, std::size_t indent)
    {
        if (YamlText(key).isMultiline() || key.size() > kLongestSimpleKey) {
            m_out += "? ";
            text(key, indent + 2);
            m_out.append(indent, ' ');
            m_out += ':';
            return;
        }
        switch (styleOf(key, YamlText::Use::Key)) {
        case YamlText::Style::Plain: m_out += key; break;
        case YamlText::Style::SingleQuoted: m_out += singleQuoted(key); break;
        case YamlText::Style::DoubleQuoted:
        case YamlText::Style::Literal: m_out += doubleQuoted(key); break;
        }
        m_out += ':';
    }

    TemplateExpected<void> list(const TemplateValue &value, std::size_t indent, Start start, int depth)
    {
        bool isFresh = start != Start::AfterKey;
        if (!isFresh)
            m_out += '\n';
        for (std::size_t i = 0; i < value.size(); ++i) {
            if (!isFresh)
                m_out.append(indent, ' ');
            isFresh = false;
            m_out += "- ";
            if (const TemplateExpected<void> result = block(value.item(i), indent + 2, Start::AfterDash, depth + 1);
                !result)
                return result;
        }
        return {};
    }

    TemplateExpected<void> scalar(const TemplateValue &value, std::size_t indent)
    {
        if (value.isNil()) {
            line("null");
        } else if (value.isMap() || value.kind() == Kind::Struct) {
            line(value.is(types::kTime) ? formatTime(timeOf(value), kRfc3339Nano) : "{}");
        } else if (value.isList()) {
            line("[]");
        } else if (value.kind() == Kind::String) {
            text(value.text(), indent);
        } else if (value.is(types::kDuration)) {
            text(value.type().methods->text(value), indent);
        } else if (value.kind() == Kind::Pointer) {
            const auto *const methods = dynamic_cast<const JsonMethods *>(value.type().methods);
            if (value.isNilOfItsType() || !methods)
                line(value.isNilOfItsType() ? "null" : "{}");
            else
                text(methods->jsonValue(value).stringOr(), indent);
        } else if (value.kind() == Kind::Bool) {
            line(value.boolean() ? "true" : "false");
        } else if (value.type().isInteger()) {
            line(std::to_string(value.integer()));
        } else if (value.type().isUnsigned()) {
            line(std::to_string(value.unsignedInteger()));
        } else if (value.type().isFloat()) {
            line(floatText(value));
        } else {
            return templateError("cannot marshal type: " + std::string(value.typeName()));
        }
        return {};
    }

    static std::string floatText(const TemplateValue &value)
    {
        if (std::isnan(value.number()))
            return ".nan";
        if (std::isinf(value.number()))
            return value.number() > 0 ? ".inf" : "-.inf";
        std::string text;
        appendFloat(text, value.number(), 'g', -1,
                    value.kind() == Kind::Float32 ? FloatBits::Single : FloatBits::Double);
        return text;
    }

    void line(std::string_view text)
    {
        m_out += text;
        m_out += '\n';
    }

    void text(std::string_view text, std::size_t indent)
    {
        if (!object::detail::isValidUtf8(text)) {
            line("!!binary " + base64Of(text));
            return;
        }
        switch (styleOf(text, YamlText::Use::Value)) {
        case YamlText::Style::Plain: line(text); return;
        case YamlText::Style::SingleQuoted: line(singleQuoted(text)); return;
        case YamlText::Style::DoubleQuoted: line(doubleQuoted(text)); return;
        case YamlText::Style::Literal: literal(text, indent); return;
        }
    }

    void literal(std::string_view text, std::size_t indent)
    {
        m_out += '|';
        if (text[0] == ' ' || text[0] == '\n')
            m_out += '2';
        if (!text.ends_with('\n'))
            m_out += '-';
        else if (text.size() == 1 || text[text.size() - 2] == '\n')
            m_out += '+';
        m_out += '\n';
        if (text.ends_with('\n'))
            text.remove_suffix(1);
        for (const std::string_view part : tiphys::split(text, '\n')) {
            if (!part.empty())
                m_out.append(std::max<std::size_t>(indent, 2), ' ');
            line(part);
        }
    }

    /// Members of a map by key, or fields of a struct under their lower case names; nothing for others.
    static std::optional<Members> membersOf(const TemplateValue &value)
    {
        Members members;
        if (value.isMap()) {
            for (const MapEntry &entry : value.entries())
                members.emplace_back(entry.key.text(), entry.value);
            std::stable_sort(members.begin(), members.end(), [](const auto &a, const auto &b) {
                return object::detail::comesBefore(a.first, b.first);
            });
            return members;
        }
        if (value.kind() != Kind::Struct || !value.type().methods
            || dynamic_cast<const JsonMethods *>(value.type().methods))
            return std::nullopt;
        for (const auto &[name, field] : value.type().methods->fields(value))
            members.emplace_back(asciiLower(name), field);
        return members;
    }

    std::string m_out;
};

} // namespace

TemplateExpected<std::string> prettyYamlOf(const TemplateValue &value)
{
    return PrettyWriter().write(value);
}

} // namespace tiphys::text::sprig
