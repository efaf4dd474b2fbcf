// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/go_text.h"

namespace tiphys::render::kustomize {

std::string goQuoted(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        constexpr std::string_view kNamed = "\a\b\f\n\r\t\v\\\"";
        constexpr std::string_view kNames = "abfnrtv\\\"";
        constexpr std::string_view kHex = "0123456789abcdef";
        const auto byte = static_cast<unsigned char>(c);
        if (const std::size_t at = kNamed.find(c); at != std::string_view::npos) {
            out += '\\';
            out += kNames[at];
        } else if (byte < 0x20 || byte == 0x7F) {
            out += "\\x";
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        } else {
            out += c;
        }
    }
    return out + "\"";
}

} // namespace tiphys::render::kustomize
