// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/global_projects.h"

#include "object/label_selector.h"
#include "object/yaml.h"

namespace tiphys::policy {

using object::Value;

Expected<std::vector<GlobalProjectRule>> globalProjectRulesOf(std::string_view yaml)
{
    std::vector<GlobalProjectRule> rules;
    if (yaml.empty())
        return rules;
    const Expected<Value> list = object::parseYaml(yaml);
    if (!list)
        return std::unexpected(list.error().in("globalProjects"));
    if (!list->isNull() && !list->isList())
        return failure(ErrorCode::InvalidInput, "globalProjects: a list is wanted");
    for (const Value &entry : list->items())
        rules.push_back({std::string(entry["projectName"].stringOr()), entry["labelSelector"]});
    return rules;
}

std::vector<crd::Project> globalProjectsOf(const crd::Project &project, const std::vector<GlobalProjectRule> &rules,
                                           const FindProject &find)
{
    std::vector<crd::Project> globals;
    for (const GlobalProjectRule &rule : rules) {
        if (rule.projectName == project.name())
            continue;
        const Expected<std::vector<object::LabelRequirement>> wanted = object::labelRequirementsOf(rule.labelSelector);
        if (!wanted)
            break;
        if (!object::meetsLabels(project.object, *wanted))
            continue;
        std::optional<crd::Project> global = find(rule.projectName);
        if (!global)
            break;
        globals.push_back(std::move(*global));
    }
    return globals;
}

} // namespace tiphys::policy
