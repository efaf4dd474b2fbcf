// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/application_questions.h"

#include "models/action_text.h"
#include "models/text.h"
#include "ui/pages/application_page.h"

#include <QStringList>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

/// Wants the name of \p app typed where its context is protected, and says why.
void protect(ConfirmDialog::Content &content, const service::AppId &app, const service::ClustersSnapshot &clusters)
{
    content.typing = models::typingForAct(clusters, app.context, {"argoproj.io", "Application", app.ns, app.name});
    if (!content.typing.isEmpty())
        content.text += u' ' + ApplicationPage::tr("%1 is protected.").arg(models::text(app.context));
}

} // namespace

ConfirmDialog::Content deleteQuestion(const service::AppId &app, const service::AppDetail *detail)
{
    const QString name = models::text(app.name);
    QStringList resources;
    if (detail) {
        for (const service::TreeNode &node : detail->tree) {
            if (node.hasSync && node.isLive)
                resources << models::resourceText(node.key);
        }
    }
    const int count = static_cast<int>(resources.size());
    ConfirmDialog::Content content;
    content.title = ApplicationPage::tr("Delete %1 on %2").arg(name, models::text(app.context));
    content.text =
        detail && !detail->row.parent.empty()
            ? ApplicationPage::tr("%1 made this application and will create it again.")
                  .arg(models::text(detail->row.parent))
            : ApplicationPage::tr("The Application object is deleted. What happens to its resources is your choice:");
    content.list = resources.join(u'\n');
    content.choices = {
        {u"foreground"_s, ApplicationPage::tr("Delete the %n resource(s) first, then the application", nullptr, count),
         ApplicationPage::tr("The application stays visible until all of them are gone.")},
        {u"background"_s,
         ApplicationPage::tr("Delete the application, and its %n resource(s) in the background", nullptr, count),
         ApplicationPage::tr("The application disappears at once.")},
        {QString(), ApplicationPage::tr("Delete only the application; its %n resource(s) stay", nullptr, count),
         ApplicationPage::tr("They go on running, and nothing compares them with Git any more.")}};
    content.buttonText = ApplicationPage::tr("Delete application %1").arg(name);
    content.typing = name;
    content.isDestructive = true;
    return content;
}

ConfirmDialog::Content rollbackQuestion(const service::AppDetail &detail, const service::ClustersSnapshot &clusters,
                                        service::WallTime now)
{
    ConfirmDialog::Content content;
    content.title = ApplicationPage::tr("Roll back %1 on %2")
                        .arg(models::text(detail.row.id.name), models::text(detail.row.id.context));
    content.text = ApplicationPage::tr(
        "Applies an earlier revision. Hooks do not run, and the application will be OutOfSync until Git follows.");
    for (const service::HistoryRow &entry : detail.history) {
        if (entry.commit.revision != detail.lastSynced.revision || detail.history.size() == 1)
            content.choices.push_back({QString::number(entry.id), models::commitText(entry.commit),
                                       ApplicationPage::tr("deployed %1").arg(models::agoText(entry.deployedAt, now))});
    }
    content.buttonText = content.title;
    protect(content, detail.row.id, clusters);
    return content;
}

ConfirmDialog::Content terminateQuestion(const service::AppId &app, const service::ClustersSnapshot &clusters)
{
    ConfirmDialog::Content content;
    content.title =
        ApplicationPage::tr("Stop the operation of %1 on %2").arg(models::text(app.name), models::text(app.context));
    content.text = ApplicationPage::tr("What it has applied so far stays; hooks that run are ended.");
    content.buttonText = content.title;
    protect(content, app, clusters);
    return content;
}

ConfirmDialog::Content confirmQuestion(const service::AppRow &row, const service::ClustersSnapshot &clusters)
{
    ConfirmDialog::Content content;
    content.title = ApplicationPage::tr("Confirm deletion in %1 on %2")
                        .arg(models::text(row.id.name), models::text(row.id.context));
    content.text = models::sentence(row.awaitsConfirmation) + u' '
                   + ApplicationPage::tr("Everything that the same sync or deletion waits for is confirmed with it.");
    content.buttonText = content.title;
    content.isDestructive = true;
    protect(content, row.id, clusters);
    return content;
}

} // namespace tiphys::ui
