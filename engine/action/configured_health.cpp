// SPDX-License-Identifier: GPL-3.0-or-later
#include "action/configured_health.h"

#include "base/glob.h"

#include <algorithm>
#include <array>

namespace tiphys::action {

using health::Health;
using health::HealthCode;
using object::Value;

namespace {

constexpr std::array<std::pair<std::string_view, HealthCode>, 6> kStatuses{{{"Unknown", HealthCode::Unknown},
                                                                            {"Progressing", HealthCode::Progressing},
                                                                            {"Suspended", HealthCode::Suspended},
                                                                            {"Healthy", HealthCode::Healthy},
                                                                            {"Degraded", HealthCode::Degraded},
                                                                            {"Missing", HealthCode::Missing}}};

bool isSameWord(std::string_view text, std::string_view lower)
{
    return std::ranges::equal(text, lower, [](char left, char right) {
        return (left >= 'A' && left <= 'Z' ? static_cast<char>(left - 'A' + 'a') : left) == right;
    });
}

} // namespace

std::string customizationKey(const object::GroupKind &kind)
{
    return kind.group.empty() ? std::string(kind.kind) : std::string(kind.group) + "/" + std::string(kind.kind);
}

ConfiguredHealth::ConfiguredHealth(const compare::CompareSettings &settings, script::LuaEngine *engine)
    : m_engine(engine)
{
    for (const compare::ResourceOverride &override : settings.overrides) {
        if (!override.healthLua.empty())
            m_scripts.push_back(override);
    }
}

const compare::ResourceOverride *ConfiguredHealth::scriptOf(const object::GroupKind &kind) const
{
    if (m_scripts.empty())
        return nullptr;
    const std::string key = customizationKey(kind);
    auto found = std::ranges::find(m_scripts, key, &compare::ResourceOverride::key);
    if (found == m_scripts.end())
        found = std::ranges::find_if(m_scripts,
                                     [&](const compare::ResourceOverride &one) { return globMatches(one.key, key); });
    return found != m_scripts.end() ? &*found : nullptr;
}

Expected<Health> healthIn(const script::LuaReturn &returned)
{
    if (returned.type == "nil")
        return Health{};
    if (returned.type != "table")
        return failure(ErrorCode::InvalidInput, "expect table output from Lua script, not " + returned.type);
    if (!returned.value.isMap())
        return Health{};
    std::string status;
    Health health;
    for (const auto &[key, value] : returned.value.sortedEntries()) {
        const bool isStatus = isSameWord(key, "status");
        if (value.isNull() || (!isStatus && !isSameWord(key, "message")))
            continue;
        if (!value.isString())
            return Health{};
        (isStatus ? status : health.message) = value.stringOr();
    }
    const auto found =
        std::ranges::find(kStatuses, std::string_view(status), &std::pair<std::string_view, HealthCode>::first);
    if (found == kStatuses.end())
        return Health{HealthCode::Unknown, "Lua returned an invalid health status", false, false};
    health.status = found->second;
    return health;
}

std::optional<Expected<Health>> ConfiguredHealth::healthOf(const object::Object &object) const
{
    const compare::ResourceOverride *override = scriptOf(object.groupKind());
    if (!override)
        return std::nullopt;
    if (!m_engine)
        return failure(ErrorCode::Unsupported,
                       "the health script of " + override->key + " in argocd-cm cannot be run here");
    const Expected<script::LuaReturn> returned = m_engine->run({.script = override->healthLua,
                                                                .opensLibraries = override->usesOpenLibraries,
                                                                .object = object.value(),
                                                                .parameters = {},
                                                                .now = std::nullopt});
    if (!returned)
        return std::unexpected(returned.error());
    return healthIn(*returned);
}

} // namespace tiphys::action
