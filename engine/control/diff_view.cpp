// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/diff_view.h"

#include "compare/secret_mask.h"
#include "compare/text_diff.h"
#include "object/yaml.h"

namespace tiphys::control {

using object::Object;

namespace {

std::string yamlOf(const Object &object)
{
    return object.isNull() ? std::string() : object::toYaml(object.value());
}

/// Why the two sides differ, as far as the comparison itself knows.
std::string causeOf(const compare::ComparedResource &resource)
{
    if (resource.target.isNull())
        return resource.status.requiresPruning ? "no longer in Git" : "not in Git";
    if (resource.live.isNull())
        return "missing in the cluster";
    return "";
}

} // namespace

service::ResourceDiff diffViewOf(const Object &live, const Object &desired, const std::vector<std::string> &annotations)
{
    service::ResourceDiff view;
    const Object &named = desired.isNull() ? live : desired;
    view.key = named.key();
    view.version = std::string(named.version());
    view.change = live.isNull()      ? service::ChangeKind::Added
                  : desired.isNull() ? service::ChangeKind::Removed
                                     : service::ChangeKind::Changed;
    const bool isSecret = compare::isSecret(live) || compare::isSecret(desired);
    const compare::MaskedPair masked =
        isSecret ? compare::maskedSecrets(desired, live, annotations) : compare::MaskedPair{desired, live};
    const std::string before = yamlOf(masked.live);
    const std::string after = yamlOf(masked.target);
    for (const compare::TextLine &line : compare::textDiff(before, after)) {
        service::DiffLine shown;
        shown.kind = line.kind == compare::TextLine::Kind::Same      ? service::LineKind::Same
                     : line.kind == compare::TextLine::Kind::Removed ? service::LineKind::Live
                                                                     : service::LineKind::Desired;
        shown.left = static_cast<int>(line.before);
        shown.right = static_cast<int>(line.after);
        shown.text = std::string(line.text);
        for (const compare::TextRange &range : line.words)
            shown.words.push_back({range.start, range.length});
        view.added += shown.kind == service::LineKind::Desired;
        view.removed += shown.kind == service::LineKind::Live;
        view.lines.push_back(std::move(shown));
    }
    return view;
}

std::vector<service::ResourceDiff> diffViewsOf(const compare::AppComparison &comparison,
                                               const std::vector<std::string> &maskedAnnotations)
{
    std::vector<service::ResourceDiff> views;
    for (const compare::ComparedResource &resource : comparison.resources) {
        if (resource.status.hook || resource.status.status == crd::SyncCode::Synced
            || resource.status.status == crd::SyncCode::None)
            continue;
        if (!resource.unread.empty()) {
            views.push_back({.key = resource.status.key(),
                             .version = resource.status.version,
                             .cause = {},
                             .lines = {},
                             .error = resource.unread});
            continue;
        }
        const Object live = resource.live.isNull() ? Object() : resource.diff.normalizedLive;
        const Object desired = resource.target.isNull() ? Object() : resource.diff.predictedLive;
        service::ResourceDiff view = diffViewOf(live.isNull() ? resource.live : live,
                                                desired.isNull() ? resource.target : desired, maskedAnnotations);
        view.key = resource.status.key();
        view.version = resource.status.version;
        view.cause = causeOf(resource);
        view.isPruned = resource.status.requiresPruning;
        views.push_back(std::move(view));
    }
    return views;
}

std::string manifestText(const Object &object)
{
    if (object.isNull())
        return {};
    const Object shown(object.value().withoutPath({"metadata", "managedFields"}));
    return compare::isSecret(shown) ? yamlOf(compare::maskedSecrets(Object(), shown, {}).live) : yamlOf(shown);
}

} // namespace tiphys::control
