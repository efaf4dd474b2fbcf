// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/role.h"

#include "base/glob.h"
#include "base/text.h"

namespace tiphys::policy {

namespace {

constexpr std::size_t kParts = 6;

enum class Effect { Silent, Allows, Denies };

Effect effectOf(const std::string &line, const RbacQuestion &question)
{
    const auto parts = split(line, ',');
    if (parts.size() != kParts || trimmed(parts[0]) != "p")
        return Effect::Silent;
    const std::string_view asked[] = {question.resource, question.action, question.object};
    for (std::size_t i = 0; i < 3; ++i) {
        if (!globMatches(trimmed(parts[i + 2]), asked[i]))
            return Effect::Silent;
    }
    const std::string_view word = trimmed(parts[kParts - 1]);
    return word == "allow" ? Effect::Allows : word == "deny" ? Effect::Denies : Effect::Silent;
}

} // namespace

std::string RbacQuestion::text() const
{
    return resource + ", " + action + ", " + object;
}

RbacQuestion actionQuestion(const object::GroupKind &kind, std::string_view name, std::string_view application)
{
    return {"applications", "action/" + kind.group + "/" + kind.kind + "/" + std::string(name),
            std::string(application)};
}

std::vector<std::string> rolesThatAllow(const crd::ProjectSpec &project, const RbacQuestion &question)
{
    std::vector<std::string> names;
    for (const crd::ProjectRole &role : project.roles) {
        bool isAllowed = false;
        bool isDenied = false;
        for (const std::string &line : role.policies) {
            const Effect effect = effectOf(line, question);
            isAllowed = isAllowed || effect == Effect::Allows;
            isDenied = isDenied || effect == Effect::Denies;
        }
        if (isAllowed && !isDenied)
            names.push_back(role.name);
    }
    return names;
}

} // namespace tiphys::policy
