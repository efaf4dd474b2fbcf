// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings.h"

#include <QSet>
#include <QStandardPaths>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

QString ownFile()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) + u"/desktop.ini"_s;
}

/// Names may hold any character, so they are no keys of the file.
QString keyOf(const QString &context, const QString &server)
{
    return context + u'\n' + server;
}

QString wordOf(service::Level level)
{
    switch (level) {
    case service::Level::ReadOnly: return u"read-only"_s;
    case service::Level::Normal: return u"normal"_s;
    case service::Level::Protected: return u"protected"_s;
    }
    return {};
}

} // namespace

Settings::Settings(const QString &file) : m_store(file.isEmpty() ? ownFile() : file, QSettings::IniFormat) {}

QByteArray Settings::windowGeometry() const
{
    return m_store.value("window/geometry"_L1).toByteArray();
}

void Settings::setWindowGeometry(const QByteArray &geometry)
{
    m_store.setValue("window/geometry"_L1, geometry);
}

Scheme Settings::scheme() const
{
    if (m_schemeOfThisRun)
        return *m_schemeOfThisRun;
    const QString name = m_store.value("window/scheme"_L1).toString();
    return name == u"light"_s ? Scheme::Light : (name == u"dark"_s ? Scheme::Dark : Scheme::System);
}

void Settings::setScheme(Scheme scheme)
{
    m_schemeOfThisRun.reset();
    m_store.setValue("window/scheme"_L1,
                     scheme == Scheme::Light ? u"light"_s : (scheme == Scheme::Dark ? u"dark"_s : u"system"_s));
}

QStringList Settings::tickedContexts() const
{
    return m_store.value("clusters/ticked"_L1).toStringList();
}

void Settings::setTicked(const QString &context, bool isTicked)
{
    QStringList contexts = tickedContexts();
    contexts.removeAll(context);
    if (isTicked)
        contexts << context;
    m_store.setValue("clusters/ticked"_L1, contexts);
}

std::optional<service::Level> Settings::level(const QString &context, const QString &server) const
{
    const QString word = m_store.value("clusters/levels"_L1).toMap().value(keyOf(context, server)).toString();
    for (const service::Level level : {service::Level::ReadOnly, service::Level::Normal, service::Level::Protected}) {
        if (word == wordOf(level))
            return level;
    }
    return std::nullopt;
}

void Settings::setLevel(const QString &context, const QString &server, service::Level level)
{
    QVariantMap levels = m_store.value("clusters/levels"_L1).toMap();
    levels.insert(keyOf(context, server), wordOf(level));
    m_store.setValue("clusters/levels"_L1, levels);
}

QStringList Settings::namespaces(const QString &context, const QString &server) const
{
    return m_store.value("clusters/namespaces"_L1).toMap().value(keyOf(context, server)).toStringList();
}

void Settings::setNamespaces(const QString &context, const QString &server, const QStringList &namespaces)
{
    QVariantMap all = m_store.value("clusters/namespaces"_L1).toMap();
    if (namespaces.isEmpty())
        all.remove(keyOf(context, server));
    else
        all.insert(keyOf(context, server), namespaces);
    m_store.setValue("clusters/namespaces"_L1, all);
}

QStringList Settings::kubeconfigFiles() const
{
    return m_store.value("clusters/kubeconfig"_L1).toStringList();
}

void Settings::setKubeconfigFiles(const QStringList &files)
{
    m_store.setValue("clusters/kubeconfig"_L1, files);
}

QStringList Settings::recentRepositories() const
{
    return m_store.value("compare/repositories"_L1).toStringList();
}

void Settings::addRecentRepository(const QString &repository)
{
    QStringList recent = recentRepositories();
    recent.removeAll(repository);
    recent.prepend(repository);
    m_store.setValue("compare/repositories"_L1, QStringList(recent.mid(0, 10)));
}

QStringList Settings::recentPlaces() const
{
    return m_store.value("palette/recent"_L1).toStringList();
}

void Settings::addRecentPlace(const QString &key)
{
    QStringList recent = recentPlaces();
    if (!recent.isEmpty() && recent.front() == key)
        return;
    recent.removeAll(key);
    recent.prepend(key);
    m_store.setValue("palette/recent"_L1, QStringList(recent.mid(0, 20)));
}

QList<SavedView> Settings::savedViews() const
{
    QList<SavedView> views;
    const QVariantList stored = m_store.value("applications/views"_L1).toList();
    for (const QVariant &entry : stored) {
        const QStringList parts = entry.toStringList();
        if (parts.size() == 2)
            views << SavedView{parts[0], parts[1]};
    }
    return views;
}

void Settings::setSavedViews(const QList<SavedView> &views)
{
    QVariantList stored;
    for (const SavedView &view : views)
        stored << QVariant(QStringList{view.name, view.address});
    m_store.setValue("applications/views"_L1, stored);
}

void Settings::saveView(const SavedView &view)
{
    QList<SavedView> views = savedViews();
    const auto old = std::ranges::find(views, view.name, &SavedView::name);
    if (old == views.end())
        views << view;
    else
        *old = view;
    setSavedViews(views);
}

void Settings::removeView(const QString &name)
{
    QList<SavedView> views = savedViews();
    views.removeIf([&name](const SavedView &view) { return view.name == name; });
    setSavedViews(views);
}

void Settings::renameView(const QString &name, const QString &newName)
{
    QList<SavedView> views = savedViews();
    const auto renamed = std::ranges::find(views, name, &SavedView::name);
    if (renamed == views.end() || newName.isEmpty() || std::ranges::contains(views, newName, &SavedView::name))
        return;
    renamed->name = newName;
    setSavedViews(views);
}

QVariantMap Settings::tableLayout(const QString &name) const
{
    return m_store.value("tables/"_L1 + name).toMap();
}

void Settings::setTableLayout(const QString &name, const QVariantMap &layout)
{
    if (layout.isEmpty())
        m_store.remove("tables/"_L1 + name);
    else
        m_store.setValue("tables/"_L1 + name, layout);
}

bool Settings::isTreeGraph() const
{
    return m_store.value("tree/graph"_L1, true).toBool();
}

void Settings::setTreeGraph(bool isGraph)
{
    m_store.setValue("tree/graph"_L1, isGraph);
}

bool Settings::showsNotifications() const
{
    return m_store.value("notifications/shown"_L1, true).toBool();
}

void Settings::setShowsNotifications(bool shows)
{
    m_store.setValue("notifications/shown"_L1, shows);
}

QStringList Settings::reviewedDiffs() const
{
    return m_store.value("diff/reviewed"_L1).toStringList();
}

void Settings::setReviewed(const QStringList &prints, bool isReviewed)
{
    QStringList kept = reviewedDiffs();
    kept.removeIf([turned = QSet<QString>(prints.begin(), prints.end())](const QString &print) {
        return turned.contains(print);
    });
    if (isReviewed)
        kept = prints + kept;
    m_store.setValue("diff/reviewed"_L1, QStringList(kept.mid(0, 2000)));
}

bool Settings::isDiffSideBySide() const
{
    return m_store.value("diff/side_by_side"_L1, true).toBool();
}

void Settings::setDiffSideBySide(bool isSideBySide)
{
    m_store.setValue("diff/side_by_side"_L1, isSideBySide);
}

} // namespace tiphys::ui
