// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_table.h"

#include <algorithm>
#include <tuple>

namespace tiphys::health::kinds {

namespace {

bool isFamily(const KindRule &rule)
{
    return rule.kind == "*";
}

bool isBefore(const KindRule *a, const KindRule *b)
{
    return std::tuple(isFamily(*a), a->group, a->kind) < std::tuple(isFamily(*b), b->group, b->kind);
}

/// A family's group is the group itself, or "*." and the end of groups.
bool belongsTo(std::string_view group, const KindRule &family)
{
    if (!family.group.starts_with('*'))
        return group == family.group;
    return group.ends_with(family.group.substr(1));
}

/// All rules in order, and where the families begin.
class Table
{
public:
    Table()
    {
        const std::span<const KindRule> families[] = {
            argoRules(),     certificateRules(), crossplaneRules(), databaseRules(),      elasticRules(),
            fluxRules(),     gatewayRules(),     keptnRules(),      kruiseRules(),        kubernetesRules(),
            machineRules(),  messagingRules(),   numaRules(),       observabilityRules(), openshiftRules(),
            platformRules(), policyRules(),      promoterRules(),   servingRules(),       sparkRules(),
            storageRules(),  threeScaleRules()};
        for (const std::span<const KindRule> family : families) {
            for (const KindRule &rule : family)
                m_rules.push_back(&rule);
        }
        std::ranges::sort(m_rules, isBefore);
        m_families = static_cast<std::size_t>(
            std::ranges::find_if(m_rules, [](const KindRule *rule) { return isFamily(*rule); }) - m_rules.begin());
    }

    const KindRule *find(std::string_view group, std::string_view kind) const
    {
        const std::span kinds(m_rules.data(), m_families);
        const auto found = std::ranges::lower_bound(
            kinds, std::pair(group, kind), {}, [](const KindRule *rule) { return std::pair(rule->group, rule->kind); });
        if (found != kinds.end() && (*found)->group == group && (*found)->kind == kind)
            return *found;
        for (const KindRule *family : std::span(m_rules).subspan(m_families)) {
            if (belongsTo(group, *family))
                return family;
        }
        return nullptr;
    }

    const std::vector<const KindRule *> &rules() const { return m_rules; }

private:
    std::vector<const KindRule *> m_rules;
    std::size_t m_families = 0;
};

const Table &table()
{
    static const Table kTable;
    return kTable;
}

} // namespace

const KindRule *ruleOf(std::string_view group, std::string_view kind)
{
    return table().find(group, kind);
}

std::vector<const KindRule *> allRules()
{
    return table().rules();
}

} // namespace tiphys::health::kinds
