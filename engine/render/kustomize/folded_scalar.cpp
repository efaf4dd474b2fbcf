// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/folded_scalar.h"

#include "object/yaml.h"
#include "object/yaml_text_style.h"

#include <algorithm>

namespace tiphys::render::kustomize {

namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

/// Whether a line feed in the midst of the text is doubled: the first character that is none decides, for all of them.
bool doublesBreaks(std::string_view text)
{
    const std::size_t first = text.find_first_not_of('\n');
    return first != std::string_view::npos && !isBlank(text[first]);
}

} // namespace

bool allowsBlock(std::string_view text)
{
    if (text.empty() || text.ends_with(' ') || text.contains(" \n"))
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte == '\n' || byte == '\t' || (byte >= 0x20 && byte < 0x7F) || (byte & 0xC0) == 0x80)
            continue;
        if (byte <= 0x7F || !object::detail::isYamlPrintable(text, i))
            return false;
    }
    return true;
}

std::string foldedBlock(std::string_view text, int depth)
{
    const std::string indent(static_cast<std::size_t>(std::max(depth, 1)) * 2, ' ');
    std::string out = ">";
    if (text.starts_with(' ') || text.starts_with('\n'))
        out += '2';
    if (!text.ends_with('\n'))
        out += '-';
    else if (text == "\n" || text.ends_with("\n\n"))
        out += '+';
    out += '\n';
    const bool doubles = doublesBreaks(text);
    bool isLineStart = true;
    bool startsBlank = true;
    for (const char c : text) {
        if (c == '\n') {
            if (!isLineStart && !startsBlank && doubles)
                out += '\n';
            out += '\n';
            isLineStart = true;
            continue;
        }
        if (isLineStart) {
            out += indent;
            startsBlank = isBlank(c);
        }
        out += c;
        isLineStart = false;
    }
    if (!out.ends_with('\n'))
        out += '\n';
    return out;
}

std::string textAfterFolding(std::string_view text)
{
    if (!text.contains('\n') || !allowsBlock(text))
        return std::string(text);
    const Expected<object::Value> again = object::parseYaml("text: " + foldedBlock(text, 1));
    const object::Value read = again ? (*again)["text"] : object::Value();
    return std::string(read.isString() ? *read.asString() : text);
}

} // namespace tiphys::render::kustomize
