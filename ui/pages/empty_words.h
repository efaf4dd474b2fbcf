// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/clusters.h"
#include "ui/main_window/location.h"

#include <QString>

#include <optional>
#include <string>

namespace tiphys::ui {

/// What stands in place of a list that is empty, and where its button leads.
struct EmptyWords
{
    QString title;
    QString text;
    QString action;
    PageKind leadsTo = PageKind::Clusters;

    bool operator==(const EmptyWords &) const = default;
};

/// Where nothing can be listed because no context is ticked, or because none of the ticked ones answers; nothing where one does,
/// or where one is still being asked.
std::optional<EmptyWords> wordsWithoutClusters(const service::ClustersSnapshot &clusters, service::WallTime now);

/// Of a page of something on \p context that has not come yet; \p text says what will be there.
EmptyWords wordsOfAsking(const service::ClustersSnapshot &clusters, const std::string &context, const QString &text,
                         service::WallTime now);

} // namespace tiphys::ui
