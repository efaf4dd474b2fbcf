// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pod/name_rules.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace tiphys::rollout {

namespace {

constexpr std::size_t kLabelLength = 63;
constexpr std::size_t kSubdomainLength = 253;
constexpr std::size_t kPortNameLength = 15;

constexpr std::string_view kNameRule = " must consist of alphanumeric characters, '-', '_' or '.', and must start and "
                                       "end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or "
                                       "'123-abc', regex used for validation is "
                                       "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

bool isLower(char c)
{
    return c >= 'a' && c <= 'z';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isLowerOrDigit(char c)
{
    return isLower(c) || isDigit(c);
}

bool isWord(char c)
{
    return isLowerOrDigit(c) || (c >= 'A' && c <= 'Z');
}

/// One or more of \p inner, the first and the last of \p outer.
template <typename Outer, typename Inner>
bool isFramed(std::string_view text, Outer outer, Inner inner)
{
    return !text.empty() && outer(text.front()) && outer(text.back()) && std::ranges::all_of(text, inner);
}

bool isDnsLabel(std::string_view text)
{
    return isFramed(text, isLowerOrDigit, [](char c) { return isLowerOrDigit(c) || c == '-'; });
}

bool isDnsSubdomain(std::string_view text)
{
    return std::ranges::all_of(split(text, '.'), isDnsLabel);
}

bool isName(std::string_view text)
{
    return isFramed(text, isWord, [](char c) { return isWord(c) || c == '-' || c == '_' || c == '.'; });
}

std::string lengthProblem(std::size_t most)
{
    return "must be no more than " + std::to_string(most) + " characters";
}

void addDotProblem(Problems &problems, std::string_view text)
{
    if (text == "." || text == "..")
        problems.push_back("must not be '" + std::string(text) + "'");
    else if (text.starts_with(".."))
        problems.emplace_back("must not start with '..'");
}

/// "10.0.0.1"; a part may have leading zeros.
bool isIpv4(std::string_view text)
{
    const std::vector<std::string_view> parts = split(text, '.');
    return parts.size() == 4 && std::ranges::all_of(parts, [](std::string_view part) {
               int number = 0;
               const auto [end, fault] = std::from_chars(part.data(), part.data() + part.size(), number);
               return !part.empty() && std::ranges::all_of(part, isDigit) && fault == std::errc()
                      && end == part.data() + part.size() && number <= 255;
           });
}

bool isHexGroup(std::string_view group)
{
    const auto isHex = [](char c) { return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
    return !group.empty() && group.size() <= 4 && std::ranges::all_of(group, isHex);
}

/// 16-bit groups in \p text between colons, of which the last may be an IPv4 address; nothing if it is malformed.
std::optional<int> groupsIn(std::string_view text)
{
    if (text.empty())
        return 0;
    const std::vector<std::string_view> groups = split(text, ':');
    int count = 0;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const bool isAddress = i + 1 == groups.size() && groups[i].contains('.');
        if (isAddress ? !isIpv4(groups[i]) : !isHexGroup(groups[i]))
            return std::nullopt;
        count += isAddress ? 2 : 1;
    }
    return count;
}

bool isIpv6(std::string_view text)
{
    const std::size_t gap = text.find("::");
    if (gap == std::string_view::npos)
        return groupsIn(text) == 8;
    const std::optional<int> before = groupsIn(text.substr(0, gap));
    const std::optional<int> after = groupsIn(text.substr(gap + 2));
    return before && after && !text.substr(0, gap).contains('.') && *before + *after < 8;
}

} // namespace

Problems dnsLabelProblems(std::string_view name)
{
    Problems problems;
    if (name.size() > kLabelLength)
        problems.push_back(lengthProblem(kLabelLength));
    if (isDnsLabel(name))
        return problems;
    problems.emplace_back(
        isDnsSubdomain(name)
            ? "must not contain dots"
            : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start "
              "and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
              "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')");
    return problems;
}

Problems dnsSubdomainProblems(std::string_view name)
{
    Problems problems;
    if (name.size() > kSubdomainLength)
        problems.push_back(lengthProblem(kSubdomainLength));
    if (!isDnsSubdomain(name))
        problems.emplace_back("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' "
                              "or '.', and must start and end with an alphanumeric character (e.g. 'example.com', "
                              "regex used for validation is "
                              "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
    return problems;
}

Problems qualifiedNameProblems(std::string_view name)
{
    Problems problems;
    const std::vector<std::string_view> parts = split(name, '/');
    if (parts.size() > 2) {
        problems.push_back("a qualified name" + std::string(kNameRule)
                           + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
        return problems;
    }
    if (parts.size() == 2 && parts[0].empty()) {
        problems.emplace_back("prefix part must be non-empty");
    } else if (parts.size() == 2) {
        for (const std::string &problem : dnsSubdomainProblems(parts[0]))
            problems.push_back("prefix part " + problem);
    }
    if (parts.back().empty())
        problems.emplace_back("name part must be non-empty");
    else if (parts.back().size() > kLabelLength)
        problems.push_back("name part " + lengthProblem(kLabelLength));
    if (!isName(parts.back()))
        problems.push_back("name part" + std::string(kNameRule));
    return problems;
}

Problems labelValueProblems(std::string_view value)
{
    Problems problems;
    if (value.size() > kLabelLength)
        problems.push_back(lengthProblem(kLabelLength));
    if (!value.empty() && !isName(value))
        problems.emplace_back("a valid label must be an empty string or consist of alphanumeric characters, '-', '_' "
                              "or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or "
                              "'my_value',  or '12345', regex used for validation is "
                              "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')");
    return problems;
}

Problems portNameProblems(std::string_view name)
{
    Problems problems;
    if (name.size() > kPortNameLength)
        problems.push_back(lengthProblem(kPortNameLength));
    if (name.empty() || !std::ranges::all_of(name, [](char c) { return isLowerOrDigit(c) || c == '-'; }))
        problems.emplace_back("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    if (!std::ranges::any_of(name, isLower))
        problems.emplace_back("must contain at least one letter (a-z)");
    if (name.contains("--"))
        problems.emplace_back("must not contain consecutive hyphens");
    if (name.starts_with('-') || name.ends_with('-'))
        problems.emplace_back("must not begin or end with a hyphen");
    return problems;
}

Problems environmentNameProblems(std::string_view name)
{
    Problems problems;
    const auto isAllowed = [](char c) { return isWord(c) || c == '-' || c == '_' || c == '.'; };
    if (name.empty() || isDigit(name.front()) || !std::ranges::all_of(name, isAllowed))
        problems.emplace_back("a valid environment variable name must consist of alphabetic characters, digits, '_', "
                              "'-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  "
                              "or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')");
    addDotProblem(problems, name);
    return problems;
}

Problems relaxedEnvironmentNameProblems(std::string_view name)
{
    if (name.empty())
        return {"environment variable name must be non-empty"};
    if (std::ranges::all_of(name, [](char c) { return c >= ' ' && c <= '~' && c != '='; }))
        return {};
    return {"a valid environment variable name must consist only of printable ASCII characters other than '='"};
}

Problems configKeyProblems(std::string_view key)
{
    Problems problems;
    const auto isAllowed = [](char c) { return isWord(c) || c == '-' || c == '_' || c == '.'; };
    if (key.size() > kSubdomainLength)
        problems.push_back(lengthProblem(kSubdomainLength));
    if (key.empty() || !std::ranges::all_of(key, isAllowed))
        problems.emplace_back("a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. "
                              "'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is "
                              "'[-._a-zA-Z0-9]+')");
    addDotProblem(problems, key);
    return problems;
}

Problems headerNameProblems(std::string_view name)
{
    if (!name.empty() && std::ranges::all_of(name, [](char c) { return isWord(c) || c == '-'; }))
        return {};
    return {"a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for "
            "validation is '[-A-Za-z0-9]+')"};
}

Problems addressProblems(std::string_view address)
{
    if (isIpv4(address) || isIpv6(address))
        return {};
    return {"must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"};
}

bool isSysctlName(std::string_view name)
{
    const auto isSegment = [](std::string_view segment) {
        return isFramed(segment, isLowerOrDigit, [](char c) { return isLowerOrDigit(c) || c == '-' || c == '_'; });
    };
    std::string dotted(name);
    std::ranges::replace(dotted, '/', '.');
    return name.size() <= kSubdomainLength && std::ranges::all_of(split(dotted, '.'), isSegment);
}

} // namespace tiphys::rollout
