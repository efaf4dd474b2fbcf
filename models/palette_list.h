// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"

#include <QAbstractListModel>
#include <QString>

#include <vector>

namespace tiphys::models {

/// One thing the command palette can do or open.
struct PaletteEntry
{
    enum class Kind { Page, Command, Application };

    Kind kind = Kind::Command;
    QString title;
    QString detail;   ///< shortcut of a command, cluster of an application
    QString iconName;
    QString address;  ///< of a page or application
    int command = -1; ///< number of a command
    bool isEnabled = true;
};

/// What the palette shows for what is typed: pages and commands first while nothing is, then by score.
class PaletteList final : public QAbstractListModel
{
    Q_OBJECT

public:
    /// At most this many matches are listed.
    static constexpr int kMaxMatches = 50;

    using QAbstractListModel::QAbstractListModel;

    /// \p fixed are pages and commands; applications follow them.
    void setEntries(std::vector<PaletteEntry> fixed, const service::ApplicationsPtr &applications);
    void setQuery(const QString &query);
    const PaletteEntry &entryAt(int row) const { return m_matches[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    std::vector<PaletteEntry> m_fixed;
    service::ApplicationsPtr m_applications;
    std::vector<PaletteEntry> m_matches;
};

} // namespace tiphys::models
