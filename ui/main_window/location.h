// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/rollouts.h"

#include <QMap>
#include <QString>

#include <optional>

namespace tiphys::ui {

enum class PageKind { Start, Attention, Applications, Application, Compare, Clusters, Rollouts, Rollout, Settings };

/// Where one can be in the program: what the history keeps and what an address names.
struct Location
{
    PageKind page = PageKind::Attention;
    service::AppId app;              ///< of an application page
    QMap<QString, QString> options;  ///< "tab" = "diff", "a" = "main~5", …
    service::RolloutId rollout = {}; ///< of a Rollout's page

    bool operator==(const Location &) const = default;
};

Location applicationLocation(const service::AppId &app, const QString &tab = {});
/// \p act opens the sheet of an act ("promote"), which asks; nothing is done by an address.
Location rolloutLocation(const service::RolloutId &rollout, const QString &act = {});
/// "tiphys://context/namespace/app?tab=diff", "tiphys:applications", "tiphys:rollout?context=…&namespace=…&name=…".
QString addressOf(const Location &location);
/// What \p address names; nothing if it is none of ours. A context may contain "/" and ":".
std::optional<Location> locationOf(const QString &address);

} // namespace tiphys::ui
