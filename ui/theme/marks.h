// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"
#include "ui/theme/colors.h"

#include <QIcon>
#include <QString>

class QPainter;

namespace tiphys::ui {

/// Status marks, each a shape of its own so that colour is never alone.
enum class Mark {
    None,
    Healthy,
    Degraded,
    Progressing,
    Suspended,
    Missing,
    Unknown,
    Synced,
    OutOfSync,
    Failed,
    Warning,
    Information,
    Waiting,
    Offline,
    Live,
    Added,
    Removed,
    Changed,
    Hook,
    Lock,
};

/// A mark and the colour it always has.
struct MarkStyle
{
    Mark mark = Mark::None;
    StatusColor color = StatusColor::Unknown;
};

MarkStyle markOf(service::HealthStatus status);
MarkStyle markOf(service::SyncStatus status);
MarkStyle markOf(service::OperationPhase phase);
MarkStyle markOf(service::Reachability reachability);
MarkStyle markOf(service::Urgency urgency);
MarkStyle markOf(service::ChangeKind change);

void paintMark(QPainter &painter, const QRectF &rect, Mark mark, const QColor &color);
/// Line icons of actions and pages; they follow the palette, also when it changes.
QIcon icon(const QString &name);
/// A mark as icon in its colour; it follows the palette too.
QIcon markIcon(MarkStyle style);
/// Paints the icon \p name in \p color.
void paintIcon(QPainter &painter, const QRectF &rect, const QString &name, const QColor &color);
/// Rounded tile with the letters of \p kind.
void paintKind(QPainter &painter, const QRectF &rect, const QString &kind, const QPalette &palette);

} // namespace tiphys::ui
