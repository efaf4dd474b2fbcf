// SPDX-License-Identifier: GPL-3.0-or-later
// The scanner's directives, anchors and tags.
#include "object/yaml_scanner.h"

namespace tiphys::object::detail {

namespace {

bool isWordCharacter(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
}

int hexDigitOf(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

} // namespace

bool YamlScanner::scanDirective(YamlToken &token)
{
    const YamlMark start = m_mark;
    advance();
    if (!ensure(1))
        return false;
    std::string name;
    while (isWordCharacter(at())) {
        take(name);
        if (!ensure(1))
            return false;
    }
    if (name.empty())
        return fail("could not find expected directive name", start);
    if (!isBlankOrEndAt())
        return fail("found unexpected non-alphabetical character", start);
    if (name == "YAML") {
        if (!scanVersion(token, start))
            return false;
    } else if (name == "TAG") {
        if (!scanTagDirective(token, start))
            return false;
    } else {
        return fail("found unknown directive name", start);
    }
    token.start = start;
    token.end = m_mark;
    return endOfLine(start);
}

bool YamlScanner::scanVersion(YamlToken &token, const YamlMark &start)
{
    token.kind = Kind::VersionDirective;
    if (!skipBlanks() || !scanVersionNumber(token.major, start))
        return false;
    if (at() != '.')
        return fail("did not find expected digit or '.' character", start);
    advance();
    return scanVersionNumber(token.minor, start);
}

bool YamlScanner::scanVersionNumber(int &number, const YamlMark &start)
{
    if (!ensure(1))
        return false;
    int length = 0;
    number = 0;
    while (at() >= '0' && at() <= '9') {
        if (++length > 2)
            return fail("found extremely long version number", start);
        number = number * 10 + (at() - '0');
        advance();
        if (!ensure(1))
            return false;
    }
    return length > 0 || fail("did not find expected version number", start);
}

bool YamlScanner::scanTagDirective(YamlToken &token, const YamlMark &start)
{
    token.kind = Kind::TagDirective;
    std::string handle;
    std::string prefix;
    if (!skipBlanks() || !scanTagHandle(true, start, handle) || !ensure(1))
        return false;
    if (!isBlankAt())
        return fail("did not find expected whitespace", start);
    if (!skipBlanks() || !scanTagUri({}, start, prefix) || !ensure(1))
        return false;
    if (!isBlankOrEndAt())
        return fail("did not find expected whitespace or line break", start);
    token.text = keep(handle);
    token.suffix = keep(prefix);
    return true;
}

bool YamlScanner::scanAnchor(YamlToken &token, Kind kind)
{
    const YamlMark start = m_mark;
    advance();
    if (!ensure(1))
        return false;
    std::string name;
    while (isWordCharacter(at())) {
        take(name);
        if (!ensure(1))
            return false;
    }
    constexpr std::string_view kFollowers = "?:,]}%@`";
    const bool isEnded = isBlankOrEndAt() || kFollowers.find(at()) != std::string_view::npos;
    if (name.empty() || !isEnded)
        return fail("did not find expected alphabetic or numeric character", start);
    token = {.kind = kind, .start = start, .end = m_mark, .text = keep(name)};
    return true;
}

bool YamlScanner::scanTag(YamlToken &token)
{
    const YamlMark start = m_mark;
    std::string handle;
    std::string suffix;
    if (!ensure(2))
        return false;
    if (at(1) == '<') {
        advance(2);
        if (!scanTagUri({}, start, suffix))
            return false;
        if (at() != '>')
            return fail("did not find the expected '>'", start);
        advance();
    } else {
        if (!scanTagHandle(false, start, handle))
            return false;
        if (handle.size() > 1 && handle.back() == '!') {
            if (!scanTagUri({}, start, suffix))
                return false;
        } else {
            // What was read is the start of the suffix of "!".
            if (!scanTagUri(handle, start, suffix))
                return false;
            handle = "!";
            if (suffix.empty())
                handle.swap(suffix);
        }
    }
    if (!ensure(1))
        return false;
    if (!isBlankOrEndAt())
        return fail("did not find expected whitespace or line break", start);
    token = {.kind = Kind::Tag, .start = start, .end = m_mark, .text = keep(handle), .suffix = keep(suffix)};
    return true;
}

bool YamlScanner::scanTagHandle(bool isDirective, const YamlMark &start, std::string &handle)
{
    if (!ensure(1))
        return false;
    if (at() != '!')
        return fail("did not find expected '!'", start);
    take(handle);
    if (!ensure(1))
        return false;
    while (isWordCharacter(at())) {
        take(handle);
        if (!ensure(1))
            return false;
    }
    if (at() == '!')
        take(handle);
    else if (isDirective && handle != "!")
        return fail("did not find expected '!'", start);
    return true;
}

bool YamlScanner::scanTagUri(std::string_view head, const YamlMark &start, std::string &uri)
{
    constexpr std::string_view kAllowed = ";/?:@&=+$,.!~*'()[]%";
    bool hasTag = !head.empty();
    if (head.size() > 1)
        uri.append(head.substr(1));
    if (!ensure(1))
        return false;
    while (isWordCharacter(at()) || (!isEndAt() && kAllowed.find(at()) != std::string_view::npos)) {
        if (at() == '%') {
            if (!scanUriEscapes(start, uri))
                return false;
        } else {
            take(uri);
        }
        if (!ensure(1))
            return false;
        hasTag = true;
    }
    return hasTag || fail("did not find expected tag URI", start);
}

bool YamlScanner::scanUriEscapes(const YamlMark &start, std::string &uri)
{
    std::size_t left = 0;
    do {
        if (!ensure(3))
            return false;
        if (at() != '%' || hexDigitOf(at(1)) < 0 || hexDigitOf(at(2)) < 0)
            return fail("did not find URI escaped octet", start);
        const auto octet = static_cast<unsigned char>(hexDigitOf(at(1)) * 16 + hexDigitOf(at(2)));
        if (left == 0) {
            left = octet < 0x80               ? 1
                   : (octet & 0xE0u) == 0xC0u ? 2
                   : (octet & 0xF0u) == 0xE0u ? 3
                   : (octet & 0xF8u) == 0xF0u ? 4
                                              : 0;
            if (left == 0)
                return fail("found an incorrect leading UTF-8 octet", start);
        } else if ((octet & 0xC0u) != 0x80u) {
            return fail("found an incorrect trailing UTF-8 octet", start);
        }
        uri += static_cast<char>(octet);
        advance(3);
    } while (--left > 0);
    return true;
}

} // namespace tiphys::object::detail
