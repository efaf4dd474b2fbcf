// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch/auth_challenge.h"

#include "base/text.h"

namespace tiphys::fetch {

namespace {

constexpr std::string_view kSpace = " \t";

bool isToken(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
           || std::string_view("!#$%&'*+-.^_`|~").contains(c);
}

std::string_view takeToken(std::string_view &rest)
{
    std::size_t end = 0;
    while (end < rest.size() && isToken(rest[end]))
        ++end;
    const std::string_view token = rest.substr(0, end);
    rest.remove_prefix(end);
    return token;
}

void skipSpace(std::string_view &rest)
{
    rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
}

/// A value in double quotes or a token.
std::string takeValue(std::string_view &rest)
{
    if (!rest.starts_with('"'))
        return std::string(takeToken(rest));
    std::string value;
    rest.remove_prefix(1);
    while (!rest.empty() && rest.front() != '"') {
        if (rest.front() == '\\' && rest.size() > 1)
            rest.remove_prefix(1);
        value += rest.front();
        rest.remove_prefix(1);
    }
    if (!rest.empty())
        rest.remove_prefix(1);
    return value;
}

/// Reads parameters up to the next scheme.
void takeParameters(std::string_view &rest, AuthChallenge &challenge)
{
    while (true) {
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t,"), rest.size()));
        std::string_view ahead = rest;
        const std::string name = asciiLower(takeToken(ahead));
        skipSpace(ahead);
        if (name.empty() || !ahead.starts_with('='))
            return;
        ahead.remove_prefix(1);
        skipSpace(ahead);
        std::string value = takeValue(ahead);
        if (name == "realm")
            challenge.realm = std::move(value);
        else if (name == "service")
            challenge.service = std::move(value);
        else if (name == "scope")
            challenge.scope = std::move(value);
        rest = ahead;
    }
}

} // namespace

std::optional<AuthChallenge> authChallengeOf(std::string_view header)
{
    std::string_view rest = header;
    while (true) {
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t,\n"), rest.size()));
        const std::string scheme = asciiLower(takeToken(rest));
        if (scheme.empty())
            return std::nullopt;
        AuthChallenge challenge;
        challenge.scheme = scheme == "bearer" ? AuthChallenge::Scheme::Bearer : AuthChallenge::Scheme::Basic;
        takeParameters(rest, challenge);
        if (scheme == "bearer" || scheme == "basic")
            return challenge;
    }
}

} // namespace tiphys::fetch
