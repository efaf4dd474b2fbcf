// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pod/path_check.h"

#include "base/text.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Value;

bool hasBackstep(std::string_view path)
{
    return std::ranges::contains(split(path, '/'), "..");
}

void checkNoBackstep(std::string_view path, const FieldPath &field, Findings &findings)
{
    if (hasBackstep(path))
        findings.invalid(field, Value(path), "must not contain '..'");
}

void checkDescending(std::string_view path, const FieldPath &field, Findings &findings)
{
    if (path.starts_with('/'))
        findings.invalid(field, Value(path), "must be a relative path");
    checkNoBackstep(path, field, findings);
}

void checkLocal(std::string_view path, const FieldPath &field, Findings &findings)
{
    checkDescending(path, field, findings);
    if (path.starts_with("..") && !path.starts_with("../"))
        findings.invalid(field, Value(path), "must not start with '..'");
}

void checkMode(const Value &mode, const FieldPath &field, Findings &findings)
{
    constexpr std::int64_t kMost = 0777;
    const std::optional<std::int64_t> number = mode.asInt();
    if (number && (*number < 0 || *number > kMost))
        findings.invalid(field, mode, "must be a number between 0 and 0777 (octal), both inclusive");
}

} // namespace tiphys::rollout
