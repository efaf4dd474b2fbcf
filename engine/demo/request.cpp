// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/request.h"

#include "base/text.h"

namespace tiphys::demo {

namespace {

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

enum class Plus { IsSpace, IsPlus };

std::string percentDecoded(std::string_view text, Plus plus)
{
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 && hexDigit(text[i + 2]) >= 0) {
            decoded += static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2]));
            i += 2;
        } else {
            decoded += text[i] == '+' && plus == Plus::IsSpace ? ' ' : text[i];
        }
    }
    return decoded;
}

void readTarget(std::string_view target, Request &request)
{
    const auto mark = target.find('?');
    request.path = percentDecoded(target.substr(0, mark), Plus::IsPlus);
    if (mark == std::string_view::npos)
        return;
    for (const std::string_view pair : split(target.substr(mark + 1), '&')) {
        const auto equals = pair.find('=');
        const std::string_view value = equals == std::string_view::npos ? "" : pair.substr(equals + 1);
        if (!pair.empty())
            request.query[percentDecoded(pair.substr(0, equals), Plus::IsSpace)] = percentDecoded(value, Plus::IsSpace);
    }
}

} // namespace

std::string_view Request::parameter(std::string_view name) const
{
    const auto found = query.find(std::string(name));
    return found == query.end() ? std::string_view() : found->second;
}

std::string_view Request::header(std::string_view name) const
{
    const auto found = headers.find(std::string(name));
    return found == headers.end() ? std::string_view() : found->second;
}

bool Request::isSet(std::string_view parameterName) const
{
    const std::string_view value = parameter(parameterName);
    return value == "true" || value == "1";
}

std::optional<Request> requestOf(std::string_view head)
{
    Request request;
    bool isFirst = true;
    for (std::string_view line : split(head, '\n')) {
        line = trimmed(line);
        if (isFirst) {
            const auto parts = split(line, ' ');
            if (parts.size() != 3 || !parts[2].starts_with("HTTP/1."))
                return std::nullopt;
            request.method = parts[0];
            readTarget(parts[1], request);
            isFirst = false;
            continue;
        }
        const auto colon = line.find(':');
        if (colon == std::string_view::npos)
            continue;
        std::string &value = request.headers[asciiLower(line.substr(0, colon))];
        value += (value.empty() ? "" : ",") + std::string(trimmed(line.substr(colon + 1)));
    }
    return request;
}

} // namespace tiphys::demo
