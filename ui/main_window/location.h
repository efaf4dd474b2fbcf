// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"

#include <QMap>
#include <QString>

#include <optional>

namespace tiphys::ui {

enum class PageKind { Start, Attention, Applications, Application, Compare, Clusters };

/// Where one can be in the program: what the history keeps and what an address names.
struct Location
{
    PageKind page = PageKind::Attention;
    service::AppId app;              ///< of an application page
    QMap<QString, QString> options;  ///< "tab" = "diff", "a" = "main~5", …

    bool operator==(const Location &) const = default;
};

Location applicationLocation(const service::AppId &app, const QString &tab = {});
/// "tiphys://context/namespace/app?tab=diff", "tiphys:applications".
QString addressOf(const Location &location);
/// What \p address names; nothing if it is none of ours. A context may contain "/" and ":".
std::optional<Location> locationOf(const QString &address);

} // namespace tiphys::ui
