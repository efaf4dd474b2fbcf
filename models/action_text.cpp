// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/action_text.h"

#include "models/text.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace tiphys::models {

namespace {

struct Action
{
    Q_DECLARE_TR_FUNCTIONS(tiphys::models::Action)
};

/// A reason longer than this stands in the tooltip only.
constexpr qsizetype kLongestReason = 60;

} // namespace

QString actionTitle(const service::OfferedAction &offered)
{
    QString title = text(offered.title.empty() ? offered.name : offered.title);
    if (offered.title.empty() || offered.title == offered.name)
        title.replace(u'-', u' ').replace(u'_', u' ');
    return title.isEmpty() ? title : title.left(1).toUpper() + title.mid(1);
}

QString actionMenuText(const service::OfferedAction &offered)
{
    const QString title =
        actionTitle(offered).replace(u'&', u"&&"_s) + (offered.parameters.empty() ? QString() : u"…"_s);
    if (offered.permission.isAllowed)
        return title;
    QString reason = text(offered.permission.reason).replace(u'&', u"&&"_s);
    if (reason.size() > kLongestReason)
        reason = reason.left(kLongestReason - 1) + u'…';
    return Action::tr("%1 (%2)", "an action in a menu and why it cannot be done").arg(title, reason);
}

QString actOnText(const service::OfferedAction &offered, const object::ObjectKey &key)
{
    return Action::tr("%1: %2 %3", "action, kind, name").arg(actionTitle(offered), text(key.kind), text(key.name));
}

QString actOnTitle(const service::OfferedAction &offered, const object::ObjectKey &key, std::string_view context)
{
    return Action::tr("%1: %2 %3 on %4", "action, kind, name, cluster")
        .arg(actionTitle(offered), text(key.kind), text(key.name), text(context));
}

QString stepText(const service::ActionStep &step, std::string_view outside)
{
    return step.isCreated ? Action::tr("Creates %1").arg(resourceText(step.key, outside))
                          : Action::tr("Changes %1").arg(resourceText(step.key, outside));
}

QString doneText(const service::OfferedAction &offered, const object::ObjectKey &key,
                 const service::ActionResult &result)
{
    if (!result.warnings.empty())
        return Action::tr("%1: done, with a warning of the server: %2")
            .arg(actOnText(offered, key), text(result.warnings.front()));
    for (const object::ObjectKey &written : result.written) {
        if (written != key)
            return Action::tr("%1: done, %2 was created.").arg(actOnText(offered, key), resourceText(written));
    }
    return Action::tr("%1: done.").arg(actOnText(offered, key));
}

QString typingForAct(const service::ClustersSnapshot &clusters, std::string_view context, const object::ObjectKey &key)
{
    for (const service::ClusterState &cluster : clusters.clusters) {
        if (cluster.context == context && cluster.level == service::Level::Protected)
            return text(key.name);
    }
    return {};
}

} // namespace tiphys::models
