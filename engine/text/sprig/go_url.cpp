// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/go_url.h"

#include "base/text.h"
#include "text/gotemplate/quote.h"
#include "text/sprig/ip_address.h"

#include <algorithm>

namespace tiphys::text::sprig {

namespace {

/// Where a text stands in a URL: decides what is escaped.
enum class Place { Host, Zone, Path, User, Fragment };

bool isOneOf(char c, std::string_view set)
{
    return set.find(c) != std::string_view::npos;
}

bool isPlain(char c, Place place)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || isOneOf(c, "-_.~"))
        return true;
    switch (place) {
    case Place::Host:
    case Place::Zone: return isOneOf(c, "!$&'()*+,;=:[]<>\"");
    case Place::Path: return isOneOf(c, "$&+,/:;=@");
    case Place::User: return isOneOf(c, "$&+,;=");
    case Place::Fragment: return isOneOf(c, "$&+,/:;=?@!()*");
    }
    return false;
}

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string escaped(std::string_view text, Place place)
{
    static constexpr char kHex[] = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        if (isPlain(c, place)) {
            result += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        result += '%';
        result += kHex[byte >> 4];
        result += kHex[byte & 15];
    }
    return result;
}

std::unexpected<TemplateError> badEscape(std::string_view text)
{
    return templateError("invalid URL escape " + goQuoted(text.substr(0, 3)));
}

TemplateExpected<std::string> unescaped(std::string_view text, Place place)
{
    std::string result;
    const bool isHost = place == Place::Host || place == Place::Zone;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            if (isHost && static_cast<unsigned char>(text[i]) < 0x80 && !isPlain(text[i], place))
                return templateError("invalid character " + goQuoted(text.substr(i, 1)) + " in host name");
            result += text[i];
            continue;
        }
        const std::string_view escape = text.substr(i, 3);
        if (escape.size() < 3 || hexDigit(escape[1]) < 0 || hexDigit(escape[2]) < 0)
            return badEscape(escape);
        const char byte = static_cast<char>(hexDigit(escape[1]) * 16 + hexDigit(escape[2]));
        if (place == Place::Host && hexDigit(escape[1]) < 8 && escape != "%25")
            return badEscape(escape);
        if (place == Place::Zone && escape != "%25" && byte != ' ' && !isPlain(byte, Place::Host))
            return badEscape(escape);
        result += byte;
        i += 2;
    }
    return result;
}

bool isOptionalPort(std::string_view text)
{
    if (text.empty())
        return true;
    return text[0] == ':' && std::ranges::all_of(text.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

std::unexpected<TemplateError> badPort(std::string_view text)
{
    return templateError("invalid port " + goQuoted(text) + " after host");
}

/// "[fe80::1%25en0]:80"
TemplateExpected<std::string> bracketedHost(std::string_view host)
{
    const std::size_t close = host.rfind(']');
    if (close == std::string_view::npos)
        return templateError("missing ']' in host");
    const std::string_view port = host.substr(close + 1);
    if (!isOptionalPort(port))
        return badPort(port);
    const std::string_view name = host.substr(1, close - 1);
    const std::size_t zone = std::min(name.find("%25"), name.size());
    TemplateExpected<std::string> address = unescaped(name.substr(0, zone), Place::Host);
    if (!address)
        return address;
    const TemplateExpected<std::string> zoneText = unescaped(name.substr(zone), Place::Zone);
    if (!zoneText)
        return zoneText;
    *address += *zoneText;
    const TemplateExpected<IpAddress> parsed = parseIpAddress(*address);
    if (!parsed)
        return templateError("invalid host: " + parsed.error().text);
    if (parsed->isV4)
        return templateError("invalid IP-literal");
    return "[" + *address + "]" + std::string(port);
}

TemplateExpected<std::string> parseHost(std::string_view scheme, std::string_view host)
{
    const std::size_t open = host.rfind('[');
    if (open != std::string_view::npos)
        return open == 0 ? bracketedHost(host) : templateError("invalid IP-literal");
    const bool isWeb = scheme == "http" || scheme == "https";
    const std::size_t colon = isWeb ? host.find(':') : host.rfind(':');
    if (colon != std::string_view::npos && !isOptionalPort(host.substr(colon)))
        return badPort(host.substr(colon));
    return unescaped(host, Place::Host);
}

bool isUserCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
           || isOneOf(c, "-._:~!$&'()*+,;=%@");
}

TemplateExpected<void> readAuthority(GoUrl &url, std::string_view authority)
{
    const std::size_t at = authority.rfind('@');
    const TemplateExpected<std::string> host =
        parseHost(url.scheme, at == std::string_view::npos ? authority : authority.substr(at + 1));
    if (!host)
        return std::unexpected(host.error());
    url.host = *host;
    if (at == std::string_view::npos)
        return {};
    const std::string_view user = authority.substr(0, at);
    if (!std::ranges::all_of(user, isUserCharacter))
        return templateError("net/url: invalid userinfo");
    const std::size_t colon = user.find(':');
    const TemplateExpected<std::string> name = unescaped(user.substr(0, colon), Place::User);
    if (!name)
        return std::unexpected(name.error());
    url.user = UserInfo{*name, std::nullopt};
    if (colon == std::string_view::npos)
        return {};
    const TemplateExpected<std::string> password = unescaped(user.substr(colon + 1), Place::User);
    if (!password)
        return std::unexpected(password.error());
    url.user->password = *password;
    return {};
}

/// Length of the scheme, 0 if there is none.
TemplateExpected<std::size_t> schemeLength(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            continue;
        if (c == ':')
            return i == 0 ? TemplateExpected<std::size_t>(templateError("missing protocol scheme")) : i;
        if (i == 0 || !((c >= '0' && c <= '9') || isOneOf(c, "+-.")))
            return 0;
    }
    return 0;
}

TemplateExpected<GoUrl> parseWithoutFragment(std::string_view text)
{
    if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }))
        return templateError("net/url: invalid control character in URL");
    GoUrl url;
    if (text == "*") {
        url.path = "*";
        return url;
    }
    const TemplateExpected<std::size_t> scheme = schemeLength(text);
    if (!scheme)
        return std::unexpected(scheme.error());
    std::string_view rest = text;
    if (*scheme > 0) {
        url.scheme = asciiLower(text.substr(0, *scheme));
        rest.remove_prefix(*scheme + 1);
    }
    if (const std::size_t mark = rest.find('?'); mark != std::string_view::npos) {
        url.query = rest.substr(mark + 1);
        rest = rest.substr(0, mark);
    }
    if (!rest.starts_with('/')) {
        if (!url.scheme.empty()) {
            url.opaque = rest;
            return url;
        }
        if (rest.substr(0, rest.find('/')).find(':') != std::string_view::npos)
            return templateError("first path segment in URL cannot contain colon");
    }
    if (rest.starts_with("//") && (!url.scheme.empty() || !rest.starts_with("///"))) {
        rest.remove_prefix(2);
        const std::size_t slash = std::min(rest.find('/'), rest.size());
        if (const TemplateExpected<void> result = readAuthority(url, rest.substr(0, slash)); !result)
            return std::unexpected(result.error());
        rest.remove_prefix(slash);
    }
    const TemplateExpected<std::string> path = unescaped(rest, Place::Path);
    if (!path)
        return std::unexpected(path.error());
    url.path = *path;
    return url;
}

std::unexpected<TemplateError> parseFault(std::string_view text, const TemplateError &error)
{
    return templateError("parse " + goQuoted(text) + ": " + error.text);
}

} // namespace

std::string UserInfo::text() const
{
    return escaped(name, Place::User) + (password ? ":" + escaped(*password, Place::User) : "");
}

std::string_view GoUrl::hostname() const
{
    std::string_view name = host;
    const std::size_t colon = name.rfind(':');
    if (colon != std::string_view::npos && isOptionalPort(name.substr(colon)))
        name = name.substr(0, colon);
    if (name.starts_with('[') && name.ends_with(']'))
        name = name.substr(1, name.size() - 2);
    return name;
}

TemplateExpected<GoUrl> GoUrl::parse(std::string_view text)
{
    const std::size_t mark = text.find('#');
    const std::string_view before = text.substr(0, mark);
    TemplateExpected<GoUrl> url = parseWithoutFragment(before);
    if (!url)
        return parseFault(before, url.error());
    if (mark == std::string_view::npos)
        return url;
    const TemplateExpected<std::string> fragment = unescaped(text.substr(mark + 1), Place::Fragment);
    if (!fragment)
        return parseFault(text, fragment.error());
    url->fragment = *fragment;
    return url;
}

std::string GoUrl::text() const
{
    std::string text;
    if (!scheme.empty())
        text += scheme + ":";
    if (!opaque.empty()) {
        text += opaque;
    } else {
        if ((!scheme.empty() || !host.empty() || user) && (!host.empty() || !path.empty() || user))
            text += "//";
        if (user)
            text += user->text() + "@";
        text += escaped(host, Place::Host);
        const std::string escapedPath = path == "*" ? path : escaped(path, Place::Path);
        if (!escapedPath.empty() && escapedPath[0] != '/' && !host.empty())
            text += '/';
        if (text.empty()
            && std::string_view(escapedPath).substr(0, escapedPath.find('/')).find(':') != std::string_view::npos)
            text += "./";
        text += escapedPath;
    }
    if (!query.empty())
        text += "?" + query;
    if (!fragment.empty())
        text += "#" + escaped(fragment, Place::Fragment);
    return text;
}

} // namespace tiphys::text::sprig
