// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/marks.h"

#include "models/text.h"
#include "ui/theme/metrics.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <array>
#include <optional>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

using service::HealthStatus;
using service::OperationPhase;
using service::Reachability;
using service::SyncStatus;
using service::Urgency;

namespace {

constexpr std::array kFiles{"",       "healthy",   "degraded", "progressing", "suspended", "missing", "unknown",
                            "synced", "outofsync", "failed",   "warning",     "info",      "waiting", "offline",
                            "live",   "added",     "removed",  "changed",     "hook",      "lock"};

QPixmap rendered(const QString &file, const QSize &pixels, const QColor &color)
{
    const QString key = u"tiphys:%1:%2x%3:%4"_s.arg(file).arg(pixels.width()).arg(pixels.height()).arg(color.rgba());
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    QFile source(file);
    if (!source.open(QIODevice::ReadOnly))
        return pixmap;
    QByteArray svg = source.readAll();
    svg.replace("currentColor", color.name().toLatin1());
    QSvgRenderer renderer(svg);
    pixmap = QPixmap(pixels);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter);
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

void paintFile(QPainter &painter, const QRectF &rect, const QString &file, const QColor &color)
{
    const double ratio = painter.device()->devicePixelRatioF() * painter.worldTransform().m11();
    const QSize pixels = (rect.size() * ratio).toSize();
    if (pixels.isEmpty())
        return;
    painter.save();
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawPixmap(rect, rendered(file, pixels, color), QRectF(QPointF(), QSizeF(pixels)));
    painter.restore();
}

/// Draws an SVG in the palette's colour of the moment, so that a new palette needs no new icons.
class LineIconEngine final : public QIconEngine
{
public:
    LineIconEngine(QString file, std::optional<StatusColor> color) : m_file(std::move(file)), m_color(color) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        paintFile(*painter, rect, m_file, colorOf(mode));
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State) override
    {
        return rendered(m_file, size, colorOf(mode));
    }
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal) override
    {
        return rendered(m_file, size, colorOf(mode));
    }
    QIconEngine *clone() const override { return new LineIconEngine(m_file, m_color); }

private:
    QColor colorOf(QIcon::Mode mode) const
    {
        const QPalette palette = QApplication::palette();
        if (mode == QIcon::Disabled)
            return palette.color(QPalette::Disabled, QPalette::ButtonText);
        if (m_color)
            return statusColor(*m_color, palette);
        return mode == QIcon::Selected ? palette.color(QPalette::HighlightedText) : palette.color(QPalette::ButtonText);
    }

    QString m_file;
    std::optional<StatusColor> m_color; ///< none: the palette's
};

QString markFile(Mark mark)
{
    return u":/marks/%1.svg"_s.arg(QLatin1String(kFiles[static_cast<std::size_t>(mark)]));
}

} // namespace

QFont monospace(const QFont &like)
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    if (like.pointSizeF() > 0)
        font.setPointSizeF(like.pointSizeF());
    else
        font.setPixelSize(like.pixelSize());
    return font;
}

MarkStyle markOf(HealthStatus status)
{
    switch (status) {
    case HealthStatus::Healthy: return {Mark::Healthy, StatusColor::Healthy};
    case HealthStatus::Suspended: return {Mark::Suspended, StatusColor::Suspended};
    case HealthStatus::Progressing: return {Mark::Progressing, StatusColor::Progressing};
    case HealthStatus::Missing: return {Mark::Missing, StatusColor::Missing};
    case HealthStatus::Degraded: return {Mark::Degraded, StatusColor::Degraded};
    case HealthStatus::Unknown: return {Mark::Unknown, StatusColor::Unknown};
    case HealthStatus::None: return {};
    }
    return {};
}

MarkStyle markOf(SyncStatus status)
{
    switch (status) {
    case SyncStatus::Synced: return {Mark::Synced, StatusColor::Healthy};
    case SyncStatus::OutOfSync: return {Mark::OutOfSync, StatusColor::OutOfSync};
    case SyncStatus::Unknown: return {Mark::Unknown, StatusColor::Unknown};
    }
    return {};
}

MarkStyle markOf(OperationPhase phase)
{
    switch (phase) {
    case OperationPhase::None: return {};
    case OperationPhase::Running:
    case OperationPhase::Terminating: return {Mark::Progressing, StatusColor::Progressing};
    case OperationPhase::Succeeded: return {Mark::Synced, StatusColor::Healthy};
    case OperationPhase::Failed:
    case OperationPhase::Error: return {Mark::Failed, StatusColor::Degraded};
    }
    return {};
}

MarkStyle markOf(Reachability reachability)
{
    switch (reachability) {
    case Reachability::NotContacted: return {Mark::Live, StatusColor::Unknown};
    case Reachability::Connecting: return {Mark::Progressing, StatusColor::Progressing};
    case Reachability::Live: return {Mark::Live, StatusColor::Healthy};
    case Reachability::Stale:
    case Reachability::Unreachable: return {Mark::Offline, StatusColor::Degraded};
    case Reachability::Denied:
    case Reachability::SignInNeeded: return {Mark::Lock, StatusColor::OutOfSync};
    }
    return {};
}

MarkStyle markOf(Urgency urgency)
{
    switch (urgency) {
    case Urgency::FailedOperation: return {Mark::Failed, StatusColor::Degraded};
    case Urgency::Degraded: return {Mark::Degraded, StatusColor::Degraded};
    case Urgency::StuckDeletion: return {Mark::Waiting, StatusColor::Missing};
    case Urgency::OutOfSyncAutomated:
    case Urgency::OutOfSyncManual: return {Mark::OutOfSync, StatusColor::OutOfSync};
    case Urgency::Missing: return {Mark::Missing, StatusColor::Missing};
    case Urgency::Progressing: return {Mark::Progressing, StatusColor::Progressing};
    case Urgency::Unknown: return {Mark::Unknown, StatusColor::Unknown};
    case Urgency::None: return {Mark::Healthy, StatusColor::Healthy};
    }
    return {};
}

MarkStyle markOf(service::ChangeKind change)
{
    switch (change) {
    case service::ChangeKind::Changed: return {Mark::Changed, StatusColor::OutOfSync};
    case service::ChangeKind::Added: return {Mark::Added, StatusColor::Healthy};
    case service::ChangeKind::Removed: return {Mark::Removed, StatusColor::Degraded};
    }
    return {};
}

void paintMark(QPainter &painter, const QRectF &rect, Mark mark, const QColor &color)
{
    if (mark != Mark::None)
        paintFile(painter, rect, markFile(mark), color);
}

QIcon icon(const QString &name)
{
    return QIcon(new LineIconEngine(u":/icons/%1.svg"_s.arg(name), std::nullopt));
}

QIcon markIcon(MarkStyle style)
{
    if (style.mark == Mark::None)
        return {};
    return QIcon(new LineIconEngine(markFile(style.mark), style.color));
}

void paintIcon(QPainter &painter, const QRectF &rect, const QString &name, const QColor &color)
{
    paintFile(painter, rect, u":/icons/%1.svg"_s.arg(name), color);
}

void paintKind(QPainter &painter, const QRectF &rect, const QString &kind, const QPalette &palette)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor ink = statusColor(StatusColor::Progressing, palette);
    painter.setPen(Qt::NoPen);
    painter.setBrush(blended(ink, palette.color(QPalette::Base), 0.14));
    const double radius = rect.height() * 0.24;
    painter.drawRoundedRect(rect, radius, radius);
    QFont font = painter.font();
    const QString letters = models::kindLetters(models::utf8(kind));
    font.setPixelSize(std::max(1, static_cast<int>(rect.height() * (letters.size() > 2 ? 0.42 : 0.5))));
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(ink);
    painter.drawText(rect, Qt::AlignCenter, letters);
    painter.restore();
}

} // namespace tiphys::ui
