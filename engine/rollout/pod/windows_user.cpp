// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pod/windows_user.h"

#include "base/text.h"
#include "rollout/pod/name_rules.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Value;

namespace {

constexpr std::size_t kCredentialBytes = 64 * 1024;
constexpr std::size_t kDomainLength = 256;
constexpr std::size_t kUserLength = 104;
constexpr std::size_t kNetBiosLength = 15;
constexpr std::size_t kLabelLength = 63;

bool isAlphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool isNetBiosName(std::string_view domain)
{
    const auto isForbidden = [](char c) { return std::string_view("\\/:*?\"<>|").contains(c); };
    // Characters are counted, not bytes.
    const auto length =
        std::ranges::count_if(domain, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
    return !domain.empty() && domain.front() != '.' && static_cast<std::size_t>(length) <= kNetBiosLength
           && std::ranges::none_of(domain, isForbidden);
}

bool isDnsName(std::string_view domain)
{
    return std::ranges::all_of(split(domain, '.'), [](std::string_view label) {
        return !label.empty() && label.size() <= kLabelLength && isAlphanumeric(label.front())
               && isAlphanumeric(label.back())
               && std::ranges::all_of(label, [](char c) { return isAlphanumeric(c) || c == '-'; });
    });
}

/// Problems of the name of a user, each without "runAsUserName" at its beginning.
Problems userProblems(std::string_view user)
{
    Problems problems;
    if (user.empty())
        problems.emplace_back("'s User cannot be empty");
    else if (user.size() > kUserLength)
        problems.emplace_back("'s User length must not be longer than 104 characters");
    if (!user.empty() && user.find_first_not_of(". ") == std::string_view::npos)
        problems.emplace_back("'s User cannot contain only periods or spaces");
    if (user.find_first_of("\"/\\:;|=,+*?<>@[]") != std::string_view::npos)
        problems.emplace_back("'s User cannot contain the following characters: \"/\\:;|=,+*?<>@[]");
    return problems;
}

Problems accountProblems(std::string_view account)
{
    if (account.empty())
        return {" cannot be an empty string"};
    if (std::ranges::any_of(account, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }))
        return {" cannot contain control characters"};
    const std::vector<std::string_view> parts = split(account, '\\');
    if (parts.size() > 2)
        return {" cannot contain more than one backslash"};
    Problems problems;
    if (parts.size() == 2 && parts[0].size() >= kDomainLength)
        problems.emplace_back("'s Domain length must be under 256 characters");
    if (parts.size() == 2 && !isNetBiosName(parts[0]) && !isDnsName(parts[0]))
        problems.emplace_back("'s Domain doesn't match the NetBios nor the DNS format");
    for (std::string &problem : userProblems(parts.back()))
        problems.push_back(std::move(problem));
    return problems;
}

} // namespace

void checkWindowsOptions(const Value &options, const FieldPath &path, Findings &findings)
{
    if (const Value name = options["gmsaCredentialSpecName"]; isSet(name))
        findings.each(path.child("gmsaCredentialSpecName"), name.stringOr(), dnsSubdomainProblems(name.stringOr()));
    if (const Value spec = options["gmsaCredentialSpec"]; isSet(spec)) {
        const FieldPath specPath = path.child("gmsaCredentialSpec");
        if (spec.stringOr().empty())
            findings.invalid(specPath, spec, "gmsaCredentialSpec cannot be an empty string");
        else if (spec.stringOr().size() > kCredentialBytes)
            findings.invalid(specPath, spec, "gmsaCredentialSpec size must be under 64 KiB");
    }
    if (const Value account = options["runAsUserName"]; isSet(account)) {
        for (const std::string &problem : accountProblems(account.stringOr()))
            findings.invalid(path.child("runAsUserName"), account, "runAsUserName" + problem);
    }
}

} // namespace tiphys::rollout
