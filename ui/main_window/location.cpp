// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window/location.h"

#include "models/text.h"

#include <QStringList>
#include <QUrlQuery>

#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

constexpr std::array kPages{std::pair{PageKind::Start, QLatin1String("start")},
                            std::pair{PageKind::Attention, QLatin1String("attention")},
                            std::pair{PageKind::Applications, QLatin1String("applications")},
                            std::pair{PageKind::Rollouts, QLatin1String("rollouts")},
                            std::pair{PageKind::Rollout, QLatin1String("rollout")},
                            std::pair{PageKind::Compare, QLatin1String("compare")},
                            std::pair{PageKind::Clusters, QLatin1String("clusters")},
                            std::pair{PageKind::Settings, QLatin1String("settings")}};

QString queryOf(const QMap<QString, QString> &options)
{
    QUrlQuery query;
    for (auto it = options.begin(); it != options.end(); ++it)
        query.addQueryItem(it.key(), QString::fromLatin1(it.value().toUtf8().toPercentEncoding()));
    return query.isEmpty() ? QString() : u'?' + query.toString(QUrl::FullyEncoded);
}

QMap<QString, QString> optionsOf(const QString &query)
{
    QMap<QString, QString> options;
    for (const auto &[name, value] : QUrlQuery(query).queryItems(QUrl::FullyDecoded))
        options.insert(name, value);
    return options;
}

} // namespace

Location applicationLocation(const service::AppId &app, const QString &tab)
{
    Location location{PageKind::Application, app, {}};
    if (!tab.isEmpty())
        location.options.insert(u"tab"_s, tab);
    return location;
}

Location rolloutLocation(const service::RolloutId &rollout, const QString &act)
{
    Location location{PageKind::Rollout, {}, {}, rollout};
    if (!act.isEmpty())
        location.options.insert(u"act"_s, act);
    return location;
}

QString addressOf(const Location &location)
{
    if (location.page == PageKind::Rollout) {
        QMap<QString, QString> options = location.options;
        options.insert(u"context"_s, models::text(location.rollout.context));
        options.insert(u"namespace"_s, models::text(location.rollout.ns));
        options.insert(u"name"_s, models::text(location.rollout.name));
        return u"tiphys:rollout"_s + queryOf(options);
    }
    if (location.page == PageKind::Application)
        return models::text(location.app.address()) + queryOf(location.options);
    for (const auto &[page, name] : kPages) {
        if (page == location.page)
            return u"tiphys:"_s + name + queryOf(location.options);
    }
    return {};
}

std::optional<Location> locationOf(const QString &address)
{
    const qsizetype mark = address.indexOf(u'?');
    const QString place = mark < 0 ? address : address.left(mark);
    const QMap<QString, QString> options = mark < 0 ? QMap<QString, QString>() : optionsOf(address.mid(mark + 1));
    if (place.startsWith(u"tiphys://"_s)) {
        QStringList parts = place.mid(9).split(u'/');
        if (parts.size() < 3)
            return std::nullopt;
        const QString name = parts.takeLast();
        const QString ns = parts.takeLast();
        const QString context = parts.join(u'/');
        if (name.isEmpty() || context.isEmpty())
            return std::nullopt;
        return Location{PageKind::Application, {models::utf8(context), models::utf8(ns), models::utf8(name)}, options};
    }
    for (const auto &[page, name] : kPages) {
        if (place != u"tiphys:"_s + name)
            continue;
        if (page != PageKind::Rollout)
            return Location{page, {}, options};
        QMap<QString, QString> rest = options;
        const QString context = rest.take(u"context"_s);
        const QString ns = rest.take(u"namespace"_s);
        const QString rollout = rest.take(u"name"_s);
        if (context.isEmpty() || rollout.isEmpty())
            return std::nullopt;
        return Location{page, {}, rest, {models::utf8(context), models::utf8(ns), models::utf8(rollout)}};
    }
    return std::nullopt;
}

} // namespace tiphys::ui
