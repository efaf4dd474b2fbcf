// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/row_filter.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace tiphys::cli {

bool RowFilter::holds(const control::KnownApp &known) const
{
    const service::AppRow &row = *known.row;
    const auto hasLabel = [&row](const object::LabelRequirement &each) {
        const auto label = row.labels.find(each.key);
        return each.holds(label == row.labels.end() ? std::nullopt : std::optional<std::string_view>(label->second));
    };
    const auto isSource = [this](const service::SourceSummary &source) {
        return (repository.empty() || source.repoUrl == repository) && (path.empty() || source.path == path);
    };
    const auto isDestination = [this](const crd::Application &app) {
        return app.spec.destination.name == cluster || app.spec.destination.server == cluster;
    };
    return std::ranges::all_of(selector, hasLabel) && (projects.empty() || std::ranges::contains(projects, row.project))
           && ((repository.empty() && path.empty()) || std::ranges::any_of(row.sources, isSource))
           && (cluster.empty() || (known.app && isDestination(*known.app)));
}

Expected<RowFilter> listFilterOf(const AppFlags &flags)
{
    Expected<RowFilter> filter = choiceFilterOf(flags);
    if (!filter)
        return filter;
    filter->repository = flags.repository;
    filter->path = flags.path;
    filter->cluster = flags.cluster;
    return filter;
}

Expected<RowFilter> choiceFilterOf(const AppFlags &flags)
{
    const Expected<std::vector<object::LabelRequirement>> selector = object::selectorRequirementsOf(flags.selector);
    if (!selector)
        return std::unexpected(selector.error());
    RowFilter filter;
    filter.selector = *selector;
    filter.projects = flags.projects;
    return filter;
}

} // namespace tiphys::cli
