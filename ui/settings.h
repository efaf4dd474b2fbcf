// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/clusters.h"
#include "ui/theme/colors.h"

#include <QByteArray>
#include <QList>
#include <QSettings>
#include <QStringList>
#include <QVariantMap>

#include <optional>

namespace tiphys::ui {

/// A filter of the applications that has a name.
struct SavedView
{
    QString name;
    QString address; ///< of the page that it opens

    bool operator==(const SavedView &) const = default;
};

/// What the program remembers between runs; nothing secret.
class Settings
{
public:
    /// \p file: an INI file; "" is the person's own one.
    explicit Settings(const QString &file = {});

    QByteArray windowGeometry() const;
    void setWindowGeometry(const QByteArray &geometry);
    /// The one of this run, else the one that is remembered.
    Scheme scheme() const;
    /// Remembers what the person chose.
    void setScheme(Scheme scheme);
    /// What the command line asked for: holds until the person chooses, and is not remembered.
    void setSchemeOfThisRun(Scheme scheme) { m_schemeOfThisRun = scheme; }
    /// Contexts that the person ticked.
    QStringList tickedContexts() const;
    void setTicked(const QString &context, bool isTicked);
    /// The level that the person chose for \p context of \p server; nothing if none. A context of the same name
    /// elsewhere has its own.
    std::optional<service::Level> level(const QString &context, const QString &server) const;
    void setLevel(const QString &context, const QString &server, service::Level level);
    /// Namespaces to look into where all together may not be listed.
    QStringList namespaces(const QString &context, const QString &server) const;
    void setNamespaces(const QString &context, const QString &server, const QStringList &namespaces);
    /// Kubeconfig files chosen instead of the usual ones.
    QStringList kubeconfigFiles() const;
    void setKubeconfigFiles(const QStringList &files);
    /// Repositories of the compare page, newest first, at most 10.
    QStringList recentRepositories() const;
    void addRecentRepository(const QString &repository);
    /// Applications and Rollouts that were opened, newest first, at most 20; models::placeKey().
    QStringList recentPlaces() const;
    void addRecentPlace(const QString &key);
    /// In the order they were saved.
    QList<SavedView> savedViews() const;
    /// Takes the place of the view of the same name, else is the last.
    void saveView(const SavedView &view);
    void removeView(const QString &name);
    /// Nothing happens where \p newName is taken.
    void renameView(const QString &name, const QString &newName);
    /// Columns of the table \p name as a person arranged them; empty if nobody did.
    QVariantMap tableLayout(const QString &name) const;
    void setTableLayout(const QString &name, const QVariantMap &layout);
    bool isTreeGraph() const;
    void setTreeGraph(bool isGraph);
    /// Notifications of the desktop; on unless turned off.
    bool showsNotifications() const;
    void setShowsNotifications(bool shows);
    /// models::diffPrint() of the differences that were looked through, newest first, at most 2000.
    QStringList reviewedDiffs() const;
    void setReviewed(const QStringList &prints, bool isReviewed);
    bool isDiffSideBySide() const;
    void setDiffSideBySide(bool isSideBySide);

private:
    void setSavedViews(const QList<SavedView> &views);

    QSettings m_store;
    std::optional<Scheme> m_schemeOfThisRun;
};

} // namespace tiphys::ui
