// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/rollouts.h"

#include <QAbstractListModel>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace tiphys::models {

/// One thing the command palette can do or open.
struct PaletteEntry
{
    enum class Kind { Page, Command, Thing, Application, Rollout };

    Kind kind = Kind::Command;
    QString title;
    QString detail; ///< shortcut of a command, cluster of an application, state of a resource
    QString iconName;
    QString address;  ///< of a page or application
    int command = -1; ///< number of a command or thing
    bool isEnabled = true;
    service::RolloutId rollout = {}; ///< of a Rollout
};

/// What the palette looks in.
struct PaletteContents
{
    std::vector<PaletteEntry> entries; ///< pages and commands, listed while nothing is typed; things, found only
    service::ApplicationsPtr applications;
    service::RolloutsPtr rollouts;
    QStringList recent; ///< placeKey() of what was opened, newest first
};

/// Names an application or a Rollout among the recent places.
QString placeKey(const service::AppId &app);
QString placeKey(const service::RolloutId &rollout);

/// What the palette shows for what is typed: recent places, pages and commands while nothing is, then by score.
/// Applications are found by name and cluster, by an image they run and by their commit.
class PaletteList final : public QAbstractListModel
{
    Q_OBJECT

public:
    /// At most this many matches are listed.
    static constexpr int kMaxMatches = 50;
    /// At most this many recent places while nothing is typed.
    static constexpr int kMaxRecent = 5;

    using QAbstractListModel::QAbstractListModel;

    void setContents(PaletteContents contents);
    void setQuery(const QString &query);
    const PaletteEntry &entryAt(int row) const { return m_matches[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    std::vector<PaletteEntry> recentPlaces() const;
    std::vector<PaletteEntry> matchesOf(const QString &query) const;

    PaletteContents m_contents;
    std::vector<PaletteEntry> m_matches;
};

} // namespace tiphys::models
