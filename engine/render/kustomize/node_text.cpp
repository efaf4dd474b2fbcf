// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/node_text.h"

#include "object/yaml_text_style.h"
#include "render/kustomize/folded_scalar.h"
#include "render/kustomize/scalar.h"

#include <cstdio>

namespace tiphys::render::kustomize {

namespace {

using object::detail::isYamlPrintable;
using object::detail::YamlText;

constexpr int kDeepest = 1'100;

/// True if the text may stand without quotes, whatever it then means.
bool allowsPlain(std::string_view text)
{
    if (text.empty() || text.contains('\n'))
        return false;
    // Letters in front keep the text from being a word or a number, which would ask for quotes.
    return YamlText(text).styleFor(YamlText::Use::Value) == YamlText::Style::Plain
           || meaningOf(text).tag != Tag::String || isNonStringText(text);
}

/// The same between braces or brackets.
bool allowsFlowPlain(std::string_view text)
{
    return allowsPlain(text) && text.find_first_of(",?[]{}:") == std::string_view::npos && text != "-";
}

bool allowsSingleQuotes(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && (byte & 0xC0) != 0x80 && !isYamlPrintable(text, i)))
            return false;
    }
    return true;
}

std::string doubleQuoted(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        constexpr std::string_view kNamed = "\n\t\r\"\\\a\b\f\v\x1b";
        constexpr std::string_view kNames = "ntr\"\\abfve";
        if (const std::size_t at = kNamed.find(c); at != std::string_view::npos) {
            out += '\\';
            out += kNames[at];
        } else if (c == '\0') {
            out += "\\0";
        } else if (byte < 0x20 || byte == 0x7F) {
            constexpr std::string_view kHex = "0123456789ABCDEF";
            out += "\\x";
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        } else {
            out += c;
        }
    }
    return out + "\"";
}

std::string singleQuoted(std::string_view text)
{
    std::string out = "'";
    for (const char c : text)
        out.append(c == '\'' ? 2 : 1, c);
    return out + "'";
}

class TextWriter
{
public:
    std::string text(const Node &node)
    {
        write(node, 0, Place::Top);
        if (!m_out.ends_with('\n'))
            m_out += '\n';
        return std::move(m_out);
    }

private:
    enum class Place { Top, Value, Item };

    void indent(int depth) { m_out.append(static_cast<std::size_t>(depth) * 2, ' '); }

    void write(const Node &node, int depth, Place place)
    {
        if (depth > kDeepest)
            return;
        const bool isBlock = !node.isFlow && node.size > 0;
        if (node.isMap() && isBlock)
            return map(node, depth, place);
        if (node.isList() && isBlock)
            return list(node, depth, place);
        if (place == Place::Value)
            m_out += ' ';
        if (node.isMap() || node.isList())
            flow(node, depth);
        else
            scalar(node, depth);
    }

    void map(const Node &node, int depth, Place place)
    {
        if (place == Place::Value)
            m_out += '\n';
        for (std::uint32_t i = 0; i + 1 < node.size; i += 2) {
            if (i > 0 || place == Place::Value)
                lineStart(depth);
            scalar(*node.items[i], depth);
            m_out += ':';
            const Node &value = *node.items[i + 1];
            const bool isList = value.isList() && !value.isFlow && value.size > 0;
            write(value, isList ? depth : depth + 1, Place::Value);
        }
    }

    void list(const Node &node, int depth, Place place)
    {
        if (place == Place::Value)
            m_out += '\n';
        for (std::uint32_t i = 0; i < node.size; ++i) {
            if (i > 0 || place == Place::Value)
                lineStart(depth);
            m_out += "- ";
            write(*node.items[i], depth + 1, Place::Item);
        }
    }

    void lineStart(int depth)
    {
        if (!m_out.ends_with('\n'))
            m_out += '\n';
        indent(depth);
    }

    void flow(const Node &node, int depth)
    {
        m_out += node.isMap() ? '{' : '[';
        for (std::uint32_t i = 0; i < node.size; ++i) {
            const bool isValue = node.isMap() && i % 2 == 1;
            if (i > 0)
                m_out += isValue ? ": " : ", ";
            const Node &item = *node.items[i];
            if (item.isMap() || item.isList())
                flow(item, depth + 1);
            else
                scalar(item, depth, true);
        }
        m_out += node.isMap() ? '}' : ']';
    }

    void literal(std::string_view text, int depth)
    {
        std::string_view rest = text;
        m_out += '|';
        if (text.starts_with(' ') || text.starts_with('\n'))
            m_out += '2';
        if (!text.ends_with('\n'))
            m_out += '-';
        else if (text == "\n" || text.ends_with("\n\n"))
            m_out += '+';
        while (!rest.empty()) {
            const std::size_t end = rest.find('\n');
            const std::string_view line = rest.substr(0, end);
            m_out += '\n';
            if (!line.empty())
                indent(depth == 0 ? 1 : depth);
            m_out += line;
            rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
        }
        m_out += '\n';
    }

    void scalar(const Node &node, int depth, bool isInFlow = false)
    {
        std::string_view tag = tagWord(node);
        bool forcesQuotes = false;
        if (!node.isTagged && node.tag != Tag::None) {
            if (node.tag == Tag::String && node.style != Style::Plain) {
                tag = {};
            } else if (meaningOf(node.value).tag == node.tag) {
                tag = {};
            } else if (node.tag == Tag::String) {
                tag = {};
                forcesQuotes = true;
            } else if (node.tag == Tag::Merge && node.value == "<<") {
                tag = {};
            }
        }
        if (!tag.empty() && node.tag != Tag::None)
            m_out.append(tag).append(" ");
        const std::string_view text = node.value;
        switch (node.style) {
        case Style::DoubleQuoted: m_out += doubleQuoted(text); return;
        case Style::SingleQuoted:
            m_out += allowsSingleQuotes(text) ? singleQuoted(text) : doubleQuoted(text);
            return;
        case Style::Literal:
            if (isInFlow)
                m_out += doubleQuoted(text);
            else
                literal(text, depth);
            return;
        case Style::Folded: m_out += !isInFlow && allowsBlock(text) ? foldedBlock(text, depth) : doubleQuoted(text); return;
        case Style::Plain: break;
        }
        if (text.contains('\n') && !isInFlow)
            literal(text, depth);
        else if (forcesQuotes || text.contains('\n'))
            m_out += doubleQuoted(text);
        else if (isInFlow ? allowsFlowPlain(text) : text.empty() || allowsPlain(text))
            m_out += text;
        else
            m_out += allowsSingleQuotes(text) ? singleQuoted(text) : doubleQuoted(text);
    }

    std::string m_out;
};

} // namespace

std::string yamlText(const Node &node)
{
    return TextWriter().text(node);
}

} // namespace tiphys::render::kustomize
