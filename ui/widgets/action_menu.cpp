// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/action_menu.h"

#include "models/action_text.h"
#include "models/kubectl_text.h"
#include "models/text.h"
#include "ui/theme/marks.h"

#include <QApplication>
#include <QClipboard>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

service::ResourceActions *resourceActionsOf(service::Service &service)
{
    return dynamic_cast<service::ResourceActions *>(&service);
}

ActionMenu::ActionMenu(service::Service &service, QWidget *parent) : QMenu(parent), m_service(service)
{
    setToolTipsVisible(true);
    setAccessibleName(tr("Actions"));
    connect(this, &QMenu::aboutToShow, this, &ActionMenu::ask);
}

void ActionMenu::setResource(const service::AppId &app, const object::ObjectKey &key)
{
    m_app = app;
    m_key = key;
    ++m_asked;
    m_isFilled = false;
    clear();
}

void ActionMenu::ask()
{
    m_isFilled = false;
    say(tr("Asking what can be done…"));
    service::ResourceActions *actions = resourceActionsOf(m_service);
    if (!actions)
        return fill(std::vector<service::OfferedAction>());
    service::whenDone(actions->offeredActions(m_app, m_key), this,
                      [this, asked = ++m_asked](const Expected<std::vector<service::OfferedAction>> &offers) {
                          if (asked == m_asked)
                              fill(offers);
                      });
}

void ActionMenu::fill(const Expected<std::vector<service::OfferedAction>> &offers)
{
    m_isFilled = true;
    if (!offers) {
        say(models::sentence(offers.error().text()));
    } else if (offers->empty()) {
        say(tr("No actions for this kind"));
    } else {
        clear();
        for (const service::OfferedAction &offered : *offers) {
            QAction *action =
                addAction(models::actionMenuText(offered), this, [this, offered] { Q_EMIT chosen(offered, m_key); });
            action->setEnabled(offered.permission.isAllowed);
            action->setToolTip(models::sentence(offered.permission.reason));
        }
        addCopies();
        for (QAction *action : actions()) {
            if (action->isEnabled() && !action->isSeparator()) {
                setActiveAction(action);
                break;
            }
        }
    }
    Q_EMIT filled();
}

void ActionMenu::addCopies()
{
    addSeparator();
    addAction(ui::icon(u"copy"_s), tr("Copy name"), this, [this] { copy(models::text(m_key.name)); });
    addAction(ui::icon(u"copy"_s), tr("Copy as kubectl command"), this, [this] {
        const service::AppDetailPtr detail = m_service.application(m_app);
        std::string context = detail ? models::destinationContext(*detail, *m_service.clusters()) : std::string();
        if (isOfApplication())
            context = m_app.context;
        copy(models::kubectlGet(m_key, context));
    });
    if (isOfApplication()) {
        if (const service::AppDetailPtr detail = m_service.application(m_app); detail && !detail->manifest.empty())
            addAction(ui::icon(u"copy"_s), tr("Copy manifest"), this,
                      [this, detail] { copy(models::text(detail->manifest)); });
        return;
    }
    addAction(ui::icon(u"copy"_s), tr("Copy live manifest"), this,
              [this] { copyManifest(service::ManifestSide::Live); });
    addAction(ui::icon(u"copy"_s), tr("Copy desired manifest"), this,
              [this] { copyManifest(service::ManifestSide::Desired); });
}

bool ActionMenu::isOfApplication() const
{
    return m_key == object::ObjectKey{"argoproj.io", "Application", m_app.ns, m_app.name};
}

void ActionMenu::copy(const QString &text)
{
    QApplication::clipboard()->setText(text);
    Q_EMIT noticed(tr("Copied %1").arg(text.section(u'\n', 0, 0)));
}

void ActionMenu::copyManifest(service::ManifestSide side)
{
    service::whenDone(m_service.manifest(m_app, m_key, side), this,
                      [this, name = models::resourceText(m_key)](const Expected<std::string> &manifest) {
                          if (!manifest) {
                              Q_EMIT noticed(models::sentence(manifest.error().text()));
                              return;
                          }
                          QApplication::clipboard()->setText(models::text(*manifest));
                          Q_EMIT noticed(tr("Copied the manifest of %1; values of Secrets are masked.").arg(name));
                      });
}

void ActionMenu::say(const QString &text)
{
    clear();
    addAction(text)->setEnabled(false);
    addCopies();
}

} // namespace tiphys::ui
